import { afterEach, beforeEach, expect, test } from 'vitest'
import { BundleDisclosures, ErasedBundles, Erasure, EventPage } from '../../shared/api.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { Problem } from '../../shared/problem.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { testEvents } from '../../test/support/test-log.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let reader: string
let open: string
let manager: string
beforeEach(async () => {
  opened = await openTestApp()
  const keyWith = async (
    ...permissions: ('audit_log.read' | 'audit_log.read_personal' | 'settings.manage')[]
  ) => (await opened.access.createKey({ name: permissions.join(), permissions }, local)).key
  reader = await keyWith('audit_log.read', 'audit_log.read_personal')
  open = await keyWith('audit_log.read')
  manager = await keyWith('settings.manage')
  await opened.log.writer.append(testEvents(0, 300))
  await opened.live.ready
})
afterEach(() => opened.close())

const get = async (path: string, key = reader) =>
  (await opened.app.request(path, { headers: bearer(key) })).json()
const erase = (body: unknown, key = manager) =>
  opened.app.request('/v1/erasures', {
    method: 'POST',
    headers: { ...Object.fromEntries(bearer(key)), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const request = { actor: 'u-1', basis: 'GDPR article 17' }

test('what was erased is gone from every answer and is said to be erased, not just withheld', async () => {
  const first = opened.log.writer.size - 300
  const before = EventPage.parse(await get('/v1/events?q=zoe@example.com'))
  expect(before.total).toBe(300)
  const done = Erasure.parse(await (await erase(request)).json())
  expect(done).toMatchObject({ entries: 300 })
  expect(EventPage.parse(await get('/v1/events?q=zoe@example.com')).total).toBe(0)
  expect(EventPage.parse(await get('/v1/events?actor=u-1')).total).toBe(300)
  const event = AuditEvent.parse(await get(`/v1/events/${first}`))
  expect(event).toMatchObject({ actor: { id: 'u-1', name: null, email: null }, metadata: { scan: 7 } })
  expect(event.erased).toEqual(expect.arrayContaining(['actor.name', 'actor.email', 'context.ip']))
  const told = AuditEvent.parse(await get(`/v1/events/${done.index}`))
  expect(told).toMatchObject({ action: 'auditlog.erased', metadata: { basis: request.basis, entries: 300 } })
  expect(told.erased).toBeUndefined()
})

test('a role without personal data tells the two apart', async () => {
  await erase(request)
  const place = opened.log.writer.size - 5
  const event = AuditEvent.parse(await get(`/v1/events/${place - 1}`, open))
  const before = AuditEvent.parse(await get('/v1/events/0', open))
  expect(before.withheld).toContain('actor.name')
  expect(before.erased).toBeUndefined()
  expect(event.withheld).toEqual(expect.arrayContaining(event.erased!))
})

test('followers learn which disclosures to fetch again, and what is missing there for good', async () => {
  expect(ErasedBundles.parse(await get('/v1/log/erasures'))).toEqual({ version: 0, bundles: [] })
  expect(BundleDisclosures.parse(await get('/v1/log/disclosures/0')).erased).toBeUndefined()
  await erase(request)
  const { version, bundles } = ErasedBundles.parse(await get('/v1/log/erasures?since=0'))
  expect({ version, bundles }).toEqual({ version: 2, bundles: [0, 1] })
  expect(ErasedBundles.parse(await get('/v1/log/erasures?since=2'))).toEqual({ version: 2, bundles: [] })
  const bundle = BundleDisclosures.parse(await get('/v1/log/disclosures/0'))
  expect(bundle.entries).toHaveLength(256)
  expect(bundle.erased).toHaveLength(256)
  expect(bundle.erased!.at(-1)).toContain('actor.name')
  expect(bundle.entries.at(-1)!.map(({ name }) => name)).not.toContain('actor.name')
})

test('an open stream tells the new version', async () => {
  const stream = await opened.app.request('/v1/stream', { headers: bearer(reader) })
  const lines = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await lines.read()).value).toContain('"erasures":0')
  await erase(request)
  let text = ''
  for (let ended = false; !ended && !text.includes('"erasures":2'); ) {
    const { done, value } = await lines.read()
    ended = done
    text += value ?? ''
  }
  expect(text).toContain('"erasures":2')
})

test('whoever asks without a ground, without the permission, or for nobody is refused', async () => {
  const refusal = async (response: Response) => Problem.parse(await response.json()).code
  expect(await refusal(await erase({ actor: 'u-1' }))).toBe('malformed')
  expect(await refusal(await erase({ ...request, basis: '' }))).toBe('malformed')
  expect(await refusal(await erase({ ...request, actor: 'nobody' }))).toBe('not_found')
  expect(await refusal(await erase(request, reader))).toBe('forbidden')
  expect(EventPage.parse(await get('/v1/events?q=zoe@example.com')).total).toBe(300)
})
