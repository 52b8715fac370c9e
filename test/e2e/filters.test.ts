// Filtering as an analyst does it; every count is compared with what the server says about the same question.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventPage, Facets } from '../../shared/api.ts'
import { addDays, dayOf, rangeOfDays, startOfDay } from '../../shared/time.ts'
import { ask, chooseZone, createKey, filterBy, logIsLive, openLog, rows, shownTotal } from './analyst.ts'
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
  await browser.panel.keyboard.press('Escape')
  const clear = browser.panel.getByRole('button', { name: 'Clear all', exact: true })
  if (await clear.isVisible()) await clear.click()
  await expect.poll(() => shownTotal(browser.panel)).toBeGreaterThan(3000)
})

const totalOf = async (query: string) =>
  (await ask<EventPage>(server, key, `/v1/events?limit=1&${query}`)).total
const hash = () => new URLSearchParams(new URL(browser.panel.url()).hash.slice(1))
const chips = () => browser.panel.getByRole('list', { name: 'Filters in force' })
const openFilter = (name: string) =>
  browser.panel
    .getByRole('toolbar', { name: 'Filter by' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()

/** The open popover's values with their counts, `Scan started 612`. */
async function shownValues(): Promise<string[]> {
  const values = await browser.panel.getByRole('dialog').getByRole('listitem').allInnerTexts()
  return values.map(text =>
    text
      .replaceAll(/[\d,.]+ events?\s/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
}

test('two actions chosen by typing show their sum, as the server counts it, and stand in the address', async () => {
  const { panel } = browser
  await filterBy(panel, 'Action', 'Scan started', 'Scan completed')
  const expected = await totalOf('action=scan.started&action=scan.completed')
  await expect.poll(() => shownTotal(panel)).toBe(expected)
  expect(hash().getAll('action').sort()).toEqual(['scan.completed', 'scan.started'])
})

test.each([
  ['Action', 'action'],
  ['Area', 'area'],
  ['User', 'actor'],
  ['Target', 'target'],
] as const)(
  '%s: every value and the count beside it are the server’s, under the filter in force',
  async (name, field) => {
    const { panel } = browser
    await filterBy(panel, 'Area', 'Scans')
    const { facets } = await ask<Facets>(server, key, `/v1/facets?field=${field}&area=scans`)
    const expected = facets[field]!.values.map(({ label, count }) => `${label} ${count.toLocaleString('en')}`)
    expect(expected.length).toBeGreaterThan(1)
    await openFilter(name)
    await expect.poll(shownValues).toEqual(expected)
    await panel.keyboard.press('Escape')
  },
)

test('two users together, then one target left out: each step is the server’s own total', async () => {
  const { panel } = browser
  const { facets } = await ask<Facets>(server, key, '/v1/facets?field=actor&field=target')
  const [one, other] = facets.actor!.values.filter(({ label }) => label.includes(' '))
  await filterBy(panel, 'User', one!.label, other!.label)
  const users = new URLSearchParams([
    ['actor', one!.value],
    ['actor', other!.value],
  ])
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(`${users}`))
  const under = await ask<Facets>(server, key, `/v1/facets?field=target&${users}`)
  const target = under.facets.target!.values[0]!
  await openFilter('Target')
  await panel.getByRole('dialog').getByLabel('Find Target').fill(target.label)
  const leaveOut = panel
    .getByRole('dialog')
    .getByRole('button', { name: `Exclude ${target.label}`, exact: true })
  await leaveOut.click()
  await expect.poll(() => leaveOut.getAttribute('aria-pressed')).toBe('true')
  await panel.keyboard.press('Escape')
  users.append('not.target', target.value)
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(`${users}`))
  expect(hash().getAll('not.target')).toEqual([target.value])
  await panel
    .getByText(`Target is not ${target.label}`)
    .or(chips().getByRole('button', { name: `Target is not ${target.label}`, exact: true }))
    .first()
    .waitFor()
})

test('clearing all can be undone', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await filterBy(panel, 'Action', 'Scan started')
  const expected = await totalOf('action=scan.started')
  await expect.poll(() => shownTotal(panel)).toBe(expected)
  await panel.getByRole('button', { name: 'Clear all', exact: true }).click()
  await expect.poll(() => shownTotal(panel)).toBeGreaterThan(3000)
  await panel.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => shownTotal(panel)).toBe(expected)
  expect([...hash().keys()].sort()).toEqual(['action', 'area'])
})

test('a chip is negated by a click and removed by its cross', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('area=scans'))
  await chips().getByRole('button', { name: /Scans/ }).first().click()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('not.area=scans'))
  expect(hash().getAll('not.area')).toEqual(['scans'])
  await chips()
    .getByRole('button', { name: /^Remove filter/ })
    .click()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(''))
})

test('date presets count from the first moment of their first day', async () => {
  const { panel } = browser
  const daysAgo = (days: number) => startOfDay(addDays(dayOf(Date.now(), 'UTC'), -days), 'UTC')
  for (const [preset, first, end] of [
    ['Today', 0, -1],
    ['Yesterday', 1, 0],
    ['Last 7 days', 6, -1],
    ['Last 30 days', 29, -1],
    ['Last 90 days', 89, -1],
  ] as const) {
    await openFilter('Date')
    await panel.getByRole('dialog').getByRole('button', { name: preset }).click()
    const [from, to] = [daysAgo(first), daysAgo(end)].map(ms => new Date(ms).toISOString())
    await expect
      .poll(() => shownTotal(panel), { message: preset })
      .toBe(await totalOf(`from=${from}&to=${to}`))
  }
  expect(hash().get('range')).toBe('90d')
})

test('two days chosen, the last belongs whole, in the zone that is shown, and the same days in another zone', async () => {
  const { panel } = browser
  const [first, last] = [12, 10].map(days => addDays(dayOf(Date.now(), 'UTC'), -days)) as [string, string]
  const inZone = (zone: string) => {
    const { from, to } = rangeOfDays(first, last, zone)
    return totalOf(`from=${from}&to=${to}`)
  }
  await openFilter('Date')
  const dialog = panel.getByRole('dialog')
  await dialog.getByText('Both days included, in UTC').waitFor()
  await dialog.getByLabel('From', { exact: true }).fill(first)
  await dialog.getByLabel('To', { exact: true }).fill(last)
  await expect.poll(() => shownTotal(panel)).toBe(await inZone('UTC'))
  await panel.keyboard.press('Escape')
  for (const zone of ['Pacific/Auckland', 'America/Los_Angeles']) {
    await chooseZone(panel, zone)
    await expect.poll(() => shownTotal(panel), { message: zone }).toBe(await inZone(zone))
    await openFilter('Date')
    expect(await dialog.getByLabel('To', { exact: true }).inputValue()).toBe(last)
    await panel.keyboard.press('Escape')
  }
  await chooseZone(panel, 'UTC')
  await expect.poll(() => shownTotal(panel)).toBe(await inZone('UTC'))
})

test('nothing on those days: the dates are named, and one click widens them', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await openFilter('Date')
  const dialog = panel.getByRole('dialog')
  await dialog.getByLabel('From', { exact: true }).fill('2020-02-01')
  await dialog.getByLabel('To', { exact: true }).fill('2020-02-02')
  await panel.keyboard.press('Escape')
  await panel.getByRole('heading', { name: 'No event matches these filters' }).waitFor()
  const named = await panel
    .getByRole('main')
    .getByRole('list', { name: 'Filters in force' })
    .last()
    .innerText()
  expect(named).toContain('Scans')
  expect(named).toContain('2020')
  await panel.getByRole('button', { name: 'Any time', exact: true }).click()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('area=scans'))
})

test('outcome, channel and address under More; an address that is none is told so', async () => {
  const { panel } = browser
  await openFilter('More')
  const dialog = panel.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'Denied' }).check()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('outcome=denied'))
  const channels = dialog.getByRole('region', { name: 'Channel' })
  for (const channel of ['Web', 'API']) await channels.getByRole('checkbox', { name: channel }).check()
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('outcome=denied&channel=web&channel=api'))
  for (const channel of ['Web', 'API']) await channels.getByRole('checkbox', { name: channel }).uncheck()
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

test('a typed query asks what its terms say; suggestions bring the server’s counts; Enter makes chips', async () => {
  const { panel } = browser
  const box = panel.getByLabel('Search', { exact: true })
  await box.fill('action:scan.started -channel:api')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('action=scan.started&not.channel=api'))
  await box.fill('action:scan.started outcome:succ')
  const option = panel.getByRole('option', { name: /^Outcome\s*Success/ })
  await option.waitFor()
  const expected = await totalOf('action=scan.started&outcome=success')
  expect((await option.innerText()).replaceAll(/\D/g, '')).toContain(String(expected))
  await box.press('Tab')
  await box.press('Enter')
  await expect
    .poll(() =>
      chips()
        .getByRole('button', { name: /^(Action|Outcome):/ })
        .count(),
    )
    .toBe(2)
  expect(await shownTotal(panel)).toBe(expected)
  await box.fill('acton:scan.started ')
  await panel.getByRole('button', { name: 'Did you mean action:?' }).click()
  expect(await box.inputValue()).toBe('action:scan.started ')
  await box.fill('')
})

test('everything by keyboard: search, walk, open, back, export, help', async () => {
  const { panel } = browser
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('/')
  await expect
    .poll(() => panel.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Search')
  await panel.keyboard.type('scan started')
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf('q=scan&q=started'))
  await panel.keyboard.press('Enter')
  await panel.getByRole('grid').focus()
  const active = async () => {
    const id = await panel.getByRole('grid').getAttribute('aria-activedescendant')
    return panel.locator(`#${id}`).getAttribute('aria-rowindex')
  }
  for (const [letter, row] of [
    ['j', '2'],
    ['j', '3'],
    ['k', '2'],
  ] as const) {
    await panel.keyboard.press(letter)
    await expect.poll(active).toBe(row)
  }
  await panel.keyboard.press('Enter')
  await panel.getByText(/^2 of [\d,]+$/).waitFor()
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
