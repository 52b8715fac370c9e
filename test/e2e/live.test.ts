// Events as they happen, and events that mean harm, in the panel as it is shipped.
import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventPage, IntakeResult } from '../../shared/api.ts'
import { bearer } from '../support/access.ts'
import { ask, createKey, filterBy, openLog, rows, shownTotal } from './analyst.ts'
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

async function send(events: object[]): Promise<IntakeResult> {
  const headers = new Headers([...bearer(key), ['content-type', 'application/json']])
  const answer = await fetch(`${server.url}/v1/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ events }),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as IntakeResult
}

let sent = 0
const event = (more: object = {}) => ({
  id: `live-${++sent}`,
  occurredAt: new Date().toISOString(),
  action: 'target.updated',
  actor: { id: 'u-live', name: 'Lively Person' },
  ...more,
})

test('at the top, new events come in by themselves; further down they wait behind a pill', async () => {
  const { panel } = browser
  const before = await shownTotal(panel)
  await send([event()])
  await expect.poll(() => shownTotal(panel)).toBe(before + 1)
  await rows(panel).filter({ hasText: 'Lively Person' }).first().waitFor()
  await panel.getByRole('grid').focus()
  await panel.keyboard.press('End')
  await send([event(), event(), event()])
  const pill = panel.getByRole('button', { name: /3 new events/ })
  await pill.waitFor()
  expect(await shownTotal(panel)).toBe(before + 1)
  await pill.click()
  await expect.poll(() => shownTotal(panel)).toBe(before + 4)
})

test('a server that restarts leaves no gap and no repeat', async () => {
  const { panel } = browser
  const before = await shownTotal(panel)
  await server.kill()
  await server.start()
  await send([event(), event()])
  // The look of the session that came back is an event as well.
  const total = async () => (await ask<EventPage>(server, key, '/v1/events?limit=1')).total
  await expect.poll(async () => (await shownTotal(panel)) - (await total()), { timeout: 60_000 }).toBe(0)
  expect(await shownTotal(panel)).toBeGreaterThanOrEqual(before + 2)
  await filterBy(panel, 'User', 'Lively Person')
  await expect.poll(() => shownTotal(panel)).toBe(sent)
  await panel.getByRole('button', { name: 'Clear all', exact: true }).click()
})

test('every field is hostile: it is shown and exported as text, and nothing of it runs', async () => {
  const { panel } = browser
  const markup = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
  const nasty = `${markup}\u202Egpj.exe\u0000\u0007`
  const { items } = await send([
    event({
      action: 'hostile.event',
      actor: { id: 'h', name: `=HYPERLINK("http://x.example","${markup}")`, email: '@SUM(1+1)*cmd' },
      targets: [{ type: 'target', id: '<b>1</b>', name: nasty }],
      changes: [{ field: '<i>field</i>', before: '=1+1', after: 'x'.repeat(1_000_000) }],
      context: { ip: '<u>1.2.3.4</u>', userAgent: markup, location: '\u2066\u2067' },
      metadata: { '<s>key</s>': markup },
    }),
    event({ action: 'hostile.event', metadata: { half: '\ud800' } }),
  ])
  expect(items.map(item => item.status)).toEqual(['accepted', 'rejected'])
  expect(items[1]).toMatchObject({ path: 'metadata.half' })
  await filterBy(panel, 'Action', 'Hostile event')
  await expect.poll(() => shownTotal(panel)).toBe(1)
  await rows(panel).first().click()
  await panel.getByRole('heading', { name: 'Changes' }).waitFor()
  const detail = await panel.getByRole('main').innerText()
  expect(detail).toContain('<script>')
  expect(detail.length).toBeLessThan(100_000)
  expect(await panel.title()).not.toContain('owned')
  expect(await panel.locator('img[src=x]').count()).toBe(0)
  expect(await panel.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await panel.keyboard.press('Escape')

  await panel.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = panel.getByRole('dialog', { name: 'Export' })
  const file = await browser.download(() =>
    dialog.getByRole('button', { name: 'Export 1 record', exact: true }).click(),
  )
  const text = readFileSync(file.path, 'utf8')
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: true })
  expect(errors).toEqual([])
  expect(data).toHaveLength(2)
  for (const cell of data[1]!) expect(cell).not.toMatch(/^[\s\0]*[=+@]/)
  expect(browser.errors).toEqual([])
})
