import { afterEach, beforeEach, expect, test } from 'vitest'
import { ErasedBundles, EventPage, LegalHold, LegalHolds, Retention, RetentionRun } from '../../shared/api.ts'
import { Problem } from '../../shared/problem.ts'
import { dayMs } from '../../shared/time.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { testEvents } from '../../test/support/test-log.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let reader: string
let manager: string
beforeEach(async () => {
  opened = await openTestApp()
  const keyWith = async (...permissions: ('audit_log.read' | 'settings.manage')[]) =>
    (await opened.access.createKey({ name: permissions.join(), permissions }, local)).key
  reader = await keyWith('audit_log.read')
  manager = await keyWith('settings.manage')
  await opened.log.writer.append(testEvents(0, 256))
  await opened.log.writer.append(testEvents(256, 300))
  await opened.live.ready
})
afterEach(() => opened.close())

async function call(method: string, path: string, body?: unknown, key = manager): Promise<Response> {
  const headers = { ...Object.fromEntries(bearer(key)), 'content-type': 'application/json' }
  return opened.app.request(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
const get = (path: string) => call('GET', path, undefined, reader)
const setting = '/v1/settings/retention'

async function removeOld(): Promise<void> {
  // So that all the events are old, and none of the server's own is in the first bundle.
  opened.log.clock.now += 31 * dayMs
  await opened.log.writer.append(testEvents(300, 600))
  Retention.parse(await (await call('PUT', setting, { days: 30 })).json())
  const { entries } = RetentionRun.parse(await (await call('POST', `${setting}/runs`)).json())
  expect(entries).toBe(256)
}

test('the setting is answered as it was made, with what it did', async () => {
  const before = Retention.parse(await (await call('GET', setting)).json())
  expect(before).toEqual({ days: null, nextRunAt: null, lastRun: null, removed: 0 })
  await removeOld()
  const after = Retention.parse(await (await call('GET', setting)).json())
  expect(after).toMatchObject({ days: 30, lastRun: { entries: 256 }, removed: 256 })
})

test('what was removed is gone from every answer, and each way to ask for it says why', async () => {
  const total = EventPage.parse(await (await get('/v1/events')).json()).total
  await removeOld()
  const page = EventPage.parse(await (await get('/v1/events?limit=1000')).json())
  expect(page.events.every(event => event.index >= 256)).toBe(true)
  expect(page.total).toBe(page.size - 256)
  expect(page.total).toBeGreaterThan(total - 256)
  for (const path of ['events/0', 'events/255', 'log/tile/entries/000', 'log/disclosures/0']) {
    const answer = await get(`/v1/${path}`)
    expect(answer.status, path).toBe(410)
    const problem = Problem.parse(await answer.json())
    expect(problem).toMatchObject({ code: 'removed_by_retention' })
    expect(problem.detail).toContain('entries 0 to 255')
  }
  expect((await get('/v1/log/tile/0/000')).status).toBe(200)
  expect((await get('/v1/log/receipts/3')).status).toBe(200)
  expect((await get('/v1/events/256')).status).toBe(200)
  expect((await get('/v1/events/99999')).status).toBe(404)
})

test('followers learn what was removed, and where the log tells of it', async () => {
  expect(ErasedBundles.parse(await (await get('/v1/log/erasures')).json()).removed).toBeUndefined()
  await removeOld()
  const { removed, version, bundles } = ErasedBundles.parse(await (await get('/v1/log/erasures')).json())
  expect({ version, bundles }).toEqual({ version: 1, bundles: [0] })
  expect(removed!.ranges).toEqual([{ from: 0, to: 256 }])
  const told = await (await get(`/v1/events/${removed!.told}`)).json()
  expect(told).toMatchObject({ action: 'auditlog.retention_applied', metadata: { removed: removed!.ranges } })
})

test('holds are placed, listed, respected and released', async () => {
  const answer = await call('POST', '/v1/holds', { name: 'Case 1', reason: 'suit', scope: { actor: 'u-1' } })
  expect(answer.status).toBe(201)
  const hold = LegalHold.parse(await answer.json())
  expect(LegalHolds.parse(await (await call('GET', '/v1/holds')).json()).holds).toEqual([hold])
  const erasure = await call('POST', '/v1/erasures', { actor: 'u-1', basis: 'asked to' })
  expect(erasure.status).toBe(409)
  expect(Problem.parse(await erasure.json())).toMatchObject({
    code: 'on_hold',
    detail: expect.stringContaining('"Case 1"'),
  })
  expect((await call('DELETE', `/v1/holds/${hold.id}`)).status).toBe(204)
  expect((await call('DELETE', `/v1/holds/${hold.id}`)).status).toBe(404)
})

test.each([
  ['PUT', setting, { days: 0 }],
  ['PUT', setting, { days: 1.5 }],
  ['PUT', setting, {}],
  ['POST', '/v1/holds', { name: '', reason: 'r' }],
  ['POST', '/v1/holds', { name: 'n' }],
  ['POST', '/v1/holds', { name: 'n', reason: 'r', scope: { from: 'yesterday' } }],
])('%s %s %j is refused, and nothing changes', async (method, path, body) => {
  const size = opened.log.writer.size
  const answer = await call(method, path, body)
  expect(Problem.parse(await answer.json()).code).toBe('malformed')
  expect(opened.log.writer.size).toBe(size)
})

test('those who may not manage settings reach none of it', async () => {
  const calls = [
    ...[['GET', setting] as const, ['PUT', setting] as const, ['POST', `${setting}/runs`] as const],
    ...[['GET', '/v1/holds'] as const, ['POST', '/v1/holds'] as const, ['DELETE', '/v1/holds/x'] as const],
  ]
  for (const [method, path] of calls) {
    const answer = await call(method, path, method === 'GET' ? undefined : {}, reader)
    expect(answer.status, `${method} ${path}`).toBe(403)
  }
})
