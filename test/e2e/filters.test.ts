// Filtering as an analyst does it; every count is compared with what the server says about the same question.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventPage, Facets } from '../../shared/api.ts'
import { ask, createKey, filterBy, logIsLive, openLog, rows, shownTotal } from './analyst.ts'
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
afterEach(async () => {
  const clear = browser.panel.getByRole('button', { name: 'Clear all', exact: true })
  if (await clear.isVisible()) await clear.click()
  await expect.poll(() => shownTotal(browser.panel)).toBeGreaterThan(3000)
})

const totalOf = async (query: string) =>
  (await ask<EventPage>(server, key, `/v1/events?limit=1&${query}`)).total
const hash = () => new URLSearchParams(new URL(browser.panel.url()).hash.slice(1))

test('two actions chosen by typing show their sum, as the server counts it, and stand in the address', async () => {
  const { panel } = browser
  await filterBy(panel, 'Action', 'Scan started', 'Scan completed')
  const expected = await totalOf('action=scan.started&action=scan.completed')
  await expect.poll(() => shownTotal(panel)).toBe(expected)
  expect(hash().getAll('action').sort()).toEqual(['scan.completed', 'scan.started'])
})

test('counts beside the values are the server’s, and ignore the field’s own selection', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await panel.getByRole('button', { name: /^Area/ }).first().click()
  const { facets } = await ask<Facets>(server, key, '/v1/facets?field=area&area=scans')
  for (const { label, count } of facets.area!.values.slice(0, 5)) {
    const row = panel
      .getByRole('dialog')
      .getByRole('listitem')
      .filter({ has: panel.getByRole('checkbox', { name: label, exact: true }) })
    await expect.poll(() => row.locator('.facet-count').innerText()).toContain(count.toLocaleString('en-US'))
  }
  await panel.keyboard.press('Escape')
})

test('a chip is negated by a click and removed by its cross', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('area=scans'))
  const chips = panel.getByRole('list', { name: 'Filters in force' })
  await chips.getByRole('button', { name: /Scans/ }).first().click()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('not.area=scans'))
  expect(hash().getAll('not.area')).toEqual(['scans'])
  await chips.getByRole('button', { name: /^Remove filter/ }).click()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(''))
})

test('dates: presets, and two days of which the last belongs whole, in the zone shown', async () => {
  const { panel } = browser
  await panel.getByRole('button', { name: /^Date/ }).first().click()
  await panel.getByRole('button', { name: 'Last 30 days' }).click()
  await expect.poll(() => shownTotal(panel)).toBeLessThan(2000)
  await panel.getByRole('button', { name: /^Date/ }).first().click()
  const [day] = new Date(Date.now() - 10 * 86_400_000).toISOString().split('T')
  await panel.getByRole('dialog').getByLabel('From', { exact: true }).fill(day!)
  await panel.getByRole('dialog').getByLabel('To', { exact: true }).fill(day!)
  await panel.keyboard.press('Escape')
  const next = new Date(Date.parse(day!) + 86_400_000).toISOString()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(`from=${day}T00:00:00Z&to=${next}`))
})

test('outcome and address under More; an address that is none is told so', async () => {
  const { panel } = browser
  await panel.getByRole('button', { name: /^More/ }).first().click()
  const dialog = panel.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'Denied' }).check()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('outcome=denied'))
  const address = dialog.getByLabel('IP address')
  await address.fill('10.0.0.300')
  await address.press('Enter')
  await dialog.getByText('This is no IP address').waitFor()
  await address.fill('198.51.100.0/24')
  await address.press('Enter')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('outcome=denied&ip=198.51.100.0/24'))
  await panel.keyboard.press('Escape')
})

test('free text filters while it is typed, survives a reload, and says by name what found nothing', async () => {
  const { panel } = browser
  await panel.getByLabel('Search', { exact: true }).fill('CHECKOUT')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('q=checkout'))
  await expect.poll(() => hash().get('q')).toBe('CHECKOUT')
  await panel.reload()
  await logIsLive(browser.panel)
  await expect.poll(() => shownTotal(browser.panel)).toBe(await totalOf('q=checkout'))
  await filterBy(browser.panel, 'Area', 'Scans')
  await browser.panel.getByLabel('Search', { exact: true }).fill('CHECKOUT nothing is called this')
  await browser.panel.getByRole('heading', { name: 'No event matches these filters' }).waitFor()
  const words = await browser.panel.getByRole('main').innerText()
  expect(words).toContain('CHECKOUT')
  expect(words).toContain('Scans')
  await browser.panel.getByRole('button', { name: 'Clear all filters' }).click()
})

test('everything by keyboard: search, walk, open, back, export, help', async () => {
  const { panel } = browser
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('/')
  await expect
    .poll(() => panel.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Search')
  await panel.keyboard.type('scan started')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('q=scan+started'))
  await panel.keyboard.press('Enter')
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('j')
  await panel.keyboard.press('j')
  await panel.keyboard.press('Enter')
  await panel
    .getByRole('region', { name: 'Event details' })
    .or(panel.getByText(/^\d+ of [\d,]+$/))
    .first()
    .waitFor()
  await panel.keyboard.press('Escape')
  await rows(panel).first().waitFor()
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('e')
  await panel.getByRole('dialog', { name: 'Export' }).waitFor()
  await panel.keyboard.press('Escape')
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('?')
  await panel.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await panel.keyboard.press('Escape')
})
