// One event in full, compared with the API's; the ways from it to others like it, and out of the panel.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventPage } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { ask, createKey, filterBy, openLog, rows, shownTotal } from './analyst.ts'
import type { PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
let key: string
let updates: EventPage
beforeAll(async () => {
  server = await startServer()
  key = await createKey(server)
  updates = await ask<EventPage>(server, key, '/v1/events?action=target.updated&limit=1000')
  browser = await openLog(server)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})
afterEach(async () => {
  const { panel } = browser
  const back = panel.getByRole('button', { name: 'Back to the list' })
  if (await back.isVisible()) await back.click()
  const clear = panel.getByRole('button', { name: 'Clear all', exact: true })
  if (await clear.isVisible()) await clear.click()
  await expect.poll(() => shownTotal(panel)).toBeGreaterThan(3000)
})

const details = () => browser.panel.getByRole('region', { name: 'Event details' })
const totalOf = async (query: URLSearchParams) =>
  (await ask<EventPage>(server, key, `/v1/events?limit=1&${query}`)).total

/** The list's row at the offset, under the filter for updated targets. */
async function openUpdate(offset: number): Promise<AuditEvent> {
  const { panel } = browser
  await filterBy(panel, 'Action', 'Target updated')
  await expect.poll(() => shownTotal(panel)).toBe(updates.total)
  await panel.locator(`[aria-rowindex="${offset + 1}"]`).click()
  await details()
    .getByText(`${offset + 1} of ${updates.total}`, { exact: true })
    .waitFor()
  return updates.events[offset]!
}

test('before and after of a field are told apart in words as well as in colour', async () => {
  const plain = (value: unknown) => typeof value === 'string' && value.length > 0 && value.length < 80
  const offset = updates.events
    .slice(0, 8)
    .findIndex(({ changes }) => changes.some(({ before, after }) => plain(before) && plain(after)))
  expect(offset).toBeGreaterThanOrEqual(0)
  const event = await openUpdate(offset)
  const { field, before, after } = event.changes.find(change => plain(change.before) && plain(change.after))!
  const change = details()
    .locator('.change')
    .filter({ has: browser.panel.getByRole('heading', { name: field, exact: true }) })
  expect(await change.locator('.removed').innerText()).toMatch(/^Before\s/)
  expect(await change.locator('.removed').innerText()).toContain(before)
  expect(await change.locator('.added').innerText()).toMatch(/^After\s/)
  expect(await change.locator('.added').innerText()).toContain(after)
})

test('everything the record holds is shown: who, on what, from where, when received, its place in the log', async () => {
  const event = await openUpdate(0)
  const words = await details().innerText()
  for (const value of [
    event.actor.name,
    event.actor.email,
    event.actor.id,
    ...event.targets.flatMap(({ id, name }) => [id, name]),
    event.context.ip,
    event.context.userAgent,
    event.source,
    event.id,
    event.index.toLocaleString('en'),
  ]) {
    if (value !== null) expect(words).toContain(value)
  }
  const times = await details().locator('time').first().getAttribute('datetime')
  expect(times).toBe(event.occurredAt)
})

test('the raw JSON is the API’s answer, on the screen and in the clipboard', async () => {
  const { panel } = browser
  const event = await openUpdate(1)
  const answer = await ask<AuditEvent>(server, key, `/v1/events/${event.index}`)
  await details().getByRole('button', { name: 'Raw JSON' }).click()
  const shown = JSON.parse(await details().getByLabel('Raw JSON').locator('xpath=self::pre').innerText())
  expect(shown).toEqual(answer)
  await details().getByRole('button', { name: 'Copy JSON' }).click()
  await panel.getByText('Copied', { exact: true }).waitFor()
  // The panel may only write; the test reads.
  await panel.context().grantPermissions(['clipboard-read'])
  const copied = await panel.evaluate(() => navigator.clipboard.readText())
  expect(JSON.parse(copied)).toEqual(answer)
})

test('a value leads to the events that share it, and to those that do not; undo leads back', async () => {
  const { panel } = browser
  const { actor } = await openUpdate(0)
  await details()
    .getByRole('button', { name: `Only ${actor.name}` })
    .click()
  const only = new URLSearchParams({ action: 'target.updated', actor: actor.id })
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(only))
  await panel
    .getByRole('log', { name: 'Notices' })
    .locator('.notice', { hasText: 'Filter changed' })
    .getByRole('button', { name: 'Undo' })
    .click()
  await expect.poll(() => shownTotal(panel)).toBe(updates.total)
  await details()
    .getByRole('button', { name: `Exclude ${actor.name}` })
    .click()
  const others = new URLSearchParams({ action: 'target.updated', 'not.actor': actor.id })
  await expect.poll(() => shownTotal(panel)).toBe(await totalOf(others))
})

test('older and newer step through the list as it is filtered, by button and by key', async () => {
  const { panel } = browser
  await openUpdate(0)
  const shows = async (offset: number) => {
    await details()
      .getByText(`${offset + 1} of ${updates.total}`, { exact: true })
      .waitFor()
    await details().getByText(updates.events[offset]!.id, { exact: true }).waitFor()
    expect(new URLSearchParams(new URL(panel.url()).hash.slice(1)).get('event')).toBe(
      String(updates.events[offset]!.index),
    )
  }
  expect(await details().getByRole('button', { name: 'Newer event' }).isDisabled()).toBe(true)
  await details().getByRole('button', { name: 'Older event' }).click()
  await shows(1)
  await panel.keyboard.press(']')
  await shows(2)
  await panel.keyboard.press('[')
  await shows(1)
  await details().getByRole('button', { name: 'Newer event' }).click()
  await shows(0)
})

test('an open event survives a reload, and Escape leads back to its row', async () => {
  const event = await openUpdate(2)
  await browser.panel.reload()
  await details().getByText(event.id, { exact: true }).waitFor()
  await browser.panel.keyboard.press('Escape')
  await details().waitFor({ state: 'hidden' })
  await rows(browser.panel).first().waitFor()
  const focused = () => browser.panel.evaluate(() => document.activeElement?.getAttribute('role'))
  await expect.poll(focused).toBe('grid')
})
