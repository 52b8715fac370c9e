/**
 * The panel in company: a while after each sync it looks whether enough witnesses stand behind the log, cosigns what it
 * believes, and compares with what other panels cosigned. Apart from sync, which none of it may slow down.
 */
import type { LogWitnesses } from '../../shared/api.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { type Policy, parsePolicy } from '../../shared/log/policy.ts'
import type { Client } from '../api/client.ts'
import { FailureError } from '../api/failure.ts'
import type { Cosigner, SeenCheckpoint, WitnessRecord, WitnessStore } from '../cache/witness-record.ts'
import { Misbehaviour } from './checkpoint-check.ts'
import { type Compared, comparePanels } from './compare-panels.ts'
import { cosignSeen, keyOf, ownCosigner } from './cosign.ts'
import { readQuorum } from './quorum.ts'
import type { Witness } from './witness.ts'

/** How the log is witnessed as far as the server tells. */
export interface CompanyNews extends Pick<LogWitnesses, 'witnesses' | 'witnessing' | 'panelsTotal'> {
  /** This panel's own verifier key; null where it does not cosign. */
  ownKey: string | null
}

export interface CompanyOptions {
  client: Pick<Client, 'cosign' | 'cosignedCheckpoint' | 'logWitnesses'>
  witness: Witness
  store: WitnessStore
  server: string
  hasher: Hasher
  crypto: Crypto
  /** The trust policy of this browser's administrator, whose quorum is asked for. */
  quorum: string | null
  now(): number
  onRecord(record: WitnessRecord): void
  onNews(news: CompanyNews): void
  /** The server was caught: sync should look at once. */
  onCaught(): void
  /** A defect of ours. */
  onError(error: unknown): void
}

/** Between rounds, however fast the log grows. */
const pauseMs = 10_000
/** Between looks at what others cosigned, however much happens. */
const meetPauseMs = 60_000
/** After growth the server's witnesses need a moment. */
const quorumComesMs = 15_000
/** The log is shown meanwhile; only the word that it is live comes later. */
const joinMs = 3_000

export type Company = ReturnType<typeof createCompany>

export function createCompany(options: CompanyOptions, signal: AbortSignal) {
  const { store, witness, now } = options
  const asked = options.quorum === null ? null : { text: options.quorum, policy: parsePolicy(options.quorum) }
  const compared: Compared = new Set()
  let timer: { at: number; id: ReturnType<typeof setTimeout> } | null = null
  let running: Promise<void> | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  let metAt = Number.NEGATIVE_INFINITY
  let since: string | undefined
  let isRegistered = false
  /** The size for which the quorum was looked at a second time. */
  let lookedTwiceAt = -1

  function plan(ms: number): void {
    const at = Math.max(now() + ms, lastAt + pauseMs)
    if (signal.aborted || (timer && timer.at <= at)) return
    clearTimeout(timer?.id)
    timer = { at, id: setTimeout(run, at - now()) }
  }

  function run(): void {
    timer = null
    if (running || signal.aborted) return
    lastAt = now()
    running = round()
      .then(again => {
        if (again !== null) plan(again)
      })
      .catch(error => {
        if (!signal.aborted) report(error)
      })
      .finally(() => {
        running = null
      })
  }

  /** Who is away or refuses is asked again after the next sync. */
  function report(error: unknown): void {
    if (!(error instanceof FailureError)) options.onError(error)
    else if (error.failure.kind === 'misbehaved') options.onCaught()
  }

  /** Answers after how long it should be done again; null: when something happens. */
  async function round(): Promise<number | null> {
    const before = await believed()
    if (!before) return null
    const quorumIn = asked ? await lookAtQuorum(asked, before) : null
    const meetIn = metAt + meetPauseMs - now()
    const cosigner = await ownCosigner(options, before.pinned.origin)
    if (meetIn > 0) {
      const isTold = !cosigner || cosigner.cosigned?.size === before.seen.size
      return soonest(quorumIn, isTold ? null : meetIn)
    }
    metAt = now()
    await meetOthers(before, cosigner)
    return quorumIn
  }

  async function believed() {
    const record = await store.read()
    return record?.seen && !record.alarm ? { ...record, seen: record.seen } : null
  }

  async function lookAtQuorum(
    { text, policy }: { text: string; policy: Policy },
    record: WitnessRecord & { seen: SeenCheckpoint },
  ): Promise<number | null> {
    const quorum = await accusing(() =>
      readQuorum(
        { ...options, policy, ask: (from, to) => witness.askProof(from, to, signal) },
        record,
        signal,
      ),
    )
    const after = await store.change(found =>
      found && found.pinned.log === record.pinned.log
        ? { ...found, quorum: { ...quorum, policy: text } }
        : null,
    )
    if (after) options.onRecord(after)
    const { size } = record.seen
    if ((quorum.isMet && quorum.checkpoint.size >= size) || lookedTwiceAt === size) return null
    lookedTwiceAt = size
    return quorumComesMs
  }

  async function meetOthers(
    record: WitnessRecord & { seen: SeenCheckpoint },
    cosigner: Cosigner | null,
  ): Promise<void> {
    const ownKey = cosigner && keyOf(cosigner)
    // A server that will not take it is looked at all the more.
    if (cosigner) {
      const isTaken = await cosignSeen(options, cosigner, record.seen, signal).catch(unlessRefused)
      isRegistered ||= isTaken === true && cosigner.sentAt === null
    }
    const { panels, ...told } = await options.client.logWitnesses(since, signal)
    const { witnesses, witnessing, panelsTotal } = told
    options.onNews({ witnesses, witnessing, panelsTotal, ownKey })
    const others = panels.filter(({ key }) => key !== ownKey)
    await accusing(() =>
      comparePanels(
        {
          hasher: options.hasher,
          ask: (from, to) => witness.askProof(from, to, signal),
          check: () => witness.check(signal),
        },
        record.pinned,
        record.seen,
        others,
        compared,
      ),
    )
    for (const { at } of panels) if (since === undefined || at > since) since = at
  }

  /** What is proven against the server is written down with its evidence. */
  async function accusing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw error instanceof Misbehaviour ? await witness.accuse(error) : error
    }
  }

  signal.addEventListener('abort', () => clearTimeout(timer?.id))
  return {
    /** Sync has caught up with the log. */
    notice: () => plan(0),
    /**
     * The first round, waited for a little while. True where the server was told of this panel's key for the first time:
     * then there is an event of it in the log.
     */
    async join(): Promise<boolean> {
      if (lastAt !== Number.NEGATIVE_INFINITY) return false
      run()
      let id: ReturnType<typeof setTimeout> | undefined
      const patience = new Promise(resolve => {
        id = setTimeout(resolve, joinMs)
      })
      await Promise.race([running, patience])
      clearTimeout(id)
      return isRegistered
    },
    /** Resolves when no round is under way. */
    idle: async () => void (await running),
  }
}

function unlessRefused(error: unknown): false {
  if (error instanceof FailureError && error.failure.kind === 'refused') return false
  throw error
}

function soonest(...waits: (number | null)[]): number | null {
  const known = waits.filter(ms => ms !== null)
  return known.length > 0 ? Math.min(...known) : null
}
