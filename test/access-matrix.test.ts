/**
 * Every door, tried by everyone: each route of the OpenAPI document as each default role, as a role and a key with
 * one permission each, and as all those who are nobody (any more).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPermissions, defaultRoles, type Permission } from '../shared/access.ts'
import { toHex, utf8 } from '../shared/log/bytes.ts'
import { sha256 } from '../shared/log/sha256.ts'
import { Problem } from '../shared/problem.ts'
import { facts, goodPassword, local } from './support/access.ts'
import { openTestApp } from './support/app.ts'
import { testEvent, testOrg } from './support/test-log.ts'
import { submission } from './support/test-witness.ts'

type Requirement = Permission | 'signed_in' | 'open'

/** What each route must ask for: written here by hand, so that a route cannot change its own lock unnoticed. */
const locks: Record<string, Requirement> = {
  'GET /': 'open',
  'GET /openapi.json': 'open',
  'GET /open': 'open',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'open',
  'POST /v1/session': 'open',
  'DELETE /v1/session': 'signed_in',
  'GET /v1/me': 'signed_in',
  'POST /v1/me/password': 'signed_in',
  'GET /v1/me/views': 'audit_log.read',
  'PUT /v1/me/views': 'audit_log.read',
  'GET /v1/users': 'access.manage',
  'POST /v1/users': 'access.manage',
  'PATCH /v1/users/{id}': 'access.manage',
  'POST /v1/users/{id}/password': 'access.manage',
  'GET /v1/roles': 'access.manage',
  'POST /v1/roles': 'access.manage',
  'PUT /v1/roles/{id}': 'access.manage',
  'DELETE /v1/roles/{id}': 'access.manage',
  'GET /v1/keys': 'access.manage',
  'POST /v1/keys': 'access.manage',
  'DELETE /v1/keys/{id}': 'access.manage',
  'POST /v1/events': 'audit_log.write',
  'GET /v1/events': 'audit_log.read',
  'GET /v1/events/{id}': 'audit_log.read',
  'GET /v1/facets': 'audit_log.read',
  'GET /v1/histogram': 'audit_log.read',
  'POST /v1/exports': 'audit_log.export',
  'GET /v1/log/checkpoint': 'audit_log.read',
  'GET /v1/log/consistency': 'audit_log.read',
  'GET /v1/log/tile/{path}': 'audit_log.read',
  'GET /v1/log/disclosures/{bundle}': 'audit_log.read',
  'GET /v1/log/receipts/{index}': 'audit_log.read',
  'GET /v1/log/keys': 'audit_log.read',
  'GET /v1/log/witnesses': 'audit_log.read',
  'POST /v1/log/cosignatures': 'audit_log.read',
  'GET /v1/log/erasures': 'audit_log.read',
  'POST /v1/log/keys': 'settings.manage',
  'POST /v1/log/acceptances': 'audit_log.read',
  'POST /v1/erasures': 'settings.manage',
  'POST /v1/imports': 'audit_log.write',
  'GET /v1/sources': 'audit_log.read',
  'GET /v1/sources/settings': 'settings.manage',
  'POST /v1/sources': 'settings.manage',
  'POST /v1/sources/test': 'settings.manage',
  'PATCH /v1/sources/{id}': 'settings.manage',
  'DELETE /v1/sources/{id}': 'settings.manage',
  'POST /v1/sources/{id}/test': 'settings.manage',
  'POST /v1/sources/{id}/pause': 'settings.manage',
  'POST /v1/sources/{id}/resume': 'settings.manage',
  'POST /v1/sources/{id}/run': 'settings.manage',
  'GET /v1/settings/retention': 'settings.manage',
  'PUT /v1/settings/retention': 'settings.manage',
  'POST /v1/settings/retention/runs': 'settings.manage',
  'GET /v1/holds': 'settings.manage',
  'POST /v1/holds': 'settings.manage',
  'DELETE /v1/holds/{id}': 'settings.manage',
  'GET /v1/stream': 'audit_log.read',
  'POST /witness/add-checkpoint': 'open',
  'GET /witness/{origin}/checkpoint': 'open',
}

/** What makes a call sensible where the route alone does not. */
const addresses: Record<string, string> = {
  '/v1/events/{id}': '/v1/events/0',
  '/v1/histogram': '/v1/histogram?starts=0&end=4102444800000',
  '/v1/log/consistency': '/v1/log/consistency?from=1&to=1',
  '/v1/log/tile/{path}': '/v1/log/tile/entries/000.p/1',
  '/v1/log/disclosures/{bundle}': '/v1/log/disclosures/0',
  '/v1/log/receipts/{index}': '/v1/log/receipts/0',
  '/witness/{origin}/checkpoint': `/witness/${toHex(sha256(utf8(`trailside.local/${testOrg}`)))}/checkpoint`,
}

/** What stands in the log and among the users, and must not be in any refusal. */
const secrets = ['zoe@example.com', 'Zoë', 'scan.started', 'somebody.else@example.org', 'Somebody Else']

interface Sender {
  name: string
  /** Null: nobody, who must get 401 wherever the route is not open. */
  permissions: readonly Permission[] | null
  /** A token for one call: signing out must not spoil the next one. */
  token(): Promise<string | null>
}

type App = Awaited<ReturnType<typeof openTestApp>>
let opened: App
let senders: Sender[]
let operations: { name: string; method: string; path: string; requirement: unknown }[]

beforeAll(async () => {
  opened = await openTestApp()
  await opened.log.writer.append([testEvent(1)])
  await opened.live.ready
  await opened.witnessing.peer!.addCheckpoint(await submission(opened.log, 0), facts)
  await opened.join('Somebody Else', 'owner')
  senders = [
    ...(await usersOfEachRole(opened)),
    ...(await onePermissionEach(opened)),
    ...(await nobodies(opened)),
  ]
  const document = (await (await opened.app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { 'x-permission'?: unknown }>>
  }
  // The generator takes a path with a dot for a static file and leaves it out: the document does not name itself.
  const paths = { '/openapi.json': { get: { 'x-permission': 'open' } }, ...document.paths }
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: addresses[path] ?? path.replaceAll(/\{\w+\}/g, 'no-such-id'),
      requirement: operation['x-permission'],
    })),
  )
})

afterAll(() => opened.close())

test('the document names every route there is, each with the lock it must have', () => {
  const documented = Object.fromEntries(operations.map(({ name, requirement }) => [name, requirement]))
  expect(documented).toEqual(locks)
  const served = opened.app.routes
    .filter(route => route.method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{.*?\}(?=\/|$))?/g, '{$1}')}`)
  expect(new Set(served)).toEqual(new Set(Object.keys(locks)))
})

describe('whoever knocks', () => {
  test.each(Object.entries(locks))('at %s (%s) gets in or not by what they hold', async (name, lock) => {
    const { method, path } = operations.find(operation => operation.name === name)!
    for (const sender of senders) {
      const token = await sender.token()
      const response = await call(method, path, token)
      const expected = expectedOf(lock, sender)
      const what = `${sender.name} at ${name}`
      if (expected === 'in') await expectEntry(response, method, what)
      else await expectRefusal(response, expected, lock, what)
    }
  })
})

test('each refusal for want of a permission is an event', async () => {
  const { join, app, log, live } = opened
  const { token, id } = await join('Denied', 'viewer')
  const size = log.writer.size
  const headers = { authorization: `Bearer ${token}` }
  await app.request('/v1/events?action=user.login', { headers })
  await app.request('/v1/events?action=user.login', { headers })
  expect(log.writer.size).toBe(size + 1)
  const owner = await join('Looks It Up', 'owner')
  await expect.poll(() => live.size).toBe(log.writer.size)
  const found = await app.request('/v1/events?action=auditlog.access_denied&limit=1', {
    headers: { authorization: `Bearer ${owner.token}` },
  })
  const { events } = (await found.json()) as { events: unknown[] }
  expect(events[0]).toMatchObject({
    source: 'trailside',
    outcome: 'denied',
    actor: { id, name: 'Denied' },
    metadata: { permission: 'audit_log.read', method: 'GET', path: '/v1/events' },
  })
})

async function usersOfEachRole({ access, join }: App): Promise<Sender[]> {
  return Promise.all(
    defaultRoles.map(async role => {
      const { email } = await join(`The ${role.name}`, role.id)
      const token = async () => (await access.signIn({ email, password: goodPassword }, facts)).token
      return { name: role.name, permissions: role.permissions, token }
    }),
  )
}

async function onePermissionEach({ access, join }: App): Promise<Sender[]> {
  const both = allPermissions.map(async permission => {
    const permissions = [permission]
    const role = await access.createRole({ name: `Only ${permission}`, description: '', permissions }, local)
    const { email } = await join(`Only ${permission}`, role.id)
    const { key } = await access.createKey({ name: permission, permissions }, local)
    const token = async () => (await access.signIn({ email, password: goodPassword }, facts)).token
    return [
      { name: `a user with ${permission}`, permissions, token },
      { name: `a key with ${permission}`, permissions, token: async () => key },
    ]
  })
  return (await Promise.all(both)).flat()
}

async function nobodies({ access, join, time }: App): Promise<Sender[]> {
  const { key, apiKey } = await access.createKey({ name: 'revoked', role: 'owner' }, local)
  await access.revokeKey(apiKey.id, local)
  const soon = new Date(time.now + 1000).toISOString()
  const { key: oldKey } = await access.createKey({ name: 'expired', role: 'owner', expiresAt: soon }, local)
  const expired = await join('Expired', 'owner')
  time.now += 13 * 3_600_000
  const gone = await join('Gone', 'owner')
  await access.signOut(gone.by)
  const disabled = await join('Disabled', 'owner')
  await access.changeUser(disabled.id, { disabled: true }, local)
  const named = {
    'no token': null,
    'a made-up token': `tss_${'A'.repeat(43)}`,
    'a made-up key': `tsk_${'A'.repeat(43)}`,
    'a revoked key': key,
    'an expired key': oldKey,
    'an expired session': expired.token,
    'a session signed out of': gone.token,
    'a disabled user': disabled.token,
  }
  return Object.entries(named).map(([name, token]) => ({ name, permissions: null, token: async () => token }))
}

function call(method: string, path: string, token: string | null): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' })
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  return Promise.resolve(
    opened.app.request(path, { method, headers, ...(method !== 'GET' && { body: '{}' }) }),
  )
}

function expectedOf(lock: Requirement, { permissions }: Sender): 'in' | 401 | 403 {
  if (lock === 'open') return 'in'
  if (permissions === null) return 401
  return lock === 'signed_in' || permissions.includes(lock) ? 'in' : 403
}

/** What was asked is nonsense where something would be changed, so that it may be refused for that alone. */
async function expectEntry(response: Response, method: string, what: string): Promise<void> {
  const fine = method === 'GET' ? [200] : [200, 201, 204, 400, 404, 409]
  expect(fine, what).toContain(response.status)
  await response.body?.cancel()
}

async function expectRefusal(
  response: Response,
  status: number,
  lock: Requirement,
  what: string,
): Promise<void> {
  expect(response.status, what).toBe(status)
  expect(response.headers.get('content-type'), what).toBe('application/problem+json')
  expect(response.headers.get('cache-control'), what).toBe('no-store')
  const text = await response.text()
  const problem = Problem.parse(JSON.parse(text))
  expect(problem.permission, what).toBe(status === 403 ? lock : undefined)
  const told = ['type', 'title', 'status', 'code', 'detail', 'requestId', 'permission']
  expect(
    Object.keys(problem).every(key => told.includes(key)),
    what,
  ).toBe(true)
  for (const secret of secrets) expect(text, what).not.toContain(secret)
}
