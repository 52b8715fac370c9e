import { afterEach, expect, test } from 'vitest'
import { type FedLog, type FedLogOptions, openFedLog } from '../../test/support/platform/fed-log.ts'
import type { Awkwardness } from '../../test/support/platform/stand-in.ts'
import { orderOf } from './place.ts'

const minute = 60_000
const opened: FedLog[] = []

async function open(options: FedLogOptions = {}): Promise<FedLog> {
  const fed = await openFedLog(options)
  opened.push(fed)
  return fed
}

afterEach(async () => {
  for (const fed of opened.splice(0)) await fed.close()
})

async function expectWhole(fed: FedLog) {
  const wanted = fed.platform.entries().map(entry => entry.id)
  expect((await fed.ids()).toSorted()).toEqual(wanted.toSorted())
}

test('the history is walked back to its beginning, and then new entries come as they happen', async () => {
  const fed = await open({ history: 1234 })
  await fed.pass(minute)
  await expectWhole(fed)
  fed.platform.happen(3)
  await fed.pass(2 * minute)
  await expectWhole(fed)
  expect(await fed.place()).toMatchObject({
    hasHistory: true,
    listed: 1237,
    total: 1237,
    gap: null,
    walk: null,
  })
})

test('a platform without entries is asked and has none', async () => {
  const fed = await open()
  await fed.pass(minute)
  expect(await fed.place()).toMatchObject({ hasHistory: true, total: 0, listed: 0, trouble: null })
  fed.platform.happen(1)
  await fed.pass(2 * minute)
  await expectWhole(fed)
})

test.each<[string, Partial<Awkwardness>]>([
  ['newest first', { order: 'newest-first' }],
  ['oldest first', { order: 'oldest-first' }],
  ['in an order that has nothing to do with time', { order: 'by-id' }],
  ['with neighbours that change places', { shuffled: true }],
  ['with items twice on a page', { repeated: 7 }],
  ['in small pages', { maxPageSize: 50 }],
  ['and refuses large pages', { maxPageSize: 100, largePages: 'refused' }],
  ['with times of both spellings', { times: 'both' }],
  ['without a count', { schema: 'no_total' }],
  ['under other names', { schema: 'renamed' }],
])('whatever it lists %s is taken, and what happens and comes late meanwhile', async (_how, awkwardness) => {
  const fed = await open({ history: 730, awkwardness: { maxPageSize: 60, ...awkwardness } })
  let steps = 0
  await fed.pass(3 * minute, () => {
    if (++steps % 4 === 0) fed.platform.happen(2)
    if (steps % 9 === 0) fed.platform.happen(1, 5 * minute)
  })
  await fed.pass(5 * minute)
  await expectWhole(fed)
  expect((await fed.place()).gap).toBeNull()
})

test.each(['newest-first', 'oldest-first'] as const)(
  'listed %s, a quiet platform is asked two pages a minute',
  async order => {
    const fed = await open({ history: 2000, awkwardness: { order } })
    await fed.pass(5 * minute)
    await expectWhole(fed)
    expect(orderOf(await fed.place())).toBe(order.replace('-', '_'))
    const before = fed.platform.requests()
    await fed.pass(20 * minute)
    expect(fed.platform.requests() - before).toBeLessThanOrEqual(45)
  },
)

test('an entry that is hours late is found by the count, though it stands far back', async () => {
  const fed = await open({ history: 1000, awkwardness: { maxPageSize: 50 } })
  await fed.pass(3 * minute)
  fed.platform.happen(50)
  await fed.pass(2 * minute)
  fed.platform.happen(1, 15 * minute)
  await fed.pass(5 * minute)
  await expectWhole(fed)
  expect(await fed.told()).toEqual([])
})

test('entries that the platform lets go while it is walked make no other be missed', async () => {
  const fed = await open({ awkwardness: { order: 'oldest-first', maxPageSize: 20 } })
  fed.platform.happen(400)
  const gone = new Set<string>()
  let steps = 0
  await fed.pass(2 * minute, () => {
    if (++steps === 5 || steps === 11) for (const { id } of fed.platform.forgetOldest(30)) gone.add(id)
  })
  await fed.pass(5 * minute)
  const ids = new Set(await fed.ids())
  expect(fed.platform.entries().filter(entry => !ids.has(entry.id))).toEqual([])
  expect(await fed.place()).toMatchObject({ gap: null, listed: fed.platform.entries().length })
})

test('entries that are counted and never listed are a gap: said once, and closed once', async () => {
  const fed = await open({ history: 300, awkwardness: { counted: 4 } })
  await fed.pass(30 * minute)
  expect((await fed.place()).gap).toMatchObject({ missing: 4 })
  expect(await fed.told()).toEqual(['source.gap_found'])
  fed.platform.awkward.counted = 0
  await fed.pass(30 * minute)
  expect((await fed.place()).gap).toBeNull()
  expect(await fed.told()).toEqual(['source.gap_found', 'source.gap_closed'])
})

test('a key that is refused stops the source: told once, however long it lasts, and once when it is back', async () => {
  const fed = await open({ history: 10 })
  await fed.pass(2 * minute)
  fed.platform.awkward.mishap = () => ({ kind: 'status', status: 401 })
  await fed.pass(120 * minute)
  expect(await fed.place()).toMatchObject({
    trouble: { code: 'key_refused', detail: 'HTTP 401' },
    stopTold: true,
  })
  expect(await fed.told()).toEqual(['source.stopped'])
  const asked = fed.platform.requests()
  fed.platform.happen(5)
  fed.platform.awkward.mishap = () => null
  await fed.pass(10 * minute)
  expect(fed.platform.requests()).toBeGreaterThan(asked)
  expect(await fed.told()).toEqual(['source.stopped', 'source.recovered'])
  await expectWhole(fed)
})

test('while it fails it is asked ever more rarely, five minutes apart at most', async () => {
  const fed = await open({ history: 10, awkwardness: { mishap: () => ({ kind: 'status', status: 503 }) } })
  await fed.pass(60 * minute)
  const before = fed.platform.requests()
  await fed.pass(60 * minute)
  const asked = fed.platform.requests() - before
  expect(asked).toBeGreaterThanOrEqual(12)
  expect(asked).toBeLessThanOrEqual(24)
})

test.each([
  ['in the body', true],
  ['in the header', false],
])('a 429 is waited out as long as it says %s', async (_where, inBody) => {
  const fed = await open({
    history: 10,
    awkwardness: { mishap: () => ({ kind: 'rate_limited', retryAfter: 600, inBody }) },
  })
  const wait = await fed.step()
  expect(wait).toBeGreaterThanOrEqual(600_000)
  expect(wait).toBeLessThan(602_000)
  expect(await fed.place()).toMatchObject({ failures: 0, trouble: { code: 'rate_limited' } })
})

test('a tenth of what the platform allows a minute is left for others, by the platform’s own clock', async () => {
  const awkwardness = { requestsPerMinute: 20, maxPageSize: 10, clockSkewMs: 3_600_000 }
  const fed = await open({ history: 1000, awkwardness })
  await fed.pass(10 * minute)
  await expectWhole(fed)
  const { clockSkewMs, trouble } = await fed.place()
  expect([Math.round(clockSkewMs! / minute), trouble]).toEqual([60, null])
  expect(fed.platform.requests()).toBeLessThanOrEqual(10 * 18 + 1)
})

test('entries without an id are counted and told of, and stop no other', async () => {
  const fed = await open({ history: 30, awkwardness: { schema: 'no_id' } })
  await fed.pass(5 * minute)
  expect(await fed.ids()).toEqual([])
  const rows = await fed.db.selectFrom('unreadable').selectAll().execute()
  expect(rows).toHaveLength(30)
  expect(rows[0]).toMatchObject({ path: 'id', reason: 'is missing' })
  fed.platform.awkward.schema = 'documented'
  fed.platform.happen(1)
  await fed.pass(26 * 60 * minute)
  await expectWhole(fed)
})

test('fields nobody knows are kept in the metadata', async () => {
  const fed = await open({ history: 1, awkwardness: { unknownFields: true } })
  await fed.pass(minute)
  const [entry] = await fed.log.store.entries('acme', 0, 1)
  expect(entry!.values.get('metadata')).toMatchObject({ severity: 'info', trace: { span: 7 } })
})

test('nothing older than the start date is taken, and the walk ends there', async () => {
  const history = 5_000_000
  const fed = await open({ history, source: { startMs: Date.parse('2026-03-01T11:55:00Z') } })
  await fed.pass(5 * minute)
  expect(await fed.ids()).toHaveLength(5 * 60)
  // A day beyond it, since entries may stand out of order.
  expect(fed.platform.requests()).toBeLessThan(200)
})

test('the sibling product is fed by the same core', async () => {
  const fed = await open({
    history: 730,
    awkwardness: { maxPageSize: 60 },
    source: { kind: 'invicti-enterprise', eventSource: 'invicti-enterprise' },
  })
  await fed.pass(2 * minute, () => void fed.platform.happen(1))
  await fed.pass(3 * minute)
  await expectWhole(fed)
  const [entry] = await fed.log.store.entries('acme', 0, 1)
  expect(entry!.values.get('actor.email')).toMatch(/@acme\.example$/)
})
