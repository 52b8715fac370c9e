/** A worker stand-in: the typed protocol over the real event index, with every way to go wrong at hand. */

import { FailureError } from '../../../extension/api/failure.ts'
import type { CommandName, LogClient, NewsName } from '../../../extension/worker/log-client.ts'
import { overviewOf, sparklinesOf } from '../../../extension/worker/overview.ts'
import type {
  EvidenceFinding,
  Failure,
  SyncStatus,
  TimeGap,
  View,
  WorkerCommands,
  WorkerNews,
  WorkerSession,
} from '../../../extension/worker/protocol.ts'
import type { AuditEvent } from '../../../shared/audit-event.ts'
import { EventIndex } from '../../../shared/event-index/event-index.ts'
import { ExportFinding } from '../../../shared/export/finding.ts'
import { failedReport } from '../../../shared/export/verify.ts'
import type { Filter } from '../../../shared/filter.ts'
import { formatMoment } from '../../../shared/time.ts'

const scope = { personal: true }

const sampleProof = {
  ...{ index: 0, size: 500, signedAt: '2026-11-24T13:42:00.000Z' },
  ...{ leafHash: 'ab'.repeat(32), path: ['cd'.repeat(32), 'ef'.repeat(32)] },
  evidence: 'c2sp.org/tlog-proof@v1\nindex 0\n',
}

export class FakeLog implements LogClient {
  readonly index = new EventIndex()
  readonly events: AuditEvent[] = []
  readonly calls: { name: CommandName; args: unknown[] }[] = []
  /** A command named here fails so. */
  readonly failures = new Map<CommandName, Failure>()
  /** Each answer waits so long; null answers in a microtask. */
  delayMs: number | null = null
  session: WorkerSession | null = null
  exact = true
  /** Where entries are missing. */
  gaps: TimeGap[] = []
  /** What files turn out to be. */
  report = failedReport(null, new ExportFinding('malformed', { file: 'x' }, 'no zip'))
  finding: EvidenceFinding = { holds: false, reason: 'malformed', detail: 'not a receipt' }
  status: SyncStatus = {
    phase: 'live',
    size: 0,
    held: 0,
    removed: 0,
    complete: true,
    lastContact: '2026-11-24T13:42:00.000Z',
    clockOffsetMs: 0,
    damaged: 0,
    failure: null,
    trust: null,
    company: null,
  }
  readonly #listeners = new Map<NewsName, Set<(value: never) => void>>()

  constructor(events: AuditEvent[] = []) {
    this.add(events)
  }

  /** Takes events in without telling anyone. */
  add(events: AuditEvent[]): void {
    for (const event of events) this.events.push(event)
    this.index.append(events)
    this.status = { ...this.status, size: this.events.length, held: this.events.length }
  }

  /** Events arrive while the panel looks. */
  arrive(events: AuditEvent[]): void {
    this.add(events)
    this.tell('status', this.status)
    this.tell('arrived', { size: this.events.length, held: this.events.length })
  }

  /** The log forgets something: these events read otherwise from now on. */
  rewrite(events: AuditEvent[]): void {
    for (const event of events)
      this.events[this.events.findIndex(({ index }) => index === event.index)] = event
    this.index.replace(events)
    this.tell('forgotten', null)
  }

  setStatus(change: Partial<SyncStatus>): void {
    this.status = { ...this.status, ...change }
    this.tell('status', this.status)
  }

  tell<Name extends NewsName>(name: Name, value: WorkerNews[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(value as never)
  }

  on<Name extends NewsName>(name: Name, listener: (value: WorkerNews[Name]) => void): () => void {
    const heard = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, heard.add(listener as (value: never) => void))
    return () => heard.delete(listener as (value: never) => void)
  }

  async call<Name extends CommandName>(
    name: Name,
    ...args: Parameters<WorkerCommands[Name]>
  ): Promise<ReturnType<WorkerCommands[Name]>> {
    this.calls.push({ name, args })
    if (this.delayMs !== null) await new Promise(done => setTimeout(done, this.delayMs ?? 0))
    const failure = this.failures.get(name)
    if (failure) throw new FailureError(failure)
    const command = this.#commands[name] as (...args: unknown[]) => unknown
    return (await command(...args)) as ReturnType<WorkerCommands[Name]>
  }

  close(): void {
    this.#listeners.clear()
  }

  get #answer() {
    return { exact: this.exact, source: 'local' as const }
  }

  readonly #commands: {
    [Name in CommandName]: (
      ...args: Parameters<WorkerCommands[Name]>
    ) => ReturnType<WorkerCommands[Name]> | Promise<ReturnType<WorkerCommands[Name]>>
  } = {
    open: session => {
      this.session = session
      return this.status
    },
    renew: () => {},
    close: () => {
      this.session = null
    },
    syncNow: () => {},
    lookAgain: () => {},
    acceptLog: () => {},
    prove: index => ({ ...sampleProof, index }),
    verifyEvidence: () => this.finding,
    rows: ({ filter, size }, { offset, limit }) => {
      const { indexes } = this.index.pageAt(filter, scope, { offset, limit, size })
      const total = this.index.total(filter, scope, { size })
      return { ...this.#answer, rows: this.index.rows(indexes, scope), total }
    },
    total: view => ({ ...this.#answer, total: this.#total(view) }),
    facets: ({ filter, size }, { fields, limit, search }) => ({
      ...this.#answer,
      size,
      facets: this.index.facets(filter, scope, { fields, limit, search, size }),
    }),
    histogram: ({ filter, size }, { starts, end }) => ({
      ...this.#answer,
      size,
      starts: starts.map(formatMoment),
      end: formatMoment(end),
      counts: this.index.histogram(filter, scope, { starts, end, size }),
    }),
    overview: (view, request) => {
      const overview = overviewOf(this.index, scope, view, request)
      return overview && { ...overview, ...this.#answer, gaps: this.gaps }
    },
    wholeOverview: (view, request) => {
      const overview = overviewOf(this.index, scope, view, request)
      return overview && { ...overview, gaps: [], exact: true, source: 'server' }
    },
    sparklines: (view, request) => ({
      counts: sparklinesOf(this.index, scope, view, request),
      exact: this.exact,
    }),
    event: index => this.events.find(event => event.index === index) ?? null,
    arrivedSince: (filter, from) => {
      const size = this.events.length
      return { count: this.#total({ filter, size }) - this.#total({ filter, size: from }), size }
    },
    timeRange: ({ filter, size }) => this.#timeRange(filter, size),
    export: async (id, request) => {
      const rowsTotal = this.#total(request)
      const progress = { id, rowsTotal, failure: null }
      this.tell('exportProgress', { ...progress, state: 'running', rowsDone: Math.floor(rowsTotal * 0.6) })
      if (this.delayMs !== null) await new Promise(done => setTimeout(done, (this.delayMs ?? 0) * 10))
      const parts = Math.ceil(rowsTotal / request.rowsPerFile)
      const name = parts > 1 ? 'audit-log.zip' : `audit-log.${request.format}`
      return { name, blob: new Blob(['made']), rows: rowsTotal, parts }
    },
    cancelExport: () => {},
    verifyFiles: () => this.report,
  }

  #total({ filter, size }: View): number {
    return this.index.total(filter, scope, { size })
  }

  #timeRange(filter: Filter, size: number): { first: string; last: string } | null {
    const total = this.#total({ filter, size })
    if (total === 0) return null
    const at = (offset: number) => {
      const { indexes } = this.index.pageAt(filter, scope, { offset, limit: 1, size })
      return formatMoment(this.index.rows(indexes, scope)[0]!.occurredAt)
    }
    return { first: at(total - 1), last: at(0) }
  }
}
