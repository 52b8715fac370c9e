import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Permission } from '../../shared/access.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { Problem } from '../../shared/problem.ts'
import { type NewSourceInput, Source, SourceStatuses, Sources, SourceTest } from '../../shared/sources.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { createAuthority } from '../../test/support/platform/certificates.ts'
import { enterpriseUser, platformKey } from '../../test/support/platform/stand-in.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let manager: string
let reader: string
beforeEach(async () => {
  opened = await openTestApp()
  const keyWith = async (...permissions: Permission[]) =>
    (await opened.access.createKey({ name: permissions.join(), permissions }, local)).key
  manager = await keyWith('settings.manage')
  reader = await keyWith('audit_log.read')
})
afterEach(() => opened.close())

const input: NewSourceInput = {
  name: 'Platform',
  kind: 'invicti-platform',
  baseUrl: 'https://platform.example/',
  key: platformKey,
}

async function call(method: string, path: string, body?: unknown, key = manager): Promise<Response> {
  const headers = { ...Object.fromEntries(bearer(key)), 'content-type': 'application/json' }
  return opened.app.request(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
async function add(changes: Partial<NewSourceInput> = {}): Promise<Source> {
  const response = await call('POST', '/v1/sources', { ...input, ...changes })
  expect(response.status).toBe(201)
  return Source.parse(await response.json())
}
async function refused(response: Promise<Response>): Promise<Problem> {
  return Problem.parse(await (await response).json())
}
const lastEvents = async (count: number) => {
  const { log } = opened
  const size = log.writer.size
  const stored = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const response = await call('GET', `/v1/events/${size - count + i}`, undefined, reader)
      return AuditEvent.parse(await response.json())
    }),
  )
  return stored
}
const until = (isTrue: () => Promise<boolean>) => expect.poll(isTrue, { timeout: 30_000 }).toBe(true)
const state = async () =>
  SourceStatuses.parse(await (await call('GET', '/v1/sources', undefined, reader)).json()).sources[0]

test('a source is added, pulled, and stands in the answers without its key', async () => {
  await opened.feed.start()
  const added = await add()
  expect(added).toMatchObject({
    name: 'Platform',
    settings: { baseUrl: 'https://platform.example', fromFile: false },
  })
  await until(async () => (await state())?.state === 'caught_up')
  const settings = await (await call('GET', '/v1/sources/settings')).text()
  expect(Sources.parse(JSON.parse(settings)).sources[0]).toMatchObject({ taken: 40, total: 40, behind: 0 })
  expect(settings).not.toContain(platformKey)
})

test('readers see how it stands, not how it is set', async () => {
  await add()
  const answer = await (await call('GET', '/v1/sources', undefined, reader)).text()
  expect(SourceStatuses.parse(JSON.parse(answer)).sources[0]).toMatchObject({ state: 'waiting', asOf: null })
  expect(answer).not.toContain('platform.example')
})

test('what people do with a source is told in the log, and no key is', async () => {
  const { id } = await add()
  await call('POST', `/v1/sources/${id}/pause`)
  await call('POST', `/v1/sources/${id}/pause`)
  await call('POST', `/v1/sources/${id}/resume`)
  await call('PATCH', `/v1/sources/${id}`, { intervalSeconds: 300, key: 'another key' })
  await call('PATCH', `/v1/sources/${id}`, { intervalSeconds: 300 })
  await call('DELETE', `/v1/sources/${id}`)
  const events = await lastEvents(5)
  const doings = ['source.added', 'source.paused', 'source.resumed', 'source.updated', 'source.removed']
  expect(events.map(({ action }) => action)).toEqual(doings)
  expect(events[3]!.changes).toEqual([
    { field: 'intervalSeconds', before: 60, after: 300 },
    { field: 'key', before: 'set', after: 'replaced' },
  ])
  expect(JSON.stringify(events)).not.toMatch(/another key|platform-key/)
})

test('the key goes nowhere else without being entered again', async () => {
  const { certificate } = { certificate: (await createAuthority()).cert }
  const { id } = await add({ proxy: 'http://me:secret@proxy.example:3128' })
  for (const change of [
    { baseUrl: 'https://elsewhere.example' },
    { proxy: 'http://elsewhere.example:3128' },
    { certificateAuthority: certificate },
  ]) {
    for (const path of ['', '/test']) {
      const method = path ? 'POST' : 'PATCH'
      expect((await refused(call(method, `/v1/sources/${id}${path}`, change))).errors?.[0]?.path).toBe('key')
    }
  }
  const same = { name: 'Renamed', proxy: 'http://me:***@proxy.example:3128/' }
  expect((await call('PATCH', `/v1/sources/${id}`, same)).status).toBe(200)
  const moved = await call('PATCH', `/v1/sources/${id}`, { baseUrl: 'https://elsewhere.example', key: 'k' })
  expect(await moved.json()).toMatchObject({ settings: { baseUrl: 'https://elsewhere.example' } })
})

test('a proxy’s password is a secret too', async () => {
  await add({ proxy: 'http://me:secret@proxy.example:3128' })
  const text = await (await call('GET', '/v1/sources/settings')).text()
  expect(text).toContain('http://me:***@proxy.example:3128')
  expect(text).not.toContain('secret@')
  expect(JSON.stringify(await lastEvents(1))).not.toContain('secret@')
})

test.each<[string, Partial<NewSourceInput>, string]>([
  ['no TLS', { baseUrl: 'http://platform.example' }, 'baseUrl'],
  ['an address of the API itself', { baseUrl: 'https://platform.example/api/identity/v1' }, 'baseUrl'],
  ['a user in the address', { baseUrl: 'https://me:you@platform.example' }, 'baseUrl'],
  ['no certificate', { certificateAuthority: 'hello' }, 'certificateAuthority'],
  ['a proxy of another kind', { proxy: 'socks5://proxy.example' }, 'proxy'],
  ['a sibling without a user id', { kind: 'invicti-enterprise' }, 'userId'],
  ['too short an interval', { intervalSeconds: 1 }, 'intervalSeconds'],
  ['a day that is none', { startDate: 'yesterday' }, 'startDate'],
])('%s is refused by name', async (_what, changes, path) => {
  const problem = await refused(call('POST', '/v1/sources', { ...input, ...changes }))
  expect(problem).toMatchObject({ code: 'malformed', errors: [{ path }] })
})

test('the same platform twice, and the same name twice, are refused', async () => {
  await add()
  expect((await refused(call('POST', '/v1/sources', { ...input, name: 'Other' }))).code).toBe('conflict')
  const other = { ...input, baseUrl: 'https://other.example' }
  expect((await refused(call('POST', '/v1/sources', other))).code).toBe('conflict')
})

test('accounts of the sibling do not share ids', async () => {
  const enterprise = {
    kind: 'invicti-enterprise' as const,
    userId: enterpriseUser.id,
    key: enterpriseUser.token,
  }
  opened.platform.happen(1)
  await add({ ...enterprise, name: 'One', baseUrl: 'https://one.example' })
  await add({ ...enterprise, name: 'Two', baseUrl: 'https://two.example' })
  await opened.feed.start()
  await until(async () => (await opened.feed.list()).every(({ state }) => state === 'caught_up'))
  expect(opened.log.writer.size).toBeGreaterThanOrEqual(82)
})

describe('a test', () => {
  const tried = async (body: Partial<NewSourceInput> = {}) =>
    SourceTest.parse(await (await call('POST', '/v1/sources/test', { ...input, ...body })).json())

  test('says what it found', async () => {
    expect(await tried()).toMatchObject({
      ok: true,
      total: 40,
      newest: expect.stringMatching(/Z$/),
      warnings: [],
    })
  })

  test('says what is wrong and what to do', async () => {
    const { ok, trouble } = await tried({ key: 'wrong' })
    expect([ok, trouble?.code, trouble?.detail]).toEqual([false, 'key_refused', 'HTTP 401'])
    expect(trouble?.advice).toContain('new API key')
  })

  test('warns of clocks apart, and of names that cannot be looked up', async () => {
    opened.platform.awkward.clockSkewMs = 600_000
    const { ok, warnings } = await tried({ usersPath: '/api/people', targetsPath: '/api/nowhere' })
    expect(ok).toBe(true)
    expect(warnings.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      'clock_skew the platform’s clock is 10 minutes ahead',
      'wrong_address /api/nowhere: HTTP 404',
    ])
  })

  test('of a source that is there uses its key', async () => {
    const { id } = await add()
    const response = await call('POST', `/v1/sources/${id}/test`, { intervalSeconds: 120 })
    expect(SourceTest.parse(await response.json())).toMatchObject({ ok: true })
  })
})

test('a source that fails says so to readers and to metrics, and stands behind nothing it cannot know', async () => {
  opened.platform.awkward.mishap = () => ({ kind: 'status', status: 401 })
  const { id } = await add()
  await opened.feed.start()
  await until(async () => (await state())?.state === 'failing')
  expect(await state()).toMatchObject({
    behind: null,
    total: null,
    asOf: null,
    trouble: { code: 'key_refused' },
  })
  const metrics = await (await opened.app.request('/metrics')).text()
  expect(metrics).toContain(`trailside_source_failing{source="${id}",name="Platform"} 1`)
  expect(metrics).not.toContain('trailside_source_lag_seconds{')
})

test('a source that is set up by a file is changed there alone, and goes when the file names it no more', async () => {
  const fromFile = {
    ...input,
    userId: null,
    intervalSeconds: 60,
    startDate: null,
    certificateAuthority: null,
  }
  const whole = { ...fromFile, proxy: null, usersPath: null, targetsPath: null }
  await opened.feed.applyFile([whole], local)
  const [source] = await opened.feed.list()
  expect(source).toMatchObject({ settings: { fromFile: true } })
  expect((await refused(call('PATCH', `/v1/sources/${source!.id}`, { name: 'x' }))).code).toBe('conflict')
  expect((await refused(call('DELETE', `/v1/sources/${source!.id}`))).code).toBe('conflict')
  const size = opened.log.writer.size
  await opened.feed.applyFile([whole], local)
  expect(opened.log.writer.size).toBe(size)
  await opened.feed.applyFile([{ ...whole, intervalSeconds: 90 }], local)
  expect((await opened.feed.list())[0]).toMatchObject({ id: source!.id, settings: { intervalSeconds: 90 } })
  await opened.feed.applyFile([], local)
  expect(await opened.feed.list()).toEqual([])
})

test('a paused source is not asked, and a removed one is gone with its place', async () => {
  const { id } = await add()
  await call('POST', `/v1/sources/${id}/pause`)
  await opened.feed.start()
  expect((await refused(call('POST', `/v1/sources/${id}/run`))).code).toBe('conflict')
  expect(await state()).toMatchObject({ state: 'paused', nextAttemptAt: null })
  expect(opened.platform.requests()).toBe(0)
  expect((await call('DELETE', `/v1/sources/${id}`)).status).toBe(204)
  expect((await refused(call('POST', `/v1/sources/${id}/run`))).code).toBe('not_found')
})
