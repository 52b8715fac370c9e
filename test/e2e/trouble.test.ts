// A backend in trouble while the panel is open: what is said, what goes on working, and that it mends by itself.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, filterBy, logIsLive, openMenu, rows, shownTotal, signIn } from './analyst.ts'
import { type FaultyProxy, openFaultyProxy, problem } from './faulty-proxy.ts'
import { launchPanel, type PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let proxy: FaultyProxy
let browser: PanelBrowser
let panel: Page
beforeAll(async () => {
  server = await startServer()
  proxy = await openFaultyProxy(server.url)
  browser = await launchPanel({ width: 420, hosts: [proxy.url] })
  panel = browser.panel
  await connect(panel, proxy.url)
})
afterAll(async () => {
  await browser?.close()
  proxy?.close()
  await server?.close()
})
beforeEach(() => proxy.make(null))

const failing = problem(500, 'internal', 'The server failed.')
const expired = problem(401, 'session_expired', 'The session has ended. Sign in again.')
const gateway = { status: 502, type: 'text/html', body: '<h1>Bad Gateway</h1>' }
const signInPage = { status: 200, type: 'text/html', body: '<!doctype html><title>Wi-Fi</title>' }

test.each([
  ['a failure', failing, 'The server failed'],
  ['a pause', problem(503, 'unavailable', 'Starting.'), 'The server cannot answer now'],
  ['a lock', problem(429, 'locked_out', 'Too many failed sign-ins.'), 'Too many failed sign-ins'],
  ['a gateway', gateway, 'The server cannot be reached'],
  ['another page', signInPage, 'What answered is not a Trailside server'],
])('at the sign-in %s is told in words', async (_name, trouble, words) => {
  proxy.make(trouble)
  await signIn(panel, server.account('Security Analyst'))
  await panel.getByText(words).waitFor()
})

test('a server that is well again takes the same sign-in', async () => {
  await signIn(panel, server.account('Security Analyst'))
  await logIsLive(panel)
})

test.each([
  ['a failure', failing, 'The server failed'],
  ['a gateway', gateway, 'Offline.'],
  ['another page', signInPage, 'What answered is not a Trailside server'],
])(
  '%s is told above the list, which goes on, and the words go by themselves',
  async (_name, trouble, words) => {
    await logIsLive(panel)
    const total = await shownTotal(panel)
    proxy.make(trouble)
    await panel.getByText(words).waitFor()
    await filterBy(panel, 'Area', 'Scans')
    await expect.poll(() => shownTotal(panel)).toBeLessThan(total)
    expect(await rows(panel).count()).toBeGreaterThan(5)
    await panel.getByRole('button', { name: 'Clear all', exact: true }).click()
    proxy.make(null)
    await panel.getByText(words).waitFor({ state: 'hidden', timeout: 60_000 })
    await logIsLive(panel)
  },
)

test.each([
  ['failing', failing, 'The server failed'],
  ['away', gateway, 'Offline.'],
])('a panel that is opened while the server is %s shows what it holds', async (_name, trouble, words) => {
  await logIsLive(panel)
  proxy.make(trouble)
  await panel.reload()
  await rows(panel).first().waitFor()
  await panel.getByText(words).waitFor()
  proxy.make(null)
  await logIsLive(panel)
})

test('a panel opened after the session ended asks to sign in, keeps the filter, and goes on with it', async () => {
  await filterBy(panel, 'Area', 'Scans')
  const address = panel.url()
  await expect.poll(() => shownTotal(panel)).toBeLessThan(2000)
  const total = await shownTotal(panel)
  proxy.make(expired)
  await panel.reload()
  await panel.getByText('Your session has ended.').waitFor()
  await panel.getByText('Your filter is kept').waitFor()
  proxy.make(null)
  await signIn(panel, server.account('Security Analyst'))
  await logIsLive(panel)
  await expect.poll(() => shownTotal(panel)).toBe(total)
  expect(panel.url()).toBe(address)
})

test('whoever may not read reaches nothing that the reader before them left, by the panel’s address neither', async () => {
  await rows(panel).first().click()
  const address = panel.url()
  expect(address).toContain('event=')
  await openMenu(panel, 'Sign out')
  await signIn(panel, server.account('Viewer'))
  const refused = panel.getByRole('heading', { name: 'You cannot read this audit log' })
  await refused.waitFor()
  expect(await panel.getByRole('main').innerText()).toMatch(
    /Read the audit log[\s\S]*Viewer[\s\S]*Demo Owner/,
  )
  await panel.evaluate(to => location.replace(to), address)
  await panel.reload()
  await refused.waitFor()
  expect(await panel.getByRole('grid').count()).toBe(0)
  expect(await bundlesOnDisk(panel)).toBe(0)
})

function bundlesOnDisk(panel: Page): Promise<number> {
  return panel.evaluate(async () => {
    let bundles = 0
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>(done => {
        const request = indexedDB.open(name!)
        request.onsuccess = () => done(request.result)
      })
      for (const store of ['events', 'leaves'].filter(each => database.objectStoreNames.contains(each)))
        bundles += await new Promise<number>(done => {
          const request = database.transaction(store).objectStore(store).count()
          request.onsuccess = () => done(request.result)
        })
      database.close()
    }
    return bundles
  })
}
