import Dexie from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import {
  type Browser,
  createBrowser,
  isWhole,
  nextNews,
  type PanelWindow,
} from '../../test/support/panel-window.ts'
import { testEvent, testEvents } from '../../test/support/test-log.ts'
import { witnessDatabaseName } from '../cache/witness-store.ts'
import type { WorkerSession } from './protocol.ts'

let server: PanelServer
let browser: Browser

beforeEach(async () => {
  server = await openPanelServer()
  browser = createBrowser(server)
})
afterEach(async () => {
  await browser.close()
  await server.close()
})

const openWindow = (): PanelWindow => browser.openWindow()
const openWhole = (session: WorkerSession): Promise<PanelWindow> => browser.openWhole(session)

describe('a log that is opened', () => {
  test('is held whole and answers from here', async () => {
    await server.append(testEvents(0, 700))
    const { log, status } = await openWhole(await server.signIn())
    expect(status()).toMatchObject({ size: 700, held: 700, complete: true, damaged: 0, failure: null })
    const view = { filter: {}, size: 700 }
    const before = server.network.requests.length
    const answer = await log.call('rows', view, { offset: 690, limit: 50 })
    expect(answer).toMatchObject({ exact: true, source: 'local', total: 700 })
    expect(answer.rows.map(row => row.index)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    expect((await log.call('event', 300))?.actor.email).toBe('zoe@example.com')
    expect(await log.call('timeRange', view)).toEqual({
      first: '2026-03-01T10:00:00.000Z',
      last: '2026-03-01T10:00:00.000Z',
    })
    const facets = await log.call('facets', view, { fields: ['action'], limit: 5 })
    expect(facets.facets.action?.values).toEqual([
      { value: 'scan.started', label: 'Scan started', count: 700 },
    ])
    expect(server.network.requests.length).toBe(before)
  })

  test('hears of new events and takes each in once', async () => {
    await server.append(testEvents(0, 250))
    const { log, until } = await openWhole(await server.signIn())
    await server.append(testEvents(250, 260))
    await until(isWhole(260))
    expect(await log.call('arrivedSince', {}, 250)).toEqual({ count: 10, size: 260 })
    const view = { filter: {}, size: 260 }
    const { rows, total } = await log.call('rows', view, { offset: 0, limit: 1000 })
    expect(total).toBe(260)
    expect(new Set(rows.map(row => row.index)).size).toBe(260)
    expect((await log.call('total', { filter: {}, size: 250 })).total).toBe(250)
  })

  test('has no gap and no repeat after the network went and came', async () => {
    await server.append(testEvents(0, 100))
    const { log, until } = await openWhole(await server.signIn())
    for (const size of [300, 520, 521]) {
      server.network.cut()
      const { lastContact } = await until(status => status.phase === 'offline')
      expect(lastContact).not.toBeNull()
      expect(await log.call('total', { filter: {}, size: server.size() })).toMatchObject({ exact: true })
      await server.append(testEvents(server.size(), size))
      server.network.mend()
      await until(isWhole(size))
    }
    const { rows } = await log.call('rows', { filter: {}, size: 521 }, { offset: 0, limit: 1000 })
    expect(rows.map(row => row.index)).toEqual(Array.from({ length: 521 }, (_, i) => 520 - i))
  })

  test('follows again after the server ended the stream', async () => {
    await server.append(testEvents(0, 10))
    const { until } = await openWhole(await server.signIn())
    await server.endStreams()
    await server.append(testEvents(10, 12))
    await until(isWhole(12))
  })

  test('goes on where it was stopped, and fetches no sealed bundle twice', async () => {
    await server.append(testEvents(0, 256 * 6))
    const session = await server.signIn()
    let bundles = 0
    server.network.intercept = path => {
      if (path.includes('/entries/') && ++bundles > 2) throw new TypeError('fetch failed')
      return undefined
    }
    const first = openWindow()
    await first.log.call('open', session)
    const { held } = await first.until(status => status.phase === 'offline')
    expect(held).toBeGreaterThan(0)
    await first.close()
    server.network.intercept = () => undefined
    server.network.requests.length = 0
    await openWhole(session)
    const fetched = server.network.requests.filter(path => path.includes('/entries/'))
    expect(fetched.length).toBe(6 - held / 256)
  })

  test('opens without the server on what is cached', async () => {
    await server.append(testEvents(0, 300))
    const session = await server.signIn()
    await (await openWhole(session)).close()
    server.network.cut()
    const { log, until } = openWindow()
    await log.call('open', session)
    const status = await until(({ phase, complete }) => phase === 'offline' && complete)
    expect(status).toMatchObject({ size: 300, held: 300, failure: { kind: 'unreachable' } })
    const filter = { text: { include: ['zoë'], exclude: [] } }
    expect(await log.call('total', { filter, size: 300 })).toMatchObject({ total: 300, exact: true })
    expect((await log.call('event', 299))?.id).toBe('299')
  })
})

describe('access', () => {
  test('a session that ends keeps the cache, and a new token goes on', async () => {
    await server.append(testEvents(0, 20))
    const session = await server.signIn()
    const { log, until } = await openWhole(session)
    server.network.intercept = path => (path.startsWith('/v1/') ? problem(401, 'session_expired') : undefined)
    await server.endStreams()
    await until(({ phase }) => phase === 'expired')
    expect(await log.call('total', { filter: {}, size: 20 })).toMatchObject({ total: 20 })
    server.network.intercept = () => undefined
    await server.append(testEvents(20, 25))
    await log.call('renew', session.token)
    await until(isWhole(25))
  })

  test('losing the permission to read deletes everything and refuses, also offline', async () => {
    await server.append(testEvents(0, 20))
    const session = await server.signIn()
    const { log, until, close } = await openWhole(session)
    server.network.intercept = path => (path === '/v1/me' ? undefined : problem(403, 'forbidden'))
    await server.endStreams()
    await until(({ phase }) => phase === 'forbidden')
    await expect(log.call('rows', { filter: {}, size: 20 }, { offset: 0, limit: 9 })).rejects.toMatchObject({
      failure: { kind: 'refused', code: 'forbidden', permission: 'audit_log.read' },
    })
    await close()
    server.network.cut()
    const again = openWindow()
    await again.log.call('open', session)
    expect((await again.until(({ phase }) => phase === 'offline')).held).toBe(0)
  })

  test('a changed role deletes what was kept and says so', async () => {
    await server.append(testEvents(0, 20))
    const session = await server.signIn()
    const { log } = await openWhole(session)
    const changed = nextNews(log, 'accessChanged')
    await server.access.changeUser(
      session.userId,
      { roles: ['security-analyst', 'administrator'] },
      server.byOwner,
    )
    await server.endStreams()
    expect((await changed).accessVersion).not.toBe(session.accessVersion)
  })

  test('signing out deletes what was kept', async () => {
    await server.append(testEvents(0, 20))
    const session = await server.signIn()
    await (await openWhole(session)).close({ purge: true })
    server.network.cut()
    const { log, until } = openWindow()
    await log.call('open', session)
    expect((await until(({ phase }) => phase === 'offline')).held).toBe(0)
  })
})

describe('several windows', () => {
  test('one of them syncs, all of them show', async () => {
    await server.append(testEvents(0, 600))
    const session = await server.signIn()
    const first = await openWhole(session)
    server.network.requests.length = 0
    const second = openWindow()
    await second.log.call('open', session)
    await second.until(isWhole(600))
    await server.append(testEvents(600, 610))
    await Promise.all([first.until(isWhole(610)), second.until(isWhole(610))])
    expect(server.network.requests.filter(path => path.includes('/entries/'))).toEqual([
      '/v1/log/tile/entries/002.p/98',
    ])
    expect((await second.log.call('total', { filter: {}, size: 610 })).total).toBe(610)
  })

  test('when the one that syncs goes, another takes over', async () => {
    await server.append(testEvents(0, 10))
    const session = await server.signIn()
    const first = await openWhole(session)
    const second = openWindow()
    await second.log.call('open', session)
    await second.until(isWhole(10))
    await first.close()
    await server.append(testEvents(10, 14))
    await second.until(isWhole(14))
  })
})

describe('what is on disk', () => {
  test('shows its newest rows before the rest is read', async () => {
    await server.append(testEvents(0, 256 * 12))
    const session = await server.signIn()
    await (await openWhole(session)).close()
    server.network.cut()
    const { log, until } = openWindow()
    const opened = await log.call('open', session)
    const first = await log.call('rows', { filter: {}, size: 3072 }, { offset: 0, limit: 5 })
    expect(first.rows.map(row => row.index)).toEqual([3071, 3070, 3069, 3068, 3067])
    expect([opened.held, first.total]).not.toContain(3072)
    expect(first.exact).toBe(false)
    await until(({ complete }) => complete)
  })

  test('is fetched again where it was damaged, and that is said', async () => {
    await server.append(testEvents(0, 600))
    const session = await server.signIn()
    await (await openWhole(session)).close()
    await damageBundle(browser.indexedDB, 1)
    const { log, until } = openWindow()
    await log.call('open', session)
    expect((await until(isWhole(600))).damaged).toBe(1)
    expect((await log.call('total', { filter: {}, size: 600 })).total).toBe(600)
  })

  test('is nothing where the session has no key for it', async () => {
    await server.append(testEvents(0, 300))
    const session = { ...(await server.signIn()), cacheKey: null }
    await openWhole(session)
    const names = (await browser.indexedDB.databases()).map(({ name }) => name)
    // A server that could keep the panel from remembering checkpoints could rewrite what it had shown.
    expect(names).toEqual([witnessDatabaseName])
  })
})

describe('a server that misbehaves', () => {
  test.each([
    ['a checkpoint nobody signed', '/v1/log/checkpoint', () => new Response(note(50)), 'bad_signature'],
    ['a checkpoint that is none', '/v1/log/checkpoint', () => new Response('<html>'), 'bad_checkpoint'],
    ['a bundle cut short', '/entries/', () => new Response(new Uint8Array([0, 9, 1])), 'bad_bundle'],
    [
      'a value that was not committed to',
      '/disclosures/',
      () => Response.json({ start: 0, entries: Array(30).fill([forged]) }),
      'wrong_bundle',
    ],
  ])('%s is neither kept nor shown', async (_, path, answer, code) => {
    await server.append(testEvents(0, 20))
    const { log, until } = await openWhole(await server.signIn())
    server.network.intercept = asked => (asked.includes(path) ? answer() : undefined)
    await server.append(testEvents(20, 30))
    const status = await until(({ phase }) => phase === 'misbehaved')
    expect(status).toMatchObject({ held: 20, failure: { kind: 'misbehaved', code } })
    expect(await log.call('total', { filter: {}, size: 20 })).toMatchObject({ total: 20, exact: true })
  })
})

describe('a log larger than what is held', () => {
  test('is answered by the server, at any place', async () => {
    const month = 30 * 86_400_000
    server.log.clock.now = Date.now() - 6 * month
    await server.append(spread(0, 5000))
    server.log.clock.now = Date.now()
    await server.append(spread(5000, 5100))
    const { log, until } = openWindow()
    await log.call('open', await server.signIn())
    const status = await until(({ phase, held }) => phase === 'live' && held >= 100)
    expect(status.complete).toBe(false)
    const view = { filter: {}, size: 5100 }
    for (const offset of [0, 5099, 2500, 4321, 17]) {
      const answer = await log.call('rows', view, { offset, limit: 3 })
      expect(answer).toMatchObject({ exact: true, source: 'server', total: 5100 })
      expect(answer.rows.map(row => row.index)).toEqual(
        [5099 - offset, 5098 - offset, 5097 - offset].filter(index => index >= 0),
      )
    }
    server.network.cut()
    const offline = await log.call('rows', view, { offset: 0, limit: 3 })
    expect(offline).toMatchObject({ exact: false, source: 'local' })
    expect(offline.rows[0]?.index).toBe(5099)
    expect(offline.total).toBeLessThan(5100)
  })
})

/** An event a minute, so that the list's order is the log's. */
function spread(from: number, to: number) {
  const start = Date.parse('2026-01-01T00:00:00.000Z')
  return Array.from({ length: to - from }, (_, i) =>
    testEvent(from + i, { occurredAt: new Date(start + (from + i) * 60_000).toISOString() }),
  )
}

function problem(status: number, code: string): Response {
  const permission = status === 403 ? { permission: 'audit_log.read' } : {}
  const body = { type: 'about:blank', title: code, status, code, detail: code, requestId: 'r', ...permission }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

const forged = { name: 'actor.name', salt: '00'.repeat(16), value: 'Somebody Else' }

function note(size: number): string {
  const root = Buffer.alloc(32).toString('base64')
  const signature = Buffer.alloc(68).toString('base64')
  return `trailside.local/acme\n${size}\n${root}\n\n— trailside.local/acme ${signature}\n`
}

async function damageBundle(indexedDB: IDBFactory, number: number): Promise<void> {
  const name = (await indexedDB.databases()).find(({ name }) => name !== witnessDatabaseName)?.name
  const database = await new Dexie(name!, { indexedDB, IDBKeyRange }).open()
  const table = database.table('events')
  const record = await table.get(number)
  new Uint8Array(record.box.data)[100]! ^= 1
  await table.put(record)
  database.close()
}
