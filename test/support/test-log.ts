/** A log in memory with everything fixed that would differ from run to run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IncomingEvent } from '../../server/log/batch.ts'
import { type LogKey, openLogKey } from '../../server/log/log-key.ts'
import { type LogWriter, openLogWriter } from '../../server/log/writer.ts'
import type { LogStore } from '../../server/store/log-store.ts'
import { type Database, openDatabase } from '../../server/store/sqlite/database.ts'
import { openSqliteLogStore } from '../../server/store/sqlite/log-store.ts'
import { ownSource } from '../../shared/audit-event.ts'
import { type EpochFacts, epochMetadata, nextEpoch } from '../../shared/log/epoch.ts'
import { epochAction, rotationAction, rotationMetadata } from '../../shared/log/key-transition.ts'

export const testOrg = 'acme'
export const testStart = Date.parse('2026-03-01T12:00:00.000Z')

export interface TestLog {
  database: Database
  store: LogStore
  key: LogKey
  /** Where its key file is, for a log whose keys are to change; it goes with `close`. Null for others. */
  keyPath: string | null
  writer: LogWriter
  /** Settable. */
  clock: { now: number }
  /** What the writer's timer would do. */
  tick(): void
  errors: unknown[]
  close(): Promise<void>
}

interface TestLogOptions {
  database?: Database
  key?: LogKey
  keepKeyFile?: boolean
  /** Puts itself between writer and store, to make it fail. */
  wrap?: (store: LogStore) => LogStore
}

export async function openTestLog(options: TestLogOptions = {}): Promise<TestLog> {
  const database = options.database ?? openDatabase(':memory:')
  const clock = { now: testStart }
  const store = openSqliteLogStore(database)
  const file = options.key ? null : await createTestKeyFile(() => clock.now)
  if (!options.keepKeyFile) file?.remove()
  const key = options.key ?? file!.key
  const errors: unknown[] = []
  let tick = () => {}
  const writer = await openLogWriter({
    org: testOrg,
    store: options.wrap?.(store) ?? store,
    key,
    clock: () => clock.now,
    randomBytes: countingBytes(),
    every(_ms, callback) {
      tick = callback
      return () => {
        tick = () => {}
      }
    },
    onError: error => errors.push(error),
  })
  return {
    database,
    store,
    key,
    keyPath: options.keepKeyFile && file ? file.path : null,
    writer,
    clock,
    tick: () => tick(),
    errors,
    async close() {
      await writer.close()
      database.close()
      file?.remove()
    },
  }
}

/** The log, as if it had been restored, goes on under the next origin; `change` falsifies what it says of that. */
export async function beginTestEpoch(
  log: TestLog,
  seed: number,
  change: { facts?: Partial<EpochFacts>; origin?: string } = {},
): Promise<LogKey> {
  const before = log.writer.keys
  const next = await createTestKey(() => log.clock.now, seed, change.origin ?? nextEpoch(before.origin))
  const note = (await log.store.state(testOrg)).checkpoint!
  const after = { origin: next.origin, ...next.verifierKeys }
  const facts = { note, before, after, reason: 'the disk failed', restoredAt: '2026-03-02T08:00:00.000Z' }
  const metadata = epochMetadata({ ...facts, ...change.facts })
  const told = { source: ownSource, action: epochAction, area: 'audit-log', metadata }
  await log.writer.rotateKey(testEvent(`epoch-${seed}`, told), next)
  return next
}

export async function createTestKey(
  clock: () => number = () => testStart,
  seed = 0,
  origin = `trailside.local/${testOrg}`,
): Promise<LogKey> {
  const { key, remove } = await createTestKeyFile(clock, seed, origin)
  remove()
  return key
}

async function createTestKeyFile(
  clock: () => number,
  seed = 0,
  origin = `trailside.local/${testOrg}`,
): Promise<{ key: LogKey; path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'trailside-key-'))
  const path = join(folder, 'log-key')
  const key = await openLogKey({ path, origin, mayCreate: true, clock, randomBytes: countingBytes(seed) })
  return { key, path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The log changes to the key of this seed, as its own event tells. Answers the key. */
export async function rotateTestKey(log: TestLog, seed: number): Promise<LogKey> {
  const before = log.writer.keys
  const next = await createTestKey(() => log.clock.now, seed, before.origin)
  const metadata = rotationMetadata(before, { origin: next.origin, ...next.verifierKeys })
  const told = { source: ownSource, action: rotationAction, area: 'audit-log', metadata }
  await log.writer.rotateKey(testEvent(`rotation-${seed}`, told), next)
  return next
}

/** Never the same twice, and always the same in the next run. */
function countingBytes(seed = 0): (length: number) => Uint8Array {
  let count = seed
  return length => {
    const bytes = new Uint8Array(length)
    const view = new DataView(bytes.buffer)
    for (let at = 0; at + 4 <= length; at += 4) view.setUint32(at, ++count)
    return bytes
  }
}

export function testEvent(id: string | number, changes: Partial<IncomingEvent> = {}): IncomingEvent {
  return {
    id: String(id),
    source: 'test',
    occurredAt: '2026-03-01T10:00:00.000Z',
    action: 'scan.started',
    area: 'scans',
    actor: { type: 'user', id: 'u-1', name: 'Zoë', email: 'zoe@example.com', onBehalfOf: null },
    targets: [{ type: 'target', id: 't-1', name: 'shop' }],
    outcome: 'success',
    changes: [{ field: 'state', before: null, after: 'running' }],
    context: {
      ip: '192.0.2.7',
      userAgent: 'curl',
      channel: 'api',
      requestId: 'r-1',
      sessionId: null,
      location: null,
    },
    metadata: { scan: 7 },
    ...changes,
  }
}

export function testEvents(from: number, to: number): IncomingEvent[] {
  return Array.from({ length: to - from }, (_, i) => testEvent(from + i))
}
