/** A log in memory that is fed from a stand-in, with time of its own: hours pass as fast as their requests are made. */

import { askPage } from '../../../server/feed/ask.ts'
import { createFeedJournal } from '../../../server/feed/feed-journal.ts'
import type { Place } from '../../../server/feed/place.ts'
import { Pull, type PulledSource, type PullParts, readPlace } from '../../../server/feed/pull.ts'
import { type FeedDatabase, type FeedTables, migrateFeed } from '../../../server/feed/tables.ts'
import type { ImportSink } from '../../../server/intake/import.ts'
import { createLogSink } from '../../../server/intake/log-sink.ts'
import { createNormalise } from '../../../server/intake/normalise.ts'
import { createRecorder } from '../../../server/log/recorder.ts'
import { openDatabase } from '../../../server/store/sqlite/database.ts'
import { kyselyOver } from '../../../server/store/sqlite/kysely-dialect.ts'
import { openTestLog, type TestLog, testOrg } from '../test-log.ts'
import { inProcess } from './in-process.ts'
import { createStandIn, enterpriseUser, platformKey, type StandIn, type StandInOptions } from './stand-in.ts'

export interface FedLog {
  log: TestLog
  platform: StandIn
  db: FeedDatabase
  /** One step; answers how long until the next. */
  step(): Promise<number>
  /** As after a kill: nothing is known but what was kept. */
  startAgain(): void
  /** Lets so much time pass, with every step that falls due; `each` after every one. */
  pass(ms: number, each?: () => void): Promise<void>
  place(): Promise<Place>
  /** Ids in the log of the platform's entries, in log order; and the actions of our own events. */
  ids(): Promise<string[]>
  told(): Promise<string[]>
  close(): Promise<void>
}

export interface FedLogOptions extends Partial<Omit<StandInOptions, 'clock'>> {
  source?: Partial<PulledSource>
  random?: () => number
  /** Puts itself between, to break things. */
  wrapSink?: (sink: ImportSink) => ImportSink
  wrapAsk?: (ask: PullParts['ask']) => PullParts['ask']
  /** Called within the transaction that keeps the place. */
  wrapKeep?: () => void
}

export async function openFedLog(options: FedLogOptions = {}): Promise<FedLog> {
  const log = await openTestLog()
  const { clock } = log
  const random = options.random ?? (() => 0.5)
  const platform = createStandIn({ ...options, clock: () => clock.now, random })
  const db = kyselyOver<FeedTables>(openDatabase(':memory:'))
  await migrateFeed(db)
  const source: PulledSource = {
    id: 'source-1',
    name: 'Platform',
    kind: 'invicti-platform',
    eventSource: 'invicti-platform',
    intervalMs: 60_000,
    startMs: null,
    ...options.source,
  }
  await insertSource(db, source)
  const normalise = createNormalise(new Uint8Array(32))
  const recorder = createRecorder({ writer: log.writer, normalise, clock: () => clock.now })
  const journal = createFeedJournal(db, async event => void (await recorder.record(event)), { error() {} })
  const isEnterprise = source.kind === 'invicti-enterprise'
  const asked = {
    kind: source.kind,
    baseUrl: 'https://platform.example',
    isProxied: false,
    credentials: isEnterprise
      ? { key: enterpriseUser.token, userId: enterpriseUser.id }
      : { key: platformKey, userId: null },
  }
  const transport = inProcess(platform)
  const ask: PullParts['ask'] = request => askPage(asked, transport, request)
  const sink = createLogSink(events => log.writer.append(events), normalise)
  const makePull = () =>
    new Pull({
      source,
      ask: options.wrapAsk?.(ask) ?? ask,
      sink: options.wrapSink?.(sink) ?? sink,
      nameIt: async events => events,
      db,
      journal: {
        ...journal,
        async keep(trx, events) {
          await journal.keep(trx, events)
          options.wrapKeep?.()
        },
      },
      clock: () => clock.now,
      random,
    })
  let pull = makePull()
  const openEntries = async () =>
    (await log.store.entries(testOrg, 0, log.writer.size)).map(({ open }) => open as Record<string, string>)
  return {
    log,
    platform,
    db,
    step: () => pull.step(),
    startAgain() {
      pull = makePull()
    },
    async pass(ms, each = () => {}) {
      const end = clock.now + ms
      while (clock.now < end) {
        const wait = await pull.step()
        // A request takes its time too.
        clock.now = Math.min(end, clock.now + Math.max(wait, 20))
        each()
      }
    },
    place: () => readPlace(db, source.id),
    ids: async () =>
      (await openEntries()).filter(open => open.source === source.eventSource).map(open => open.id!),
    told: async () =>
      (await openEntries()).filter(open => open.source === 'trailside').map(open => open.action!),
    async close() {
      await db.destroy()
      await log.close()
    },
  }
}

async function insertSource(db: FeedDatabase, { id, name, kind, eventSource, intervalMs }: PulledSource) {
  const nothing = {
    userId: null,
    startDate: null,
    certificateAuthority: null,
    proxy: null,
    usersPath: null,
    targetsPath: null,
  }
  await db
    .insertInto('source')
    .values({
      ...nothing,
      ...{ id, name, kind, eventSource },
      baseUrl: 'https://platform.example',
      sealedKey: '',
      intervalSeconds: intervalMs / 1000,
      fromFile: 0,
      paused: 0,
      createdAt: '2026-03-01T12:00:00.000Z',
    })
    .execute()
}
