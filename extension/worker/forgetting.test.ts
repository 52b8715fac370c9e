import Dexie from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dayMs } from '../../shared/time.ts'
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
import type { SyncStatus } from './protocol.ts'

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

const someoneElse = { type: 'user' as const, id: 'u-2', name: 'Ada', email: null, onBehalfOf: null }
const eraseZoe = () =>
  server.eraser.erase({ actor: 'u-1', basis: 'asked to', content: false }, server.byOwner)
/** 600 events, the last 88 by somebody else. */
async function fill(): Promise<void> {
  await server.append([
    ...testEvents(0, 512),
    ...Array.from({ length: 88 }, (_, i) => testEvent(512 + i, { actor: someoneElse })),
  ])
}

/** All that a window says of her, whichever way it is asked. */
async function tracesOf({ log }: PanelWindow): Promise<Record<string, unknown>> {
  const size = server.size()
  const view = { filter: {}, size }
  const filter = { text: { include: ['zoë'], exclude: [] } }
  const selected = { actor: { include: ['u-1'], exclude: [] } }
  const { rows } = await log.call('rows', view, { offset: 0, limit: 1000 })
  const { facets } = await log.call('facets', { filter: selected, size }, { fields: ['actor'], limit: 9 })
  const typed = await log.call('facets', view, { fields: ['actor'], limit: 9, search: 'zoë' })
  const event = await log.call('event', 5)
  return {
    rows: rows.filter(row => row.actor.label === 'Zoë').length,
    found: (await log.call('total', { filter, size })).total,
    label: facets.actor!.values.find(({ value }) => value === 'u-1')!.label,
    typed: typed.facets.actor!.values.length,
    event: event!.actor.name,
    erased: event!.erased?.includes('actor.name') ?? false,
  }
}
const known = { rows: 512, found: 512, label: 'Zoë', typed: 1, event: 'Zoë', erased: false }
const gone = { rows: 0, found: 0, label: 'u-1', typed: 0, event: null, erased: true }

test('what was erased goes from an open panel, from its other windows, and from the disk', async () => {
  await fill()
  const session = await server.signIn()
  const first = await browser.openWhole(session)
  const second = browser.openWindow()
  await second.log.call('open', session)
  await second.until(isWhole(600))
  expect(await tracesOf(first)).toEqual(known)
  const before = await boxesOnDisk()
  const told = [nextNews(first.log, 'forgotten'), nextNews(second.log, 'forgotten')]
  await eraseZoe()
  await Promise.all(told)
  expect(await tracesOf(first)).toEqual(gone)
  expect(await tracesOf(second)).toEqual(gone)
  const after = await boxesOnDisk()
  // The bundles that named her are other ciphertext now.
  for (const number of [0, 1]) expect(after.get(number)).not.toEqual(before.get(number))
  await first.close()
  await second.close()
  server.network.cut()
  const offline = browser.openWindow()
  await offline.log.call('open', session)
  await offline.until(({ phase, complete }) => phase === 'offline' && complete)
  expect(await tracesOf(offline)).toEqual(gone)
})

test('what was erased while the panel was closed is gone before it is live again', async () => {
  await fill()
  const session = await server.signIn()
  await (await browser.openWhole(session)).close()
  await eraseZoe()
  expect(await tracesOf(await browser.openWhole(session))).toEqual(gone)
})

test('only the disclosures of bundles that lost some are fetched again, and once', async () => {
  await fill()
  const session = await server.signIn()
  await (await browser.openWhole(session)).close()
  await server.eraser.erase({ actor: 'u-2', basis: 'asked to', content: false }, server.byOwner)
  server.network.requests.length = 0
  await (await browser.openWhole(session)).close()
  const disclosures = () => server.network.requests.filter(path => path.includes('/disclosures/'))
  expect(disclosures()).toEqual(['/v1/log/disclosures/2'])
  await browser.openWhole(session)
  expect(disclosures()).toHaveLength(1)
})

test('where the network goes in between, the next round takes it up', async () => {
  await fill()
  const session = await server.signIn()
  await (await browser.openWhole(session)).close()
  await eraseZoe()
  let allowed = 1
  server.network.intercept = path => {
    if (path.includes('/disclosures/') && allowed-- <= 0) throw new TypeError('fetch failed')
    return undefined
  }
  const window = browser.openWindow()
  await window.log.call('open', session)
  await window.until(({ phase }) => phase === 'offline')
  server.network.intercept = () => undefined
  await window.log.call('syncNow')
  await window.until(isWhole(601))
  expect(await tracesOf(window)).toEqual(gone)
})

test('where no live stream ever comes, polling learns of it too', async () => {
  await fill()
  server.network.intercept = path => {
    if (path === '/v1/stream') throw new TypeError('fetch failed')
    return undefined
  }
  const window = await browser.openWhole(await server.signIn())
  const told = nextNews(window.log, 'forgotten')
  await eraseZoe()
  await told
  expect(await tracesOf(window)).toEqual(gone)
})

test('a server that names fields as erased and discloses them is not believed in that', async () => {
  await fill()
  server.network.intercept = async path => {
    if (!path.includes('/disclosures/')) return undefined
    const headers = { authorization: `Bearer ${session.token}` }
    const bundle = await (await fetch(server.url + path, { headers })).json()
    return Response.json({ ...bundle, erased: bundle.entries.map(() => ['actor.name']) })
  }
  const session = await server.signIn()
  const window = await browser.openWhole(session)
  expect(await tracesOf(window)).toEqual(known)
})

describe('what retention removed', () => {
  /** Two bundles of long ago, and some events of today. */
  async function fillOld(): Promise<void> {
    const { clock } = server.log
    const today = clock.now
    clock.now = today - 40 * dayMs
    await fill()
    clock.now = today
    await server.append(Array.from({ length: 100 }, (_, i) => testEvent(600 + i, { actor: someoneElse })))
  }
  const remove = async () => {
    await server.retention.change({ days: 30 }, server.byOwner)
    return server.retention.run(server.byOwner)
  }
  const isSettled = (size: number) => (status: SyncStatus) => isWhole(size)(status) && status.removed === 512

  test('goes from an open panel, from its other windows, and from the disk, and is said to be removed', async () => {
    await fillOld()
    const session = await server.signIn()
    const first = await browser.openWhole(session)
    const second = browser.openWindow()
    await second.log.call('open', session)
    await second.until(isWhole(700))
    expect(await remove()).toBe(512)
    const size = server.size()
    const everywhere = async (window: PanelWindow) => {
      expect((await window.until(isSettled(size))).held).toBe(size - 512)
      const filter = { text: { include: ['zoë'], exclude: [] } }
      expect(await window.log.call('total', { filter, size })).toMatchObject({ total: 0, source: 'local' })
      const { facets } = await window.log.call(
        'facets',
        { filter: {}, size },
        { fields: ['actor'], limit: 9 },
      )
      expect(facets.actor!.values.map(({ value }) => value)).not.toContain('u-1')
      await expect(window.log.call('event', 5)).rejects.toMatchObject({
        failure: { code: 'removed_by_retention' },
      })
      expect((await window.log.call('event', 600))?.id).toBe('600')
    }
    await everywhere(first)
    await everywhere(second)
    expect([...(await boxesOnDisk()).keys()]).toEqual([2])
    expect(await first.log.call('prove', 650)).toMatchObject({ index: 650 })
    await first.close()
    await second.close()
    server.network.cut()
    const offline = browser.openWindow()
    await offline.log.call('open', session)
    const status = await offline.until(({ phase, complete }) => phase === 'offline' && complete)
    expect(status).toMatchObject({ removed: 512, held: size - 512 })
    await expect(offline.log.call('event', 5)).rejects.toMatchObject({
      failure: { code: 'removed_by_retention' },
    })
  })

  test('is not asked for by a panel that comes later', async () => {
    await fillOld()
    await remove()
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    await window.until(isSettled(server.size()))
    const asked = server.network.requests.filter(path => path.includes('/entries/'))
    expect(asked).toEqual([`/v1/log/tile/entries/002.p/${server.size() - 512}`])
  })

  test('while a panel fetches it: it asks again, and goes on', async () => {
    await fillOld()
    let isRemoved = false
    server.network.intercept = async path => {
      if (!path.includes('/disclosures/') || isRemoved) return undefined
      isRemoved = true
      await remove()
      return undefined
    }
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    await window.until(isSettled(702))
  })

  test.each([
    ['bundles it has', { ranges: [{ from: 0, to: 256 }], told: 699 }],
    ['more than the log tells', { ranges: [{ from: 0, to: 768 }], told: 701 }],
    ['what a later entry would tell', { ranges: [{ from: 0, to: 512 }], told: 9999 }],
  ])('a server that says so of %s is not believed', async (_, claimed) => {
    await fillOld()
    const session = await server.signIn()
    const window = await browser.openWhole(session)
    const { held } = window.status()!
    server.network.intercept = path =>
      path.startsWith('/v1/log/erasures')
        ? Response.json({ version: 7, bundles: [], removed: claimed })
        : undefined
    await remove()
    const status = await window.until(({ phase }) => phase === 'misbehaved')
    expect(status).toMatchObject({ failure: { code: 'bad_removal' }, removed: 0 })
    expect(status.held).toBeGreaterThanOrEqual(held)
  })

  test('a server that gives no bundle and does not say why has misbehaved', async () => {
    await fillOld()
    const gone = { type: 'x', title: 'x', status: 410, code: 'removed_by_retention', detail: 'x' }
    server.network.intercept = path =>
      path.includes('/entries/') ? Response.json(gone, { status: 410 }) : undefined
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    const status = await window.until(({ phase }) => phase === 'misbehaved')
    expect(status.failure).toMatchObject({ code: 'bad_removal' })
  })
})

async function boxesOnDisk(): Promise<Map<number, unknown>> {
  const name = (await browser.indexedDB.databases()).find(({ name }) => name !== witnessDatabaseName)?.name
  const options = { indexedDB: browser.indexedDB, IDBKeyRange: IDBKeyRange as never }
  const database = await new Dexie(name!, options).open()
  const records: { number: number; box: { iv: Uint8Array } }[] = await database.table('events').toArray()
  database.close()
  return new Map(records.map(({ number, box }) => [number, [...box.iv]]))
}
