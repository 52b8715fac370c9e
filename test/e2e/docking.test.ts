// The built extension in the browser's frame: the toolbar button, the dock, permissions, the worker's death.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { lacksDisplay } from './display.ts'
import { launchPanel, type PanelBrowser, type PanelOptions } from './harness.ts'
import { until } from './until.ts'

let browser: PanelBrowser | undefined
let site: Server | undefined

afterEach(async () => {
  await browser?.close()
  site?.close()
  browser = site = undefined
})

async function launch(options?: PanelOptions): Promise<PanelBrowser> {
  browser = await launchPanel(options)
  return browser
}

test.each([360, 420, 640])('the toolbar button opens the panel docked %i pixels wide', async width => {
  const { panel } = await launch({ width })
  expect(await panel.evaluate(() => innerWidth)).toBe(width)
  const scrollsSideways = await panel.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(scrollsSideways).toBe(false)
})

test('the click tells the panel nothing of the page beside it', async () => {
  const { page, openPanel } = await launch({ open: false })
  // Not a data: address, which the browser shares with nobody.
  site = createServer((_, response) => response.end('The page beside'))
  await new Promise<void>(done => site!.listen(0, '127.0.0.1', done))
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/page`)
  const panel = await openPanel()
  const tabs = await panel.evaluate(() => chrome.tabs.query({ active: true, currentWindow: true }))
  expect(tabs.map(({ url, title }) => ({ url, title }))).toEqual([{}])
  expect((await panel.evaluate(() => chrome.permissions.getAll())).origins).toEqual([])
})

test('the panel opens again after the background worker has ended', async () => {
  const { openPanel, closePanel, killWorker, panel, errors } = await launch()
  await closePanel()
  await killWorker()
  const again = await openPanel()
  expect(again).not.toBe(panel)
  expect(await again.title()).not.toBe('')
  expect(errors).toEqual([])
})

test('the browser asks the person before the panel may reach a server, and only for that one', async ({
  skip,
}) => {
  const reason = lacksDisplay('xdotool')
  if (reason) return skip(reason)
  const { panel, display } = await launch({ headed: true })
  const answer = panel.evaluate(() => chrome.permissions.request({ origins: ['http://127.0.0.1/*'] }))
  let granted: boolean | undefined
  void answer.then(value => {
    granted = value
  })
  // The refusal has the focus; nothing tells when the dialog has come up and takes keys.
  await until('the dialog to be answered', async () => {
    await new Promise(done => setTimeout(done, 1000))
    if (granted === undefined) await display!.press('key', 'Tab', 'Return')
    return granted === undefined ? undefined : true
  })
  expect(granted).toBe(true)
  expect((await panel.evaluate(() => chrome.permissions.getAll())).origins).toEqual(['http://127.0.0.1/*'])
})
