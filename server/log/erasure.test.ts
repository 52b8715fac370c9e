import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import { facts, local } from '../../test/support/access.ts'
import { openTestLog, type TestLog, testEvent, testEvents, testOrg } from '../../test/support/test-log.ts'
import { createNormalise } from '../intake/normalise.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore } from '../store/log-store.ts'
import { type Eraser, openEraser } from './erasure.ts'
import { createLiveIndex } from './live-index.ts'
import { createLogReader } from './reader.ts'
import { createRecorder } from './recorder.ts'
import { openRemovals, type Removals } from './removals.ts'
import { verifyLog } from './verify-log.ts'

let log: TestLog
let eraser: Eraser
let removals: Removals
beforeEach(async () => {
  log = await openTestLog()
  eraser = await open()
})
afterEach(() => log.close())

const basis = 'GDPR article 17, request 4711'
const zoe = { actor: 'u-1', basis, content: false }
const personal = { personal: true }

async function open(store: LogStore = log.store, record?: () => Promise<number>): Promise<Eraser> {
  const { writer } = log
  const clock = () => log.clock.now
  const made = createRecorder({ writer, normalise: createNormalise(new Uint8Array(32)), clock })
  const recorder = record ? { record } : made
  removals = await openRemovals(testOrg, store)
  return openEraser({ org: testOrg, store, removals, writer, recorder, clock })
}

const events = async () =>
  createLogReader({ org: testOrg, store: log.store }).events(
    Array.from({ length: log.writer.size }, (_, i) => i),
    personal,
  )
const verify = () =>
  verifyLog({ org: testOrg, store: log.store, trust: { own: log.key.verifierKeys, policy: null } })

const someoneElse = {
  type: 'user' as const,
  id: 'u-2',
  name: 'Ada',
  email: 'ada@example.com',
  onBehalfOf: null,
}
const behind = { ...someoneElse, onBehalfOf: { id: 'u-1', name: 'Zoë', email: 'zoe@example.com' } }
const onZoe = [
  { type: 'target', id: 't-1', name: 'shop' },
  { type: 'user', id: 'u-1', name: 'Zoë' },
]

test('a person’s fields go, wherever they are spoken of; everyone else’s stay', async () => {
  await log.writer.append([
    testEvent('by her'),
    testEvent('by another', { actor: someoneElse }),
    testEvent('on her', { actor: someoneElse, targets: onZoe }),
    testEvent('she behind', { actor: behind }),
    testEvent('same id, no person', {
      actor: someoneElse,
      targets: [{ type: 'scan', id: 'u-1', name: 'S' }],
    }),
  ])
  const done = await eraser.erase(zoe, local)
  const all = ['actor.name', 'actor.email', 'actor.onBehalfOf', 'context.ip', 'context.userAgent']
  const fields = [...all, 'context.location', 'targets.names']
  expect(done).toEqual({ index: 5, entries: 3, fields })
  const [byHer, byAnother, onHer, sheBehind, other, told] = await events()
  expect(byHer).toMatchObject({
    actor: { id: 'u-1', name: null, email: null },
    targets: [{ name: 'shop' }],
    changes: [{ after: 'running' }],
    metadata: { scan: 7 },
    context: { ip: null, userAgent: null, channel: 'api' },
  })
  expect([...byHer!.erased!].sort()).toEqual([...fields.slice(0, 6)].sort())
  expect(byHer!.withheld).toEqual(expect.arrayContaining(byHer!.erased!))
  expect(byAnother).toMatchObject({ actor: { name: 'Ada' }, context: { ip: '192.0.2.7' } })
  expect(byAnother!.erased).toBeUndefined()
  expect(onHer).toMatchObject({ actor: { name: 'Ada' }, erased: ['targets.names'] })
  expect(onHer!.targets.map(target => target.name)).toEqual([null, null])
  expect(sheBehind!.actor).toMatchObject({ name: 'Ada', onBehalfOf: { id: 'u-1', name: null, email: null } })
  expect(sheBehind!.context.ip).toBeNull()
  expect(other!.targets[0]!.name).toBe('S')
  expect(told).toMatchObject({
    action: 'auditlog.erased',
    targets: [{ type: 'user', id: 'u-1', name: null }],
    metadata: { actor: 'u-1', basis, fields, entries: 3, below: 5 },
  })
})

test('content goes only when asked for, and never the account of an erasure', async () => {
  await log.writer.append([testEvent('a')])
  await eraser.erase({ ...zoe, content: true }, local)
  const her = { ...local.caller, kind: 'user' as const, id: 'u-1', name: 'Zoë', email: null }
  await log.writer.append([testEvent('b')])
  await eraser.erase({ ...zoe, basis: 'first' }, { caller: her, facts })
  await eraser.erase({ ...zoe, basis: 'second', content: true }, local)
  const [first, , , byHerself, last] = await events()
  expect(first).toMatchObject({ changes: [], metadata: {} })
  expect(first!.erased).toEqual(expect.arrayContaining(['changes', 'metadata']))
  expect(byHerself).toMatchObject({ actor: { id: 'u-1', name: null }, metadata: { basis: 'first' } })
  expect(last).toMatchObject({ metadata: { basis: 'second' } })
  expect(await verify()).toMatchObject({ outcome: 'redacted' })
})

test('every leaf, tile and proof holds as before, and a check accounts for what is gone', async () => {
  await log.writer.append(testEvents(0, 600))
  const leaves = async () => (await log.store.entries(testOrg, 0, 600)).map(entry => entry.leaf)
  const before = await leaves()
  const receipt = await createLogReader({ org: testOrg, store: log.store }).receipt(300)
  expect(receipt).not.toBeNull()
  await eraser.erase(zoe, local)
  expect(await leaves()).toEqual(before)
  const report = await verify()
  expect(report).toMatchObject({ outcome: 'redacted', size: 601, entriesChecked: 601 })
  expect(report.redacted).toMatchObject({ entries: 600, fields: { 'actor.email': 600 } })
  for (const entry of await log.store.entries(testOrg, 0, 2)) {
    expect(leafToEvent(nodeHasher, entry.leaf, entry.disclosures, entry.index).withheld).toContain(
      'actor.name',
    )
  }
})

describe('a check names what was taken without a word', () => {
  beforeEach(() => log.writer.append(testEvents(0, 3)))
  const steal = (index: number, field: string) => log.store.erase(testOrg, [{ index, fields: [field] }])

  test('no erasure at all', async () => {
    await steal(1, 'actor.name')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 1' })
    expect((await verify()).words).toContain('no erasure that the log tells of')
  })

  test('another field, another person, or later than the erasure', async () => {
    await log.writer.append([testEvent('x', { actor: someoneElse })])
    await eraser.erase(zoe, local)
    expect(await verify()).toMatchObject({ outcome: 'redacted' })
    await log.writer.append([testEvent('later')])
    await steal(5, 'actor.name')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 5' })
    await steal(3, 'actor.name')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 3' })
    await steal(2, 'metadata')
    expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 2' })
  })
})

test('someone the log does not speak of, or not any more, is not found, and nothing is told', async () => {
  await log.writer.append([testEvent('a')])
  await expect(eraser.erase({ ...zoe, actor: 'nobody' }, local)).rejects.toMatchObject({ code: 'not_found' })
  await eraser.erase(zoe, local)
  await expect(eraser.erase(zoe, local)).rejects.toMatchObject({ code: 'not_found' })
  expect(log.writer.size).toBe(2)
  expect(await log.store.tasks(testOrg)).toEqual([])
})

test('the index forgets, also while it is still being read', async () => {
  await log.writer.append(testEvents(0, 700))
  const live = createLiveIndex({ org: testOrg, store: log.store, writer: log.writer, removals })
  const found = (phrase: string) => live.index.total({ text: { include: [phrase], exclude: [] } }, personal)
  await eraser.erase(zoe, local)
  await live.ready
  expect({ zoe: found('zoe@example'), curl: found('curl'), shop: found('shop') }).toMatchObject({
    ...{ zoe: 0, shop: 700 },
  })
  const facets = live.index.facets({}, personal, { fields: ['actor'], limit: 9 })
  expect(facets.actor.values[0]).toEqual({ value: 'u-1', label: 'u-1', count: 700 })
  expect(live.index.rows([5], personal)[0]!.actor.label).toBe('u-1')
  expect(live.index.total({ ip: { include: ['192.0.2.7'], exclude: [] } }, personal)).toBe(1)
  await log.writer.append([testEvent('new')])
  expect(found('zoe@example')).toBe(1)
  await eraser.erase(zoe, local)
  expect(found('zoe@example')).toBe(0)
  live.close()
})

test('the version counts what followers must fetch again', async () => {
  await log.writer.append(testEvents(0, 600))
  expect(removals.version).toBe(0)
  await eraser.erase(zoe, local)
  expect(removals.version).toBeGreaterThan(0)
  const { version, bundles } = await log.store.erasedBundles(testOrg, 0)
  expect({ version, bundles }).toEqual({ version: removals.version, bundles: [0, 1, 2] })
  await open()
  expect(removals.version).toBe(version)
})

describe('whatever stops it midway, the next start finishes it and tells of it once', () => {
  const stops: Record<string, (store: LogStore) => LogStore> = {
    'before anything is erased': store => ({ ...bound(store), erase: fail, emptyJournal: fail }),
    'after some batches': store => {
      let batches = 0
      return {
        ...bound(store),
        erase: (org, removals) => (++batches > 1 ? fail() : store.erase(org, removals)),
      }
    },
    'before the journal is empty': store => ({ ...bound(store), emptyJournal: fail }),
    'before the task is dropped': store => ({ ...bound(store), dropTask: fail }),
  }
  test('before the event', async () => {
    await log.writer.append(testEvents(0, 2))
    const stopped = await open(log.store, fail)
    await expect(stopped.erase(zoe, local)).rejects.toThrow('killed')
    expect((await events())[0]!.actor.name).toBe('Zoë')
    await open()
    expect((await events()).map(event => event.actor.name)).toEqual([null, null, local.caller.name])
    expect(await verify()).toMatchObject({ outcome: 'redacted', size: 3 })
  })

  test.each(Object.entries(stops))('%s', async (_name, wrap) => {
    await log.writer.append(testEvents(0, 600))
    await expect((await open(wrap(log.store))).erase(zoe, local)).rejects.toThrow('killed')
    expect(await log.store.tasks(testOrg)).toHaveLength(1)
    await open()
    expect(await log.store.tasks(testOrg)).toEqual([])
    const all = await events()
    expect(all.filter(event => event.actor.name === 'Zoë')).toEqual([])
    expect(all.filter(event => event.action === 'auditlog.erased')).toHaveLength(1)
    expect(all.at(-1)!.metadata).toMatchObject({ entries: 600 })
    expect(await verify()).toMatchObject({ outcome: 'redacted' })
  })

  const fail = () => Promise.reject(new Error('killed'))
  const bound = (store: LogStore): LogStore =>
    new Proxy({} as LogStore, {
      get: (_, name) => (store as never as Record<string | symbol, () => unknown>)[name]!.bind(store),
      ownKeys: () => Object.getOwnPropertyNames(Object.getPrototypeOf(store)),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    })
})
