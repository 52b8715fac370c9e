import { afterEach, describe, expect, test } from 'vitest'
import { CreatedApiKey, CreatedUser, Me, Session, Users } from '../../shared/api.ts'
import { Problem } from '../../shared/problem.ts'
import { goodPassword, local, otherPassword } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'

let close = async () => {}
afterEach(() => close())

async function open() {
  const opened = await openTestApp()
  close = opened.close
  const call = (method: string, path: string, token?: string, body?: unknown) =>
    opened.app.request(path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const problem = async (response: Response | Promise<Response>) => {
    const answer = await response
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const read = Problem.parse(await answer.json())
    expect(read.status).toBe(answer.status)
    expect(read.requestId).toMatch(/^[0-9a-f-]{36}$/)
    return read
  }
  return { ...opened, call, problem }
}

test('a person’s first day: one-time password, own password, work, sign-out', async () => {
  const { call, problem, access } = await open()
  const { oneTimePassword } = await access.createUser(
    { name: 'Anna', email: 'anna@example.org', roles: ['owner'] },
    local,
  )
  const credentials = { email: 'anna@example.org', password: oneTimePassword }
  const { token } = Session.parse(await (await call('POST', '/v1/session', undefined, credentials)).json())
  const me = Me.parse(await (await call('GET', '/v1/me', token)).json())
  expect(me).toMatchObject({ mustChangePassword: true, cacheKey: null, serverVersion: '0.0.0-test' })
  for (const path of ['/v1/events', '/v1/users', '/v1/log/checkpoint']) {
    expect(await problem(call('GET', path, token))).toMatchObject({
      status: 403,
      code: 'password_change_required',
    })
  }
  const weak = { current: oneTimePassword, next: 'password1234' }
  expect(await problem(call('POST', '/v1/me/password', token, weak))).toMatchObject({
    status: 422,
    code: 'weak_password',
    detail: expect.stringContaining('will do'),
  })
  const change = { current: oneTimePassword, next: otherPassword }
  expect((await call('POST', '/v1/me/password', token, change)).status).toBe(204)
  const users = Users.parse(await (await call('GET', '/v1/users', token)).json())
  expect(users.users).toMatchObject([
    { name: 'Anna', disabled: false, lastSignInAt: '2026-03-01T08:00:00.000Z' },
  ])
  expect((await call('DELETE', '/v1/session', token)).status).toBe(204)
  expect(await problem(call('GET', '/v1/me', token))).toMatchObject({ status: 401, code: 'session_expired' })
})

test('an Owner makes a user, a role and a key, changes and removes them', async () => {
  const { call, join } = await open()
  const { token } = await join('Olga', 'owner')
  const role = await call('POST', '/v1/roles', token, { name: 'Feed', permissions: ['audit_log.write'] })
  expect(role.status).toBe(201)
  expect(await role.json()).toEqual({
    id: 'feed',
    name: 'Feed',
    description: '',
    permissions: ['audit_log.write'],
    builtIn: false,
  })
  const made = await call('POST', '/v1/users', token, { name: 'V', email: 'v@example.org', roles: ['feed'] })
  const { user, oneTimePassword } = CreatedUser.parse(await made.json())
  expect(oneTimePassword).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/)
  const path = `/v1/users/${user.id}`
  expect((await call('PATCH', path, token, { roles: ['viewer'] })).status).toBe(200)
  expect((await call('PATCH', path, token, { disabled: true })).status).toBe(200)
  expect((await call('POST', `${path}/password`, token)).status).toBe(200)
  const { key, apiKey } = CreatedApiKey.parse(
    await (await call('POST', '/v1/keys', token, { name: 'k', role: 'feed' })).json(),
  )
  expect((await call('GET', '/v1/me', key)).status).toBe(200)
  expect((await call('DELETE', '/v1/roles/feed', token)).status).toBe(409)
  expect((await call('DELETE', `/v1/keys/${apiKey.id}`, token)).status).toBe(204)
  expect((await call('GET', '/v1/me', key)).status).toBe(401)
  expect((await call('DELETE', '/v1/roles/feed', token)).status).toBe(204)
})

test('too many failed sign-ins say when to come back', async () => {
  const { call, problem, join } = await open()
  const { email } = await join('Olga', 'owner')
  const attempt = (password: string) => call('POST', '/v1/session', undefined, { email, password })
  for (let n = 0; n < 5; n++) expect(await problem(attempt('wrong'))).toMatchObject({ status: 401 })
  const response = await attempt(goodPassword)
  expect(response.headers.get('retry-after')).toBe('900')
  expect(await problem(response)).toMatchObject({ status: 429, code: 'locked_out', retryAfter: 900 })
})

describe('what does not fit is refused as a problem', () => {
  test.each([
    ['not JSON', '{"name":', '', 400],
    ['no body of the right kind', '[]', '', 400],
    ['a field missing', '{"name":"V","roles":["viewer"]}', 'email', 400],
    ['an e-mail that is none', '{"name":"V","email":"v","roles":["viewer"]}', 'email', 400],
    ['no roles', '{"name":"V","email":"v@example.org","roles":[]}', 'roles', 400],
    ['a role that is not there', '{"name":"V","email":"v@example.org","roles":["x"]}', 'roles', 400],
  ])('%s', async (_what, body, path, status) => {
    const { call, problem, join } = await open()
    const { token } = await join('Olga', 'owner')
    const refused = await problem(call('POST', '/v1/users', token, body))
    expect(refused).toMatchObject({ status, code: 'malformed' })
    if (path) expect(refused.errors).toContainEqual({ path, message: expect.any(String) })
  })

  test.each(['\u0000hidden', 'two\nlines', 'half\uD800'])(
    'a name that is no line of text: %j',
    async name => {
      const { call, problem, join } = await open()
      const { token } = await join('Olga', 'owner')
      const bodies = {
        '/v1/roles': { name, permissions: [] },
        '/v1/users': { name, email: 'v@example.org', roles: ['viewer'] },
        '/v1/keys': { name, role: 'viewer' },
      }
      for (const [path, body] of Object.entries(bodies)) {
        const refused = await problem(call('POST', path, token, body))
        expect(refused, path).toMatchObject({ status: 400, code: 'malformed' })
        expect(refused.errors, path).toContainEqual({ path: 'name', message: expect.any(String) })
      }
    },
  )

  test('a route that is not there', async () => {
    const { call, problem } = await open()
    expect(await problem(call('GET', '/v1/nothing'))).toMatchObject({ status: 404, code: 'not_found' })
    expect(await problem(call('PATCH', '/v1/me'))).toMatchObject({ status: 404 })
  })

  test('a failure of ours says nothing of its cause', async () => {
    const { app, problem, access } = await open()
    Object.assign(access, { signIn: () => Promise.reject(new Error('disk I/O error at /srv/secret')) })
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":"a@b.cd","password":"x"}',
    }
    const refused = await problem(app.request('/v1/session', init))
    expect(refused).toMatchObject({ status: 500, code: 'internal' })
    expect(JSON.stringify(refused)).not.toContain('disk')
  })
})
