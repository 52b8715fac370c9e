/** The sources of a workspace: set up, tested, paused and removed by people, pulled by loops, and honest about how they stand. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { ProblemError } from '../../shared/problem.ts'
import type {
  NewSource,
  Source,
  SourceChange,
  SourceKind,
  SourceStatus,
  SourceTest,
  Trouble,
} from '../../shared/sources.ts'
import { formatMoment } from '../../shared/time.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import { createQueue } from '../access/core.ts'
import type { RecordEvent } from '../access/journal.ts'
import type { ImportSink } from '../intake/import.ts'
import { type Connection, createConnection } from './connection.ts'
import { sourceTarget } from './feed-events.ts'
import { createFeedJournal, type FeedJournal } from './feed-journal.ts'
import { Namer } from './names.ts'
import { Pull, readPlace, writePlace } from './pull.ts'
import {
  checkSettings,
  eventSourceOf,
  refusal,
  type SourceRow,
  seal,
  unseal,
  withoutPassword,
} from './settings.ts'
import { changesBetween, settingsChanges } from './source-changes.ts'
import { runLoop, type SourceLoop } from './source-loop.ts'
import { settingsOf, statusOf } from './status.ts'
import { type FeedDatabase, migrateFeed } from './tables.ts'
import { testSource } from './test-source.ts'
import type { OpenTransport } from './transport.ts'
import { troubleOf } from './trouble.ts'

export interface Feed {
  /** How each source stands, without its settings. */
  status(): Promise<SourceStatus[]>
  list(): Promise<Source[]>
  /** @throws {ProblemError} malformed, conflict */
  add(input: NewSource, by: By): Promise<Source>
  /** @throws {ProblemError} not_found, malformed, conflict */
  change(id: string, change: SourceChange, by: By): Promise<Source>
  /** Its entries stay in the log. */
  remove(id: string, by: By): Promise<void>
  pause(id: string, by: By): Promise<Source>
  resume(id: string, by: By): Promise<Source>
  /** Asks now, whatever it waits for. */
  runNow(id: string): Promise<Source>
  test(input: NewSource): Promise<SourceTest>
  /** One that is there, with changes not yet made. */
  testChanged(id: string, change: SourceChange): Promise<SourceTest>
  /** Sets up what the file on the server names, and removes what it names no more. */
  applyFile(sources: readonly NewSource[], by: By): Promise<void>
  /** Begins to pull. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface FeedOptions {
  database: FeedDatabase
  secret: string
  sink: ImportSink
  record: RecordEvent
  logger: { error(fields: object, message: string): void }
  openTransport: OpenTransport
  clock: () => number
  random: () => number
}

export async function openFeed(options: FeedOptions): Promise<Feed> {
  await migrateFeed(options.database)
  const journal = createFeedJournal(options.database, options.record, options.logger)
  await journal.deliver()
  return new PulledFeed(options, journal)
}

interface Running {
  loop: SourceLoop
  connection: Connection
}

class PulledFeed implements Feed {
  readonly #options: FeedOptions
  readonly #journal: FeedJournal
  readonly #exclusively = createQueue()
  readonly #running = new Map<string, Running>()
  #isStarted = false

  constructor(options: FeedOptions, journal: FeedJournal) {
    this.#options = options
    this.#journal = journal
  }

  async status(): Promise<SourceStatus[]> {
    return (await this.list()).map(({ settings: _, ...status }) => status)
  }

  async list(): Promise<Source[]> {
    const rows = await this.#rows()
    return Promise.all(rows.map(row => this.#sourceOf(row)))
  }

  add(input: NewSource, by: By): Promise<Source> {
    return this.#exclusively(() => this.#add(input, by, false))
  }

  change(id: string, change: SourceChange, by: By): Promise<Source> {
    return this.#exclusively(async () => {
      const before = await this.#row(id)
      refuseFromFile(before)
      return this.#change(before, change, by)
    })
  }

  remove(id: string, by: By): Promise<void> {
    return this.#exclusively(async () => {
      const row = await this.#row(id)
      refuseFromFile(row)
      await this.#remove(row, by)
    })
  }

  pause(id: string, by: By): Promise<Source> {
    return this.#setPaused(id, true, by)
  }

  resume(id: string, by: By): Promise<Source> {
    return this.#setPaused(id, false, by)
  }

  async runNow(id: string): Promise<Source> {
    return this.#exclusively(async () => {
      const row = await this.#row(id)
      if (row.paused) throw new ProblemError('conflict', `${row.name} is paused. Resume it first.`)
      await this.#stop(id)
      const place = await readPlace(this.#options.database, id)
      await writePlace(this.#options.database, id, { ...place, notBefore: 0, followAt: 0 })
      this.#run(row)
      return this.#sourceOf(row)
    })
  }

  test(input: NewSource): Promise<SourceTest> {
    const { key, ...settings } = checkSettings(input)
    return testSource({ ...settings, key }, this.#options)
  }

  async testChanged(id: string, change: SourceChange): Promise<SourceTest> {
    const before = await this.#row(id)
    const { row, secrets } = this.#changed(before, change)
    return testSource({ ...row, kind: row.kind as SourceKind, ...secrets }, this.#options)
  }

  applyFile(sources: readonly NewSource[], by: By): Promise<void> {
    return this.#exclusively(async () => {
      const present = (await this.#rows()).filter(row => row.fromFile === 1)
      for (const row of present)
        if (!sources.some(({ name }) => name === row.name)) await this.#remove(row, by)
      for (const source of sources) {
        const row = present.find(({ name }) => name === source.name)
        if (!row) await this.#add(source, by, true)
        else if (row.kind !== source.kind || row.startDate !== source.startDate) {
          await this.#remove(row, by)
          await this.#add(source, by, true)
        } else await this.#change(row, source, by)
      }
    })
  }

  async start(): Promise<void> {
    this.#isStarted = true
    for (const row of await this.#rows()) this.#run(row)
  }

  async close(): Promise<void> {
    this.#isStarted = false
    await Promise.all([...this.#running.keys()].map(id => this.#stop(id)))
  }

  async #add(input: NewSource, by: By, fromFile: boolean): Promise<Source> {
    const { secret, clock } = this.#options
    const { key, ...settings } = checkSettings(input)
    const others = await this.#rows()
    refuseSame(settings, others)
    const id = randomUUID()
    const row: SourceRow = {
      ...settings,
      id,
      proxy: withoutPassword(settings.proxy),
      sealedKey: seal(secret, { id, baseUrl: settings.baseUrl }, { key, proxy: settings.proxy }),
      eventSource: eventSourceOf(settings.kind, settings.baseUrl, others),
      fromFile: Number(fromFile),
      paused: 0,
      createdAt: formatMoment(clock()),
    }
    const changes = settingsChanges(row)
    await this.#tell('source.added', row, by, changes, trx => trx.insertInto('source').values(row).execute())
    this.#run(row)
    return this.#sourceOf(row)
  }

  async #change(before: SourceRow, change: SourceChange, by: By): Promise<Source> {
    const { secret } = this.#options
    const { row, secrets, isNewKey } = this.#changed(before, change)
    refuseSame(
      { ...row, kind: row.kind as SourceKind },
      (await this.#rows()).filter(({ id }) => id !== row.id),
    )
    const changes = changesBetween(before, row, isNewKey)
    if (changes.length === 0) return this.#sourceOf(before)
    const kept = { ...row, sealedKey: seal(secret, row, secrets) }
    await this.#stop(row.id)
    await this.#tell('source.updated', row, by, changes, trx =>
      trx.updateTable('source').set(kept).where('id', '=', row.id).execute(),
    )
    // What was wrong may be right now: it is asked at once.
    const place = await readPlace(this.#options.database, row.id)
    await writePlace(this.#options.database, row.id, { ...place, notBefore: 0 })
    this.#run(kept)
    return this.#sourceOf(kept)
  }

  /** @throws {ProblemError} malformed where the key would go elsewhere and was not entered again */
  #changed(before: SourceRow, { key, ...change }: SourceChange) {
    const kind = before.kind as SourceKind
    // A proxy that comes back as it was shown is the one that is there, password and all.
    const isSameProxy = change.proxy === undefined || change.proxy === before.proxy
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const settings = checkSettings({
      ...before,
      ...(given as Partial<SourceRow>),
      kind,
      startDate: before.startDate,
    })
    const row: SourceRow = { ...settings, proxy: withoutPassword(settings.proxy) }
    const movesKey =
      new URL(row.baseUrl).origin !== new URL(before.baseUrl).origin ||
      !isSameProxy ||
      row.userId !== before.userId ||
      row.certificateAuthority !== before.certificateAuthority
    if (key === undefined && movesKey)
      throw refusal('key', 'must be entered again when address, proxy, certificates or user id change')
    const old = key === undefined || isSameProxy ? this.#secretsOf(before, key !== undefined) : null
    const secrets = { key: key ?? old!.key, proxy: isSameProxy ? (old?.proxy ?? null) : settings.proxy }
    return { row, secrets, isNewKey: key !== undefined && key !== old?.key }
  }

  /** Where the old key does not open any more, a new one is all that is needed. */
  #secretsOf(row: SourceRow, mayBeLost: boolean) {
    try {
      return unseal(this.#options.secret, row)
    } catch (error) {
      if (mayBeLost) return null
      throw refusal('key', `must be entered again: ${(error as Error).message}`)
    }
  }

  #setPaused(id: string, paused: boolean, by: By): Promise<Source> {
    return this.#exclusively(async () => {
      const before = await this.#row(id)
      const row = { ...before, paused: Number(paused) }
      if (row.paused !== before.paused) {
        await this.#stop(id)
        await this.#tell(paused ? 'source.paused' : 'source.resumed', row, by, [], trx =>
          trx.updateTable('source').set({ paused: row.paused }).where('id', '=', id).execute(),
        )
        this.#run(row)
      }
      return this.#sourceOf(row)
    })
  }

  async #remove(row: SourceRow, by: By): Promise<void> {
    await this.#stop(row.id)
    await this.#tell('source.removed', row, by, [], trx =>
      trx.deleteFrom('source').where('id', '=', row.id).execute(),
    )
  }

  /** The change and the event that tells of it, both or neither. */
  async #tell(
    action: string,
    row: SourceRow,
    by: By,
    changes: ReturnType<typeof settingsChanges>,
    work: (trx: FeedDatabase) => Promise<unknown>,
  ): Promise<void> {
    const { database, clock } = this.#options
    await database.transaction().execute(async trx => {
      await work(trx)
      await this.#journal.keep(trx, [eventBy(action, by, clock(), { targets: [sourceTarget(row)], changes })])
    })
    await this.#journal.deliver()
  }

  #run(row: SourceRow): void {
    if (!this.#isStarted || row.paused) return
    const { logger, database: db, clock, random, sink } = this.#options
    const connection = createConnection(row, this.#options)
    const startMs = row.startDate === null ? null : Date.parse(row.startDate)
    const { id, name, eventSource } = row
    const kind = row.kind as SourceKind
    const journal = this.#journal
    const namer = new Namer({
      sourceId: id,
      eventSource,
      paths: { user: row.usersPath, target: row.targetsPath },
      ask: connection.askJson,
      ...{ db, journal, clock },
    })
    const pull = new Pull({
      source: { id, name, kind, eventSource, intervalMs: row.intervalSeconds * 1000, startMs },
      ask: connection.askPage,
      nameIt: events => namer.name(events),
      ...{ sink, db, journal, clock, random },
    })
    const loop = runLoop(
      () => pull.step(),
      err => logger.error({ err, source: id }, 'a source could not be pulled'),
    )
    this.#running.set(id, { loop, connection })
  }

  async #stop(id: string): Promise<void> {
    const running = this.#running.get(id)
    this.#running.delete(id)
    const stopped = running?.loop.stop()
    await running?.connection.close()
    await stopped
  }

  async #sourceOf(row: SourceRow): Promise<Source> {
    const { database: db, clock } = this.#options
    const place = await readPlace(db, row.id)
    const unreadable = await unreadableOf(db, row.id)
    return {
      ...statusOf({ row, place, unreadable }, clock()),
      settings: settingsOf(row, await namesTroubleOf(db, row)),
    }
  }

  #rows(): Promise<SourceRow[]> {
    return this.#options.database
      .selectFrom('source')
      .selectAll()
      .orderBy('createdAt')
      .orderBy('id')
      .execute()
  }

  async #row(id: string): Promise<SourceRow> {
    const row = await this.#options.database
      .selectFrom('source')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw new ProblemError('not_found', 'There is no such source.')
    return row
  }
}

/** Of the lists that are asked at all. */
async function namesTroubleOf(db: FeedDatabase, row: SourceRow): Promise<Trouble | null> {
  const asked = [row.usersPath && 'user', row.targetsPath && 'target'].filter(kind => kind !== null)
  const lists = await db
    .selectFrom('nameList')
    .select('trouble')
    .where('sourceId', '=', row.id)
    .where('kind', 'in', [...asked, 'none'])
    .where('trouble', 'is not', null)
    .execute()
  return lists[0] ? troubleOf(JSON.parse(lists[0].trouble!)) : null
}

async function unreadableOf(db: FeedDatabase, sourceId: string) {
  const row = await db
    .selectFrom('unreadable')
    .select([sql<number>`count(*)`.as('count'), sql<string | null>`min(path || ' ' || reason)`.as('reason')])
    .where('sourceId', '=', sourceId)
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), reason: row.reason }
}

function refuseSame(
  { kind, baseUrl, name }: { kind: SourceKind; baseUrl: string; name: string },
  others: SourceRow[],
) {
  const same = others.find(other => other.kind === kind && other.baseUrl === baseUrl)
  if (same) throw new ProblemError('conflict', `${same.name} is fed from there already.`)
  if (others.some(other => other.name === name))
    throw new ProblemError('conflict', `There is a source ${name} already.`)
}

function refuseFromFile({ fromFile, name }: SourceRow): void {
  if (fromFile === 1)
    throw new ProblemError(
      'conflict',
      `${name} is set up by a file on the server. Change it there, and start again.`,
    )
}
