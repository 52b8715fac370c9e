/** Against a real HTTPS server: each thing that can be wrong is called by its name. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Certificate,
  createAuthority,
  createCertificate,
} from '../../test/support/platform/certificates.ts'
import { type StandInServer, serveStandIn } from '../../test/support/platform/https-server.ts'
import { createStandIn, type Mishap, platformKey } from '../../test/support/platform/stand-in.ts'
import { askPage } from './ask.ts'
import { openTransport, type Transport, type TransportSettings } from './transport.ts'
import { FeedError } from './trouble.ts'

let authority: Certificate
let good: Certificate
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  authority = await createAuthority()
  good = await createCertificate({ authority })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function standIn(
  certificate = good,
): Promise<{ platform: ReturnType<typeof createStandIn>; server: StandInServer }> {
  const platform = createStandIn({ clock: Date.now, history: 30 })
  const server = await serveStandIn(platform, certificate)
  closing.push(server.close)
  return { platform, server }
}

function open(settings: Partial<TransportSettings> = {}): Transport {
  const transport = openTransport({ certificateAuthority: authority.cert, proxy: null, ...settings })
  closing.push(() => transport.close())
  return transport
}

function ask(baseUrl: string, transport = open(), key = platformKey, isProxied = false) {
  const source = { kind: 'invicti-platform' as const, baseUrl, isProxied, credentials: { key, userId: null } }
  return askPage(source, transport, { page: 1, size: 10, sinceMs: null })
}

async function codeOf(asking: Promise<unknown>): Promise<string> {
  try {
    await asking
    return 'none'
  } catch (error) {
    if (!(error instanceof FeedError)) throw error
    expect(error.detail).not.toContain(platformKey)
    return error.code
  }
}

test('a page comes over TLS that a private authority vouches for', async () => {
  const { server } = await standIn()
  const page = await ask(server.url)
  expect(page).toMatchObject({ total: 30, size: 10 })
  expect(page.items).toHaveLength(10)
})

describe('certificates', () => {
  test('of an authority nobody gave are not trusted', async () => {
    const { server } = await standIn()
    expect(await codeOf(ask(server.url, open({ certificateAuthority: null })))).toBe('tls_untrusted')
  })

  test('that vouch for themselves are not trusted', async () => {
    const { server } = await standIn(await createCertificate())
    expect(await codeOf(ask(server.url))).toBe('tls_untrusted')
  })

  test('have an end, a beginning and a name', async () => {
    const dayMs = 86_400_000
    const now = Date.now()
    const expired = await createCertificate({ authority, fromMs: now - 9 * dayMs, toMs: now - dayMs })
    expect(await codeOf(ask((await standIn(expired)).server.url))).toBe('tls_expired')
    const early = await createCertificate({ authority, fromMs: now + dayMs, toMs: now + 9 * dayMs })
    expect(await codeOf(ask((await standIn(early)).server.url))).toBe('tls_not_yet_valid')
    const other = await createCertificate({ authority, host: 'other.example' })
    expect(await codeOf(ask((await standIn(other)).server.url))).toBe('tls_wrong_host')
  })
})

test.each<[string, Mishap]>([
  ['key_refused', { kind: 'status', status: 401 }],
  ['role_lacks_permission', { kind: 'status', status: 403, body: 'Forbidden' }],
  ['address_not_allowed', { kind: 'status', status: 403, body: 'Your IP is not on the allow list' }],
  ['wrong_address', { kind: 'status', status: 404 }],
  ['wrong_address', { kind: 'html' }],
  ['wrong_address', { kind: 'redirect' }],
  ['platform_failed', { kind: 'status', status: 502 }],
  ['request_refused', { kind: 'status', status: 422 }],
  ['unexpected_answer', { kind: 'garbage' }],
  ['rate_limited', { kind: 'rate_limited', retryAfter: 7 }],
  ['cut_off', { kind: 'cut' }],
])('%s is what %j is called', async (code, mishap) => {
  const { platform, server } = await standIn()
  platform.awkward.mishap = () => mishap
  expect(await codeOf(ask(server.url))).toBe(code)
})

test('a wrong key is refused, a wrong path found nothing', async () => {
  const { server } = await standIn()
  expect(await codeOf(ask(server.url, open(), 'another key'))).toBe('key_refused')
  expect(await codeOf(ask(`${server.url}/somewhere`))).toBe('wrong_address')
})

test('a name that does not exist, a port where nobody listens, and a port that speaks no TLS', async () => {
  expect(await codeOf(ask('https://no-such-host.invalid'))).toBe('name_not_resolved')
  const { server } = await standIn()
  await server.close()
  expect(await codeOf(ask(server.url))).toBe('refused')
  const { port } = await listen(createServer())
  expect(await codeOf(ask(`https://localhost:${port}`))).toBe('tls_failed')
})

test('an answer that does not come within its time is called so', async () => {
  const { platform, server } = await standIn()
  platform.awkward.mishap = () => ({ kind: 'stall' })
  expect(await codeOf(ask(server.url, open({ patienceMs: 50 })))).toBe('timed_out')
})

describe('a proxy', () => {
  test('carries the connection without reading it, and its own failures are its own', async () => {
    const { server } = await standIn()
    const tunnels: string[] = []
    const { port } = await listen(tunnelling(tunnels))
    const page = await ask(server.url, open({ proxy: `http://localhost:${port}` }), platformKey, true)
    expect(page.total).toBe(30)
    expect(tunnels).toEqual([new URL(server.url).host])
  })

  test('that refuses or is not there is a proxy’s failure', async () => {
    const { server } = await standIn()
    const refusing = createServer()
    refusing.on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    )
    const { port } = await listen(refusing)
    const proxy = `http://localhost:${port}`
    expect(await codeOf(ask(server.url, open({ proxy }), platformKey, true))).toBe('proxy_failed')
    const gone = await listen(createServer())
    await gone.close()
    const dead = open({ proxy: `http://localhost:${gone.port}` })
    expect(await codeOf(ask(server.url, dead, platformKey, true))).toBe('proxy_failed')
  })
})

function tunnelling(tunnels: string[]): Server {
  const server = createServer()
  server.on('connect', (request, client) => {
    tunnels.push(request.url!)
    const upstream = connect(Number(request.url!.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const end of [upstream, client]) end.on('error', () => {})
  })
  return server
}

async function listen(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  closing.push(close)
  return { port: (server.address() as AddressInfo).port, close }
}
