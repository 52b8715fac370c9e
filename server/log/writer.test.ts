import { afterEach, expect, test } from 'vitest'
import { fromBase64 } from '../../shared/log/bytes.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import {
  openTestLog,
  type TestLog,
  testEvent,
  testEvents,
  testOrg,
  testStart,
} from '../../test/support/test-log.ts'
import { nodeHasher } from '../node-hasher.ts'
import { type LogCommit, type LogStore, SizeConflict } from '../store/log-store.ts'
import type { Committed } from './writer.ts'

const open: TestLog[] = []
async function start(...args: Parameters<typeof openTestLog>): Promise<TestLog> {
  const log = await openTestLog(...args)
  open.push(log)
  return log
}
afterEach(async () => {
  for (const log of open.splice(0)) await log.close()
})

/** A store between writer and log that notes every commit and can fail. */
function spied(fail: (commit: LogCommit) => void = () => {}) {
  const commits: LogCommit[] = []
  const wrap = (store: LogStore): LogStore => ({
    ...delegate(store),
    async commit(org, commit) {
      fail(commit)
      commits.push(commit)
      await store.commit(org, commit)
    },
  })
  return { commits, wrap }
}

function delegate(store: LogStore): LogStore {
  return {
    organizations: () => store.organizations(),
    state: org => store.state(org),
    commit: (org, commit) => store.commit(org, commit),
    putCheckpoint: (org, size, checkpoint) => store.putCheckpoint(org, size, checkpoint),
    indexesOf: (org, names) => store.indexesOf(org, names),
    entries: (org, from, to) => store.entries(org, from, to),
    entriesAt: (org, indexes) => store.entriesAt(org, indexes),
    erase: (org, removals) => store.erase(org, removals),
    prune: (org, bundles) => store.prune(org, bundles),
    prunedBundles: org => store.prunedBundles(org),
    emptyJournal: () => store.emptyJournal(),
    erasedBundles: (org, since) => store.erasedBundles(org, since),
    putTask: (org, task) => store.putTask(org, task),
    tasks: org => store.tasks(org),
    dropTask: (org, id) => store.dropTask(org, id),
    transitions: org => store.transitions(org),
    setting: (org, name) => store.setting(org, name),
    putSetting: (org, name, value) => store.putSetting(org, name, value),
    tile: (org, level, number) => store.tile(org, level, number),
    census: org => store.census(org),
  }
}

/** The stored log is one tree, signed as it stands. */
async function expectConsistent({ store, key, writer }: TestLog): Promise<void> {
  const state = await store.state(testOrg)
  const range = new CompactRange(nodeHasher)
  for (const entry of await store.entries(testOrg, 0, state.size))
    range.append(nodeHasher.leafHash(entry.leaf))
  const signed = await key.open(state.checkpoint!)
  expect(signed).toMatchObject({ size: state.size, root: range.root() })
  expect(writer.size).toBe(state.size)
}

test('an empty log is signed from its first moment', async () => {
  const { store, key } = await start()
  const { size, root } = await key.open((await store.state(testOrg)).checkpoint!)
  expect({ size, root }).toEqual({ size: 0, root: nodeHasher.emptyRoot })
})

test('an append is answered with places and leaf hashes of what was kept', async () => {
  const log = await start()
  const items = await log.writer.append(testEvents(0, 3))
  const entries = await log.store.entries(testOrg, 0, 3)
  expect(items).toHaveLength(3)
  items.forEach((item, index) => {
    expect(item).toMatchObject({ status: 'accepted', index })
    const leafHash = item.status === 'accepted' ? fromBase64(item.leafHash) : null
    expect(leafHash).toEqual(new Uint8Array(nodeHasher.leafHash(entries[index]!.leaf)))
  })
  await expectConsistent(log)
})

test('a name is kept once: within an append, across appends, and after a restart', async () => {
  const log = await start()
  expect(
    await log.writer.append([testEvent('a'), testEvent('a'), testEvent('a', { source: 'b' })]),
  ).toMatchObject([
    { status: 'accepted', index: 0 },
    { status: 'duplicate', index: 0 },
    { status: 'accepted', index: 1 },
  ])
  const both = await Promise.all([log.writer.append([testEvent('x')]), log.writer.append([testEvent('x')])])
  expect(both.flat()).toMatchObject([
    { status: 'accepted', index: 2 },
    { status: 'duplicate', index: 2 },
  ])
  await log.writer.close()
  const again = await start({ database: log.database, key: log.key })
  expect(await again.writer.append([testEvent('a'), testEvent('new')])).toMatchObject([
    { status: 'duplicate', index: 0 },
    { status: 'accepted', index: 3 },
  ])
  await expectConsistent(again)
})

test('duplicates across batches of 256 are found too', async () => {
  const log = await start()
  const items = await log.writer.append([...testEvents(0, 300), ...testEvents(0, 300)])
  expect(items.map(item => item.status)).toEqual([
    ...Array(300).fill('accepted'),
    ...Array(300).fill('duplicate'),
  ])
  expect(items.slice(300).map(item => (item.status === 'duplicate' ? item.index : -1))).toEqual(
    Array.from({ length: 300 }, (_, i) => i),
  )
})

test('appends of one moment share a commit, and no commit has more than 256 entries', async () => {
  const { commits, wrap } = spied()
  const log = await start({ wrap })
  await Promise.all(Array.from({ length: 100 }, (_, i) => log.writer.append([testEvent(i)])))
  expect(commits.map(commit => commit.entries.length)).toEqual([100])
  await log.writer.append(testEvents(1000, 1700))
  expect(commits.map(commit => commit.entries.length)).toEqual([100, 256, 256, 188])
  await expectConsistent(log)
})

test('whatever the sizes of the commits, the tree grows right across tiles', async () => {
  const log = await start()
  let id = 0
  for (const count of [1, 254, 1, 1, 255, 256, 300, 3]) {
    await log.writer.append(testEvents(id, id + count))
    id += count
    await expectConsistent(log)
  }
  await log.writer.close()
  const again = await start({ database: log.database, key: log.key })
  await again.writer.append(testEvents(id, id + 700))
  await expectConsistent(again)
})

test('an event too large is rejected by itself', async () => {
  const log = await start()
  const large = testEvent('large', { targets: [{ type: 'target', id: 'x'.repeat(70_000), name: null }] })
  expect(await log.writer.append([testEvent('a'), large, large, testEvent('b')])).toMatchObject([
    { status: 'accepted', index: 0 },
    { status: 'rejected', reason: 'entry_too_large' },
    { status: 'rejected', reason: 'entry_too_large' },
    { status: 'accepted', index: 1 },
  ])
  await expectConsistent(log)
})

test('a failed commit rejects those who wait, changes nothing, and the next one works', async () => {
  let full = false
  const { wrap } = spied(() => {
    if (full) throw new Error('database or disk is full')
  })
  const log = await start({ wrap })
  await log.writer.append(testEvents(0, 10))
  full = true
  const failed = await Promise.allSettled([
    log.writer.append(testEvents(10, 600)),
    log.writer.append([testEvent('x')]),
  ])
  expect(failed.map(result => result.status === 'rejected' && result.reason.code)).toEqual([
    'unavailable',
    'unavailable',
  ])
  expect(log.writer.size).toBe(10)
  expect(log.errors.length).toBeGreaterThan(0)
  full = false
  expect(await log.writer.append([testEvent(10), testEvent(3)])).toMatchObject([
    { status: 'accepted', index: 10 },
    { status: 'duplicate', index: 3 },
  ])
  await expectConsistent(log)
})

test('when someone else has written to the log, this writer stops for good', async () => {
  const log = await start()
  await log.writer.append(testEvents(0, 2))
  const other = await start({ database: log.database, key: log.key })
  await other.writer.append(testEvents(2, 3))
  await expect(log.writer.append([testEvent('a')])).rejects.toMatchObject({ code: 'unavailable' })
  await expect(log.writer.append([testEvent('a')])).rejects.toThrow('must be started again')
  expect(log.errors[0]).toBeInstanceOf(SizeConflict)
  await expectConsistent(other)
})

test('the time of receipt never runs backwards', async () => {
  const log = await start()
  await log.writer.append([testEvent('a')])
  log.clock.now = testStart - 60_000
  await log.writer.append([testEvent('b')])
  await log.writer.close()
  const again = await start({ database: log.database, key: log.key })
  again.clock.now = testStart - 60_000
  await again.writer.append([testEvent('c')])
  const entries = await again.store.entries(testOrg, 0, 3)
  expect(entries.map(entry => entry.open.rx)).toEqual(Array(3).fill('2026-03-01T12:00:00.000Z'))
})

test('listeners hear of every commit before its appends are answered', async () => {
  const log = await start()
  const heard: Committed[] = []
  const stop = log.writer.onCommitted(committed => heard.push(committed))
  await log.writer.append([testEvent('a'), testEvent('a'), testEvent('b')])
  expect(heard).toMatchObject([
    {
      from: 0,
      to: 2,
      events: [
        { id: 'a', index: 0 },
        { id: 'b', index: 1 },
      ],
    },
  ])
  expect(heard[0]!.events[0]).toMatchObject({ receivedAt: '2026-03-01T12:00:00.000Z', withheld: [] })
  stop()
  await log.writer.append([testEvent('c')])
  expect(heard).toHaveLength(1)
})

test('an unchanged checkpoint is signed again after ten minutes, not before', async () => {
  const log = await start()
  await log.writer.append([testEvent('a')])
  const signedAt = async () => (await log.key.open((await log.store.state(testOrg)).checkpoint!)).signedAtMs
  log.clock.now = testStart + 9 * 60_000
  log.tick()
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(await signedAt()).toBe(testStart)
  log.clock.now = testStart + 10 * 60_000
  log.tick()
  await expect.poll(signedAt).toBe(testStart + 10 * 60_000)
  await expectConsistent(log)
})

test('closing keeps what waits and takes nothing more', async () => {
  const log = await start()
  const waiting = log.writer.append(testEvents(0, 400))
  await log.writer.close()
  expect((await waiting).every(item => item.status === 'accepted')).toBe(true)
  await expect(log.writer.append([testEvent('late')])).rejects.toMatchObject({ code: 'unavailable' })
})

test('an append of nothing is answered with nothing', async () => {
  expect(await (await start()).writer.append([])).toEqual([])
})
