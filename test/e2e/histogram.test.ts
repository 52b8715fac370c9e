// Choosing dates in the histogram of the real panel, by mouse and by keyboard.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventPage } from '../../shared/api.ts'
import { ask, createKey, filterBy, openLog, shownTotal } from './analyst.ts'
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

const plot = () => browser.panel.getByRole('slider', { name: 'Events over time' })
const spoken = async () => (await plot().getAttribute('aria-valuetext')) ?? ''
const spokenTotal = async () => Number(/: ([\d,]+) event/.exec(await spoken())![1]!.replaceAll(',', ''))
const dates = () => {
  const hash = new URLSearchParams(new URL(browser.panel.url()).hash.slice(1))
  return new URLSearchParams({ from: hash.get('from') ?? '', to: hash.get('to') ?? '' })
}

/** What list and bars show, once both show the same, must be what the server counts. */
async function agreesWithServer(query: URLSearchParams): Promise<number> {
  const { total } = await ask<EventPage>(server, key, `/v1/events?limit=1&${query}`)
  await expect.poll(() => shownTotal(browser.panel)).toBe(total)
  await expect.poll(spokenTotal).toBe(total)
  return total
}

test('dragging with the mouse shows exactly the time dragged over; a double click shows all again', async () => {
  const { panel } = browser
  const all = await shownTotal(panel)
  await expect.poll(spokenTotal).toBeGreaterThanOrEqual(all)
  const box = (await plot().boundingBox())!
  await panel.mouse.move(box.x + box.width * 0.5, box.y + 20)
  await panel.mouse.down()
  await panel.mouse.move(box.x + box.width * 0.6, box.y + 24, { steps: 4 })
  await panel.mouse.move(box.x + box.width * 0.7, box.y + 10, { steps: 4 })
  await panel.mouse.up()
  await expect.poll(() => dates().get('to')).not.toBe('')
  expect(await agreesWithServer(dates())).toBeLessThan(all)
  await plot().dblclick({ position: { x: box.width * 0.8, y: 20 } })
  await expect.poll(() => dates().get('from')).toBe('')
  // Events go on arriving while the test looks.
  await expect.poll(() => shownTotal(panel)).toBeGreaterThanOrEqual(all)
  await panel.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => dates().get('from')).not.toBe('')
  await panel.getByRole('button', { name: 'Show all dates' }).click()
  await expect.poll(() => shownTotal(panel)).toBeGreaterThanOrEqual(all)
})

test('the keyboard alone chooses several bars, and other filters leave the time where it is', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await plot().focus()
  await panel.keyboard.press('End')
  for (let step = 0; step < 5; step++) await panel.keyboard.press('ArrowLeft')
  for (let step = 0; step < 6; step++) await panel.keyboard.press('Shift+ArrowLeft')
  const chosen = await spokenTotal()
  await panel.keyboard.press('Enter')
  await expect.poll(() => dates().get('from')).not.toBe('')
  const query = dates()
  query.set('area', 'scans')
  expect(await agreesWithServer(query)).toBe(chosen)
  await plot().focus()
  await panel.keyboard.press('Home')
  await panel.keyboard.press('Escape')
  expect(await panel.evaluate(() => document.activeElement?.id)).toBe('event-grid')
  expect(browser.errors).toEqual([])
})
