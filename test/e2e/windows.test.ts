// Two windows with the panel in each: one cache, one session, a filter of their own.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bearer } from '../support/access.ts'
import { createKey, filterBy, logIsLive, openLog, openMenu, rows, shownTotal, signIn } from './analyst.ts'
import type { PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
let key: string
/** The docked panel, and the same page in a tab. */
let panel: Page
let other: Page
beforeAll(async () => {
  server = await startServer()
  key = await createKey(server)
  browser = await openLog(server)
  panel = browser.panel
  other = browser.page
  await other.goto(`chrome-extension://${browser.extensionId}/sidepanel.html`)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

let sent = 0
async function send(): Promise<void> {
  const event = {
    id: `window-${++sent}`,
    occurredAt: new Date().toISOString(),
    action: 'target.updated',
    actor: { id: 'u-window', name: 'Wilma Window' },
  }
  const answer = await fetch(`${server.url}/v1/events`, {
    method: 'POST',
    headers: new Headers([...bearer(key), ['content-type', 'application/json']]),
    body: JSON.stringify({ events: [event] }),
  })
  expect(answer.status).toBe(200)
}

const openStreams = async () => {
  const figures = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^trailside_streams\S* (\d+)$/m.exec(figures)?.[1])
}

const seen = (window: Page) => rows(window).filter({ hasText: 'Wilma Window' })

test('the second window is signed in and shows the same log; only one of them is connected', async () => {
  await logIsLive(other)
  await expect.poll(() => shownTotal(other)).toBe(await shownTotal(panel))
  expect(await openStreams()).toBe(1)
})

test('each has its own filter, and both see what arrives', async () => {
  await filterBy(other, 'Area', 'Targets')
  await send()
  await seen(panel).first().waitFor()
  await seen(other).first().waitFor()
  expect(await shownTotal(other)).toBeLessThan(await shownTotal(panel))
})

test('when the window that was connected closes, the other one takes over', async () => {
  await browser.closePanel()
  await send()
  await expect.poll(() => seen(other).count()).toBe(2)
  expect(await openStreams()).toBe(1)
  // Not the docked one again: by its address alone the tab cannot be told from it.
  panel = await other.context().newPage()
  await panel.goto(other.url().replace(/#.*/, ''))
  await logIsLive(panel)
  await expect.poll(() => seen(panel).count()).toBe(2)
})

test('who signs out in one window is out in the other', async () => {
  await openMenu(panel, 'Sign out')
  await panel.getByRole('textbox', { name: 'E-mail' }).waitFor()
  await other.getByRole('textbox', { name: 'E-mail' }).waitFor()
  expect(await rows(other).count()).toBe(0)
})

test('who signs in in one window is in in the other', async () => {
  await signIn(panel, server.account('Security Analyst'))
  await logIsLive(panel)
  await logIsLive(other)
})
