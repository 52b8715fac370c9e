import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesEqual } from '../../shared/log/bytes.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import { local } from '../../test/support/access.ts'
import { openTestLog, type TestLog, testEvent, testOrg } from '../../test/support/test-log.ts'
import { createNormalise } from '../intake/normalise.ts'
import type { LogStore } from '../store/log-store.ts'
import { type Forgetting, openForgetting } from './forgetting.ts'
import { createLiveIndex } from './live-index.ts'
import { createLogReader } from './reader.ts'
import { createRecorder } from './recorder.ts'
import { openRetention } from './retention.ts'
import { verifyLog } from './verify-log.ts'

let log: TestLog
let kept: Forgetting
beforeEach(async () => {
  log = await openTestLog()
  kept = await open()
})
afterEach(() => log.close())

const personal = { personal: true }
const zoe = { actor: 'u-1', basis: 'asked to', content: false }

function partsOver(store: LogStore, record?: () => Promise<number>) {
  const { writer } = log
  const clock = () => log.clock.now
  const made = createRecorder({ writer, normalise: createNormalise(new Uint8Array(32)), clock })
  return { org: testOrg, store, writer, clock, recorder: record ? { record } : made }
}
const open = (store: LogStore = log.store, record?: () => Promise<number>): Promise<Forgetting> =>
  openForgetting(partsOver(store, record))

/** As many events as said, received now and happened then, each bundle its own commit. */
async function add(count: number, changes: Parameters<typeof testEvent>[1] = {}): Promise<void> {
  const occurredAt = formatMoment(log.clock.now)
  for (let left = count; left > 0; left -= 256) {
    const from = log.writer.size
    const events = Array.from({ length: Math.min(256, left) }, (_, i) =>
      testEvent(from + i, { occurredAt, ...changes }),
    )
    await log.writer.append(events)
  }
}
const later = (days: number) => {
  log.clock.now += days * dayMs
}
const reader = () => createLogReader({ org: testOrg, store: log.store })
const verify = () =>
  verifyLog({ org: testOrg, store: log.store, trust: { own: log.key.verifierKeys, policy: null } })
const pruned = () => log.store.prunedBundles(testOrg)
const actions = async () =>
  (
    await reader().events(
      Array.from({ length: log.writer.size }, (_, i) => i),
      personal,
    )
  )
    .filter(event => event.source === 'trailside')
    .map(event => event.action)

describe('H1 H2: whole bundles go when all of them is old enough', () => {
  test('by both times, and what is left proves as before', async () => {
    await add(512)
    await add(256, { occurredAt: formatMoment(log.clock.now + 40 * dayMs) })
    later(31)
    await add(10)
    await kept.retention.change({ days: 30 }, local)
    const receipt = async (index: number) => (await reader().receipt(index))!.split('\n\n')[0]
    const tile = await log.store.tile(testOrg, 0, 0)
    expect(await kept.retention.run(local)).toBe(512)
    expect(await pruned()).toEqual([0, 1])
    expect(bytesEqual((await log.store.tile(testOrg, 0, 0))!, tile!)).toBe(true)
    expect(await receipt(5)).toContain('index 5')
    expect(await receipt(700)).toContain('index 700')
    const report = await verify()
    expect(report).toMatchObject({ outcome: 'redacted', removed: 512, words: null })
    const told = (await reader().events([log.writer.size - 1], personal))[0]!
    expect(told).toMatchObject({ action: 'auditlog.retention_applied', source: 'trailside' })
    expect(told.metadata).toEqual({
      ...{ days: 30, entries: 512, removed: [{ from: 0, to: 512 }] },
      cutoff: formatMoment(log.clock.now - 30 * dayMs),
    })
  })

  test('a later account tells of all that was removed so far, so that the earlier one may go too', async () => {
    await kept.retention.change({ days: 30 }, local)
    await add(255)
    later(31)
    expect(await kept.retention.run(null)).toBe(256)
    await add(255)
    later(31)
    expect(await kept.retention.run(null)).toBe(256)
    expect(await pruned()).toEqual([0, 1])
    expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 512 })
  })

  test('no setting removes nothing, and the newest bundle always stays', async () => {
    await add(256)
    later(1000)
    await expect(kept.retention.run(local)).rejects.toMatchObject({ code: 'conflict' })
    await kept.retention.change({ days: 1 }, local)
    expect(await kept.retention.run(local)).toBe(256)
    later(1000)
    expect(await kept.retention.run(local)).toBe(0)
    expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 256 })
    // What was removed is still known by name: sent again, it is no new event.
    const again = await log.writer.append([testEvent(7)])
    expect(again).toEqual([{ status: 'duplicate', index: 7 }])
  })

  test('the account of an erasure stays as long as what it accounts for', async () => {
    await kept.holds.place({ name: 'Case 1', reason: 'suit', scope: { actor: 'u-9' } }, local)
    await add(255, { actor: { type: 'user', id: 'u-9', name: 'Ada', email: null, onBehalfOf: null } })
    await add(100)
    await kept.eraser.erase(zoe, local)
    await add(200)
    later(31)
    await kept.retention.change({ days: 30 }, local)
    expect(await kept.retention.run(local)).toBe(0)
    const [hold] = await kept.holds.list()
    await kept.holds.release(hold!.id, local)
    expect(await kept.retention.run(local)).toBe(512)
    expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 512 })
  })
})

describe('H4: legal holds', () => {
  const ada = { type: 'user' as const, id: 'u-2', name: 'Ada', email: null, onBehalfOf: null }
  test.each([
    ['everything', {}, [0, 1, 2]],
    ['a person', { actor: 'u-2' }, [1]],
    ['a target', { target: 't-9' }, [2]],
    ['a person on another target', { actor: 'u-2', target: 't-9' }, []],
    ['a time', { from: '2026-03-01T12:00:00+00:00', to: '2026-03-01T13:00:00Z' }, [0]],
    ['a time before all', { to: '2020-01-01T00:00:00Z' }, []],
  ])('%s keeps whole bundles', async (_, scope, held) => {
    await add(256)
    later(1)
    await add(255)
    await add(1, { actor: ada })
    later(1)
    await add(256, { targets: [{ type: 'target', id: 't-9', name: null }] })
    later(100)
    await kept.holds.place({ name: 'Case 1', reason: 'suit', scope }, local)
    await kept.retention.change({ days: 30 }, local)
    await kept.retention.run(local)
    const left = new Set<number>(held)
    expect(await pruned()).toEqual([0, 1, 2].filter(bundle => !left.has(bundle)))
    expect(['verified', 'redacted']).toContain((await verify()).outcome)
  })

  test('what is held is not erased, and the refusal names the hold', async () => {
    await add(2)
    const hold = await kept.holds.place({ name: 'Case 1', reason: 'suit', scope: { target: 't-1' } }, local)
    const size = log.writer.size
    await expect(kept.eraser.erase(zoe, local)).rejects.toMatchObject({
      code: 'on_hold',
      detail: expect.stringContaining('"Case 1" covers entry 0'),
    })
    expect(log.writer.size).toBe(size)
    await kept.holds.release(hold.id, local)
    expect(await kept.eraser.erase(zoe, local)).toMatchObject({ entries: 2 })
  })

  test('each is told of, survives a restart, and is placed by somebody', async () => {
    const hold = await kept.holds.place({ name: 'Case 1', reason: 'suit', scope: { actor: 'u-1' } }, local)
    expect(hold).toMatchObject({ name: 'Case 1', placedBy: { id: local.caller.id } })
    expect(await (await open()).holds.list()).toEqual([hold])
    await expect(kept.holds.release('none', local)).rejects.toMatchObject({ code: 'not_found' })
    await kept.holds.release(hold.id, local)
    expect(await kept.holds.list()).toEqual([])
    expect(await actions()).toEqual(['auditlog.hold_placed', 'auditlog.hold_released'])
    const [placed] = await reader().events([0], personal)
    expect(placed).toMatchObject({
      targets: [{ type: 'legal_hold', id: hold.id, name: 'Case 1' }],
      metadata: { reason: 'suit', scope: { actor: 'u-1' } },
    })
  })

  test('one that ends before it begins is refused', async () => {
    const scope = { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }
    const hold = { name: 'Case 1', reason: 'suit', scope }
    await expect(kept.holds.place(hold, local)).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('the schedule', () => {
  test('first an hour after a change, then once a day; nothing while all is kept', async () => {
    let tick = () => {}
    const errors: unknown[] = []
    const every = (_ms: number, callback: () => void) => {
      tick = callback
      return () => {}
    }
    const stop = kept.retention.schedule(error => errors.push(error), every)
    const next = async () => (await kept.retention.state()).nextRunAt
    const ticked = async () => {
      tick()
      await kept.removals.exclusively(async () => {})
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await next()).toBeNull()
    await kept.retention.change({ days: 30 }, local)
    const changedAt = log.clock.now
    expect(await next()).toBe(formatMoment(changedAt + 3_600_000))
    await ticked()
    expect((await kept.retention.state()).lastRun).toBeNull()
    log.clock.now += 3_600_000
    tick()
    await stop()
    expect((await kept.retention.state()).lastRun).toEqual({ at: formatMoment(log.clock.now), entries: 0 })
    expect(await next()).toBe(formatMoment(log.clock.now + dayMs))
    await kept.retention.change({ days: 20 }, local)
    expect(await next()).toBe(formatMoment(log.clock.now + 3_600_000))
    await kept.retention.change({ days: null }, local)
    expect(await next()).toBeNull()
    expect(errors).toEqual([])
  })

  test('a change is told once, with before and after; no change is none', async () => {
    await kept.retention.change({ days: 30 }, local)
    await kept.retention.change({ days: 30 }, local)
    await kept.retention.change({ days: null }, local)
    expect(await actions()).toEqual(['auditlog.retention_changed', 'auditlog.retention_changed'])
    const [first] = await reader().events([0], personal)
    expect(first!.changes).toEqual([{ field: 'retentionDays', before: null, after: 30 }])
  })
})

test('many bundles go in several runs, each told before', async () => {
  await add(1024)
  later(31)
  await kept.retention.change({ days: 30 }, local)
  const parts = { ...partsOver(log.store), removals: kept.removals, bundlesAtOnce: 3 }
  expect(await (await openRetention(parts)).run(local)).toBe(1024)
  expect((await actions()).filter(action => action === 'auditlog.retention_applied')).toHaveLength(2)
  expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 1024 })
})

test('the index forgets, and one that is built afterwards is the same', async () => {
  await add(600)
  later(31)
  await add(300)
  const { store, writer } = log
  const live = createLiveIndex({ org: testOrg, store, writer, removals: kept.removals })
  await live.ready
  await kept.retention.change({ days: 30 }, local)
  expect(await kept.retention.run(local)).toBe(512)
  const built = createLiveIndex({ org: testOrg, store, writer })
  await built.ready
  for (const { index, size } of [live, built]) {
    expect(size).toBe(writer.size)
    expect(index.coverage()).toEqual([{ from: 512, to: writer.size }])
    expect(index.total({}, personal)).toBe(writer.size - 512)
    expect(index.facets({}, personal, { fields: ['action'], limit: 1 }).action.values[0]!.count).toBe(388)
  }
  live.close()
  built.close()
})

describe('a check names what was removed without a word', () => {
  beforeEach(async () => {
    await add(512)
    await add(1)
  })
  test('no account at all', async () => {
    await log.store.prune(testOrg, [1])
    const report = await verify()
    expect(report).toMatchObject({ outcome: 'tampered', place: 'entry 256' })
    expect(report.words).toContain('no retention that the log tells of removed them')
  })

  test('more than the account says', async () => {
    await kept.holds.place({ name: 'Case 1', reason: 'suit', scope: { to: '2026-03-01T00:00:00Z' } }, local)
    later(31)
    await kept.retention.change({ days: 30 }, local)
    await kept.retention.run(local)
    await add(600)
    expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 512 })
    await log.store.prune(testOrg, [3])
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 768' })
  })

  test('rows deleted by hand, before and after an account', async () => {
    log.database.exec('DELETE FROM entries WHERE place < 256; DELETE FROM disclosures WHERE place < 256')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 0' })
  })

  test('a tile of removed entries that was changed', async () => {
    later(31)
    await kept.retention.change({ days: 30 }, local)
    await kept.retention.run(local)
    log.database.exec('UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND number = 1')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'tile 0/1' })
  })
})

describe('whatever stops it midway, the next start finishes it and tells of it once', () => {
  const fail = () => Promise.reject(new Error('killed'))
  const failing = (...names: (keyof LogStore)[]): LogStore =>
    new Proxy(log.store, {
      get(store, name) {
        if (names.includes(name as keyof LogStore)) return fail
        const value = store[name as keyof LogStore] as (...args: never[]) => unknown
        return value.bind(store)
      },
    })
  beforeEach(async () => {
    await add(4 * 256 * 5)
    later(31)
    await kept.retention.change({ days: 30 }, local)
  })

  test.each<[string, () => Promise<Forgetting>]>([
    ['before the event', () => open(log.store, fail)],
    ['before the place of the event is kept', () => open(failing('putSetting'))],
    ['before anything is removed', () => open(failing('prune'))],
    [
      'after some bundles',
      () => {
        let batches = 0
        const { store } = log
        const prune: LogStore['prune'] = (org, bundles) =>
          ++batches > 1 ? fail() : store.prune(org, bundles)
        return open(
          new Proxy(store, {
            get: (_, name) =>
              name === 'prune' ? prune : (store[name as 'tasks'] as LogStore['tasks']).bind(store),
          }),
        )
      },
    ],
    ['before the journal is empty', () => open(failing('emptyJournal'))],
    ['before the task is dropped', () => open(failing('dropTask'))],
  ])('%s', async (_, stopped) => {
    await expect((await stopped()).retention.run(local)).rejects.toThrow('killed')
    expect(await log.store.tasks(testOrg)).toHaveLength(1)
    kept = await open()
    expect(await log.store.tasks(testOrg)).toEqual([])
    expect(await pruned()).toHaveLength(20)
    expect((await actions()).filter(action => action === 'auditlog.retention_applied')).toHaveLength(1)
    expect(await verify()).toMatchObject({ outcome: 'redacted', removed: 20 * 256 })
    expect(await reader().erasures(0)).toMatchObject({ removed: { ranges: [{ from: 0, to: 5120 }] } })
  })

  test('a hold that was told is in force, and one that was not is not', async () => {
    const hold = { name: 'Case 1', reason: 'suit', scope: {} }
    await expect((await open(failing('putSetting'))).holds.place(hold, local)).rejects.toThrow('killed')
    kept = await open()
    expect(await kept.holds.list()).toMatchObject([{ name: 'Case 1' }])
    expect(await kept.retention.run(local)).toBe(0)
    expect((await actions()).filter(action => action === 'auditlog.hold_placed')).toHaveLength(1)
    await expect((await open(failing('putTask'))).holds.place(hold, local)).rejects.toThrow('killed')
    expect(await (await open()).holds.list()).toHaveLength(1)
  })
})
