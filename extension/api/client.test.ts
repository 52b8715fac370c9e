import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { apiVersion } from '../../shared/api.ts'
import { openPanelServer } from '../../test/support/panel-server.ts'
import { testEvents } from '../../test/support/test-log.ts'
import { createClient } from './client.ts'
import { FailureError } from './failure.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A client of a server that answers everything so. */
async function clientOf(answer: RequestListener, options: { timeoutMs?: number } = {}) {
  const server: Server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return createClient({ server: url, token: () => 'secret-token', fetch, ...options })
}

async function failureOfCall(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(FailureError)
  return (error as FailureError).failure
}

describe('what goes wrong is told apart', () => {
  test('unreachable: nobody listens', async () => {
    const client = createClient({ server: 'http://127.0.0.1:1', token: () => null, fetch })
    expect(await failureOfCall(client.health())).toMatchObject({ kind: 'unreachable', code: 'no_answer' })
  })

  test('unreachable: no answer in time, nor its end', async () => {
    const silent = await clientOf(() => {}, { timeoutMs: 50 })
    expect(await failureOfCall(silent.health())).toMatchObject({ kind: 'unreachable', code: 'timeout' })
    const halting = await clientOf((_, response) => response.writeHead(200).write('{"status"'), {
      timeoutMs: 50,
    })
    expect(await failureOfCall(halting.health())).toMatchObject({ kind: 'unreachable', code: 'timeout' })
  })

  test.each([502, 503, 504])('unreachable: a gateway answers %i for a server that is away', async status => {
    const client = await clientOf((_, response) => response.writeHead(status).end('<html>Sorry</html>'))
    expect(await failureOfCall(client.health())).toMatchObject({ kind: 'unreachable', code: 'no_answer' })
  })

  test('refused: with what the problem says', async () => {
    const client = await clientOf((_, response) => {
      response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '7' })
      const problem = {
        type: 'about:blank',
        title: 't',
        status: 429,
        code: 'rate_limited',
        detail: 'slow down',
      }
      response.end(JSON.stringify({ ...problem, requestId: 'r-1', permission: 'audit_log.read' }))
    })
    expect(await failureOfCall(client.events({}))).toEqual({
      ...{ kind: 'refused', code: 'rate_limited', detail: 'slow down', status: 429, requestId: 'r-1' },
      ...{ permission: 'audit_log.read', retryAfter: 7 },
    })
  })

  test.each([
    [200, '<!doctype html><p>Please sign in to the Wi-Fi', 'not_json'],
    [200, '{"events":"none"}', 'wrong_shape'],
    [500, '<html>Internal error</html>', 'unexplained_status'],
    [404, '{"error":"not here"}', 'unexplained_status'],
  ])('misbehaved: %i %s', async (status, body, code) => {
    const client = await clientOf((_, response) => response.writeHead(status).end(body))
    expect(await failureOfCall(client.events({}))).toMatchObject({ kind: 'misbehaved', code })
  })

  test.each([
    [apiVersion - 1, 'server_too_old'],
    [apiVersion + 1, 'server_too_new'],
  ])('a server of API version %i is %s', async (version, code) => {
    const health = { status: 'up', product: 'trailside', apiVersion: version, serverVersion: '9' }
    const client = await clientOf((_, response) => response.end(JSON.stringify(health)))
    expect(await failureOfCall(client.health())).toMatchObject({ kind: 'misbehaved', code })
  })

  test('cancelled: by who asked', async () => {
    const client = await clientOf(() => {})
    const stop = new AbortController()
    const failing = failureOfCall(client.health(stop.signal))
    stop.abort()
    expect(await failing).toMatchObject({ kind: 'cancelled' })
  })

  test('a redirect is not followed: the token stays with its server', async () => {
    const stolen: unknown[] = []
    const thief = await clientOf((request, response) => {
      stolen.push(request.headers.authorization)
      response.end()
    })
    const client = await clientOf((_, response) =>
      response.writeHead(307, { location: `${thief.server}/v1/me` }).end(),
    )
    expect((await failureOfCall(client.me())).kind).toBe('unreachable')
    expect(stolen).toEqual([])
  })
})

test('requests carry the token in the header, and no cookies', async () => {
  const seen: unknown[] = []
  const client = await clientOf((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization, request.headers.cookie])
    response.writeHead(204).end()
  })
  await client.signOut()
  expect(seen).toEqual([['DELETE', '/v1/session', 'Bearer secret-token', undefined]])
})

describe('the live stream', () => {
  test('yields each size, however it is cut into pieces, and ends with the connection', async () => {
    const client = await clientOf(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const piece of [
        ': ping\n\neve',
        'nt: size\nda',
        'ta: {"size":3}\n',
        '\nevent: other\ndata: x\n\n',
      ]) {
        response.write(piece)
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      response.end('event: size\r\ndata: {"size": 4}\r\n\r\n')
    })
    const sizes: number[] = []
    for await (const { size } of client.stream(new AbortController().signal)) sizes.push(size)
    expect(sizes).toEqual([3, 4])
  })

  test('that breaks is unreachable; that is refused is refused', async () => {
    const breaking = await clientOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': ping\n\n', () => setTimeout(() => response.destroy(), 20))
    })
    const stream = breaking.stream(new AbortController().signal)
    expect((await failureOfCall(stream.next())).kind).toBe('unreachable')
    const refusing = await clientOf((_, response) => {
      const problem = { type: '', title: '', status: 401, code: 'session_expired', detail: '' }
      response.writeHead(401).end(JSON.stringify(problem))
    })
    const refused = refusing.stream(new AbortController().signal)
    expect(await failureOfCall(refused.next())).toMatchObject({ kind: 'refused', code: 'session_expired' })
  })
})

test('every call is understood by the real server', async () => {
  const server = await openPanelServer()
  closers.push(server.close)
  await server.append(testEvents(0, 300))
  const { token } = await server.signIn('owner')
  const client = createClient({ server: server.url, token: () => token, fetch })
  expect((await client.health()).product).toBe('trailside')
  expect((await client.me()).roles[0]?.id).toBe('owner')
  const filter = { actor: { include: ['u-1'], exclude: [] } }
  const page = await client.events(filter, { limit: 200, size: 290 })
  expect([page.total, page.size, page.events.length]).toEqual([290, 290, 200])
  const rest = await client.events(filter, { limit: 200, size: 290, cursor: page.nextCursor ?? undefined })
  expect([rest.events.length, rest.nextCursor]).toEqual([90, null])
  expect((await client.event(7)).index).toBe(7)
  const facets = await client.facets(filter, { fields: ['action', 'actor'], limit: 3, search: 'scan' })
  expect(Object.keys(facets.facets)).toEqual(['action', 'actor'])
  const day = Date.parse('2026-03-01T00:00:00.000Z')
  const histogram = await client.histogram(filter, { starts: [day, day + 3_600_000], end: day + 86_400_000 })
  expect(histogram.counts).toEqual([0, 300])
  expect(await client.checkpoint()).toMatch(/\n300\n/)
  expect((await client.entryBundle(1, 44)).length).toBeGreaterThan(44)
  expect((await client.disclosures(1)).entries).toHaveLength(44)

  const { user, oneTimePassword } = await client.createUser({
    name: 'A',
    email: 'a@example.com',
    roles: ['viewer'],
  })
  expect(oneTimePassword).not.toBeNull()
  expect((await client.resetPassword(user.id)).oneTimePassword).not.toBeNull()
  expect((await client.changeUser(user.id, { disabled: true })).disabled).toBe(true)
  expect((await client.users()).length).toBe(2)
  const role = await client.createRole({ name: 'Reader', description: '', permissions: ['audit_log.read'] })
  expect((await client.changeRole(role.id, { ...role, name: 'Readers' })).name).toBe('Readers')
  expect((await client.roles()).length).toBe(6)
  await client.deleteRole(role.id)
  const { apiKey } = await client.createKey({ name: 'agent', permissions: ['audit_log.write'] })
  expect((await client.keys()).map(({ id }) => id)).toContain(apiKey.id)
  await client.revokeKey(apiKey.id)
  await client.signOut()
  expect(await failureOfCall(client.me())).toMatchObject({ kind: 'refused', status: 401 })
})
