// What is kept on the device: it works without the server, tells a thief nothing, and goes when it should.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventPage, Users } from '../../shared/api.ts'
import { bearer } from '../support/access.ts'
import { ask, createKey, logIsLive, openLog, openMenu, rows, shownTotal, signIn } from './analyst.ts'
import type { PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
let key: string
beforeAll(async () => {
  server = await startServer()
  key = await createKey(server)
  browser = await openLog(server)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Every value in every IndexedDB database, its bytes read as Latin text, and both storage areas of the disk. */
async function storedText(panel: Page): Promise<string> {
  return panel.evaluate(async () => {
    const asText = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return asText(new Uint8Array(value))
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value)
      if (value && typeof value === 'object')
        return Object.entries(value)
          .map(pair => pair.map(asText).join(':'))
          .join('\n')
      return String(value)
    }
    const texts = [asText(await chrome.storage.local.get())]
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done, failed) => {
        const request = indexedDB.open(name!)
        request.onsuccess = () => done(request.result)
        request.onerror = () => failed(request.error)
      })
      for (const store of database.objectStoreNames) {
        const all = await new Promise<unknown[]>((done, failed) => {
          const request = database.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => done(request.result)
          request.onerror = () => failed(request.error)
        })
        texts.push(...all.map(asText))
      }
      database.close()
    }
    return texts.join('\n')
  })
}

test('the disk holds the log only as ciphertext: no name, address or target in clear, and no token', async () => {
  const { events } = await ask<EventPage>(server, key, '/v1/events?limit=1000')
  const text = await storedText(browser.panel)
  expect(text.length).toBeGreaterThan(500_000)
  const secrets = events.flatMap(({ actor, targets, context }) => [
    actor.name,
    actor.email,
    context.ip,
    context.userAgent,
    ...targets.map(target => target.name),
  ])
  // The server's own address is a setting, and this machine's own is the server's.
  for (const secret of new Set(secrets))
    if (secret && secret.length > 5 && secret !== '127.0.0.1')
      expect(text.includes(secret), secret).toBe(false)
  expect(text).not.toMatch(/tss_|tsk_/)
})

test('with the server gone, a reloaded panel opens and filters the whole log, and says since when it is alone', async () => {
  const total = await shownTotal(browser.panel)
  await server.stop()
  await browser.panel.reload()
  await rows(browser.panel).first().waitFor()
  await browser.panel.getByText('Offline.').waitFor()
  // The newest come first; the others follow while the index is built.
  await expect.poll(() => shownTotal(browser.panel)).toBeGreaterThanOrEqual(total - 1)
  await browser.panel.getByLabel('Search', { exact: true }).fill('checkout')
  await expect.poll(() => shownTotal(browser.panel)).toBeLessThan(1000)
  expect(await shownTotal(browser.panel)).toBeGreaterThan(100)
  await server.start()
  await logIsLive(browser.panel)
  await browser.panel.getByText('Offline.').waitFor({ state: 'hidden' })
  await browser.panel.getByRole('button', { name: 'Clear search' }).click()
})

test('the background worker may end at any time: the panel goes on', async () => {
  await browser.killWorker()
  await browser.panel.getByLabel('Search', { exact: true }).fill('scan started')
  await expect.poll(() => shownTotal(browser.panel)).toBeLessThan(1000)
  await browser.panel.getByRole('button', { name: 'Clear search' }).click()
})

test('a role that may not read takes the log off the device', async () => {
  const { users } = await ask<{ users: (typeof Users)['_zod']['output']['users'] }>(server, key, '/v1/users')
  const analyst = users.find(user => user.email === server.account('Security Analyst').email)!
  const change = (roles: string[]) =>
    fetch(`${server.url}/v1/users/${analyst.id}`, {
      method: 'PATCH',
      headers: new Headers([...bearer(key), ['content-type', 'application/json']]),
      body: JSON.stringify({ roles }),
    })
  expect((await change(['viewer'])).status).toBe(200)
  await browser.panel
    .getByRole('heading', { name: 'You cannot read this audit log' })
    .waitFor({ timeout: 60_000 })
  await expect.poll(async () => (await storedText(browser.panel)).length).toBeLessThan(5000)
  expect((await change(['security-analyst'])).status).toBe(200)
  await browser.panel.getByRole('button', { name: 'Check again' }).click()
  await logIsLive(browser.panel)
})

test('sign-out leaves nothing behind', async () => {
  await openMenu(browser.panel, 'Sign out')
  await browser.panel.getByRole('textbox', { name: 'E-mail' }).waitFor()
  await expect.poll(async () => (await storedText(browser.panel)).length).toBeLessThan(5000)
  await signIn(browser.panel, server.account('Security Analyst'))
  await logIsLive(browser.panel)
})
