// Exports as files on the disk, compared row by row with what the server holds.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventPage } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { Manifest } from '../../shared/export/manifest.ts'
import { readZip } from '../support/zip.ts'
import { ask, createKey, filterBy, openLog } from './analyst.ts'
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

async function eventsOf(query: string): Promise<AuditEvent[]> {
  const events: AuditEvent[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: EventPage = await ask(
      server,
      key,
      `/v1/events?limit=1000&${query}${cursor && `&cursor=${cursor}`}`,
    )
    events.push(...page.events)
    cursor = page.nextCursor
  }
  return events
}

/** Whatever a test left open is closed first. */
afterEach(async () => {
  const close = browser.panel.getByRole('dialog').getByRole('button', { name: 'Close' })
  if (await close.isVisible()) await close.click()
})

async function openExport(format: 'CSV' | 'JSON', timeFrame: string) {
  const { panel } = browser
  await panel.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = panel.getByRole('dialog', { name: 'Export' })
  await dialog.getByText(format, { exact: true }).click()
  await dialog.getByText(timeFrame, { exact: true }).click()
  return dialog
}

const begin = (days: number) =>
  new Date(Date.parse(new Date().toISOString().slice(0, 10)) - (days - 1) * 86_400_000).toISOString()
const csvRows = (text: string) =>
  Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data

test('up to 1,000 records are one CSV file of the filter in force, counted live on the button, and the export is an event', async () => {
  await filterBy(browser.panel, 'Area', 'Targets')
  const expected = await eventsOf(`area=targets&from=${begin(90)}`)
  const dialog = await openExport('CSV', 'Last 90 days')
  const button = dialog.getByRole('button', { name: `Export ${expected.length} records`, exact: true })
  const file = await browser.download(() => button.click())
  expect(file.name).toMatch(/\.csv$/)
  const rows = csvRows(readFileSync(file.path, 'utf8'))
  expect(rows).toHaveLength(expected.length)
  const text = JSON.stringify(rows)
  for (const event of expected.slice(0, 40)) expect(text).toContain(event.id)
  await dialog.getByText('Export finished').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
  const logged = await eventsOf('action=auditlog.exported')
  expect(logged[0]!.metadata).toMatchObject({ format: 'csv', count: expected.length, files: 1 })
})

test('the filter can be dropped; beyond 1,000 one zip of numbered parts and a manifest whose hashes hold', async () => {
  const expected = await eventsOf(`from=${begin(90)}`)
  const dialog = await openExport('CSV', 'Last 90 days')
  await dialog.getByRole('checkbox', { name: /Apply the list's filter/ }).uncheck()
  const files = Math.ceil(expected.length / 1000)
  const button = dialog.getByRole('button', {
    name: new RegExp(`^Export [\\d,]+ records in ${files} files$`),
  })
  await button.waitFor()
  const file = await browser.download(() => button.click())
  expect(file.name).toMatch(/\.zip$/)
  const zip = readZip(readFileSync(file.path))
  const manifest = Manifest.parse(JSON.parse(zip.get('manifest.json')!.toString()))
  expect(manifest.parts).toHaveLength(files)
  const rows = manifest.parts.flatMap(part => {
    const bytes = zip.get(part.name)!
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(part.sha256)
    const inPart = csvRows(bytes.toString())
    expect(inPart.length).toBe(part.rows)
    expect(inPart.length).toBeLessThanOrEqual(1000)
    return inPart
  })
  // The dialog stands at the log's size when it was opened, whatever has happened since.
  const held = expected.filter(event => event.index < manifest.log.size)
  expect(held.length).toBeGreaterThan(2000)
  expect(rows).toHaveLength(held.length)
  const text = JSON.stringify(rows)
  for (const event of held) expect(text).toContain(event.id)
  await dialog.getByRole('button', { name: 'Done' }).click()
})

test('JSON holds the same events as the API', async () => {
  const expected = await eventsOf(`area=targets&from=${begin(30)}`)
  const dialog = await openExport('JSON', 'Last 30 days')
  const file = await browser.download(() =>
    dialog.getByRole('button', { name: `Export ${expected.length} records`, exact: true }).click(),
  )
  expect(file.name).toMatch(/\.json$/)
  const events = JSON.parse(readFileSync(file.path, 'utf8')) as AuditEvent[]
  expect(events.map(event => event.index)).toEqual(expected.map(event => event.index))
  expect(events[0]).toMatchObject({
    id: expected[0]!.id,
    actor: expected[0]!.actor,
    changes: expected[0]!.changes,
  })
  await dialog.getByRole('button', { name: 'Done' }).click()
})

test('an export that cannot be logged waits for the server and hands nothing over until it is back', async () => {
  const dialog = await openExport('CSV', 'Last 30 days')
  await server.kill()
  const button = dialog.getByRole('button', { name: /^Export [\d,]+ records$/ })
  const file = await browser.download(async () => {
    await button.click()
    const waiting = dialog
      .getByText('Waiting for the server…')
      .or(dialog.getByRole('button', { name: 'Resume' }))
    await waiting.first().waitFor()
    await server.start()
    const resume = dialog.getByRole('button', { name: 'Resume' })
    if (await resume.isVisible()) await resume.click()
  })
  expect(csvRows(readFileSync(file.path, 'utf8')).length).toBeGreaterThan(0)
})
