// Exports as files on the disk, compared row by row with what the server holds.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventPage } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { restore } from '../../shared/export/csv.ts'
import { Manifest } from '../../shared/export/manifest.ts'
import { addDays, dayOf, rangeOfDays } from '../../shared/time.ts'
import { readZip } from '../support/zip.ts'
import { ask, chooseZone, createKey, filterBy, openLog } from './analyst.ts'
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

const totalOf = async (query: string) =>
  (await ask<EventPage>(server, key, `/v1/events?limit=1&${query}`)).total

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
function csvRows(text: string): Record<string, string>[] {
  const options = { header: true, delimiter: ',', newline: '\r\n', skipEmptyLines: true } as const
  const { data, errors } = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), options)
  expect(errors).toEqual([])
  return data
}

/** What tells one row from any other, its guard against formulas undone, beside the same of the API's event. */
const keptOf = (row: Record<string, string>) =>
  [
    ...['Date (UTC)', 'Action ID', 'User', 'User e-mail', 'User ID', 'Target', 'Target IDs', 'Outcome'],
    ...['Changes (JSON)', 'IP address', 'User agent', 'Channel', 'Source', 'Event ID', 'Log index'],
  ].map(name => restore(row[name]!))
const expectedOf = ({ actor, targets, context, changes, ...event }: AuditEvent) => [
  ...[event.occurredAt, event.action, actor.name ?? '', actor.email ?? '', actor.id],
  targets.map(({ name, id }) => name ?? id).join('; '),
  targets.map(({ type, id }) => `${type}:${id}`).join('; '),
  event.outcome,
  changes.length ? JSON.stringify(changes) : '',
  ...[context.ip ?? '', context.userAgent ?? '', context.channel ?? ''],
  ...[event.source, event.id, String(event.index)],
]

test('up to 1,000 records are one CSV file of the filter in force, counted live on the button, and the export is an event', async () => {
  await filterBy(browser.panel, 'Area', 'Targets')
  const expected = await eventsOf(`area=targets&from=${begin(90)}`)
  const dialog = await openExport('CSV', 'Last 90 days')
  const button = dialog.getByRole('button', { name: `Export ${expected.length} records`, exact: true })
  const file = await browser.download(() => button.click())
  expect(file.name).toMatch(/\.csv$/)
  expect(csvRows(readFileSync(file.path, 'utf8')).map(keptOf)).toEqual(expected.map(expectedOf))
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
  expect(rows.map(keptOf)).toEqual(held.map(expectedOf))
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
  expect(events).toEqual(expected)
  await dialog.getByRole('button', { name: 'Done' }).click()
})

test('chosen days in the zone of the list, chosen columns, no mark for UTF-8', async () => {
  const { panel } = browser
  const zone = 'Pacific/Auckland'
  await chooseZone(panel, zone)
  const [first, last] = [20, 15].map(days => addDays(dayOf(Date.now(), 'UTC'), -days)) as [string, string]
  const dialog = await openExport('CSV', 'Custom')
  await dialog.getByLabel('From', { exact: true }).fill(last)
  await dialog.getByLabel('To', { exact: true }).fill(first)
  await dialog.getByText('The first day comes after the last.').waitFor()
  await dialog.getByLabel('From', { exact: true }).fill(first)
  await dialog.getByLabel('To', { exact: true }).fill(last)
  await dialog.getByText('Time zone, columns and encoding').click()
  expect(await dialog.getByLabel('Time zone', { exact: true }).inputValue()).toBe(zone)
  await dialog.getByText('Mark the file as UTF-8').click()
  const columns = dialog.getByRole('group', { name: /^Columns/ })
  for (const column of await columns.getByRole('checkbox').all()) await column.uncheck()
  await dialog.getByText('Choose at least one column.').waitFor()
  for (const name of ['Event ID', 'Date', 'Action']) await columns.getByLabel(name, { exact: true }).check()
  const { from, to } = rangeOfDays(first, last, zone)
  const expected = await eventsOf(`area=targets&from=${from}&to=${to}`)
  const file = await browser.download(() =>
    dialog.getByRole('button', { name: `Export ${expected.length} records`, exact: true }).click(),
  )
  expect(file.name).toBe(`audit-log_${first}_to_${last}.csv`)
  const text = readFileSync(file.path, 'utf8')
  expect(text.split('\r\n')[0]).toBe('Date,Action,Event ID')
  const rows = csvRows(text)
  expect(rows.map(row => row['Event ID'])).toEqual(expected.map(event => event.id))
  for (const row of rows) expect(row.Date).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}\+1[23]:00$/)
  await dialog.getByRole('button', { name: 'Export more' }).click()
  await dialog.getByText('Time zone, columns and encoding').click()
  await dialog.getByRole('button', { name: 'Usual columns' }).click()
  await panel.keyboard.press('Escape')
  await chooseZone(panel, 'UTC')
})

test('an export that waits for the server can be cancelled: no file, no record of one', async () => {
  const before = await totalOf('action=auditlog.exported')
  const dialog = await openExport('CSV', 'Last 30 days')
  await dialog.getByRole('button', { name: /^Export [\d,]+ records$/ }).waitFor()
  await server.kill()
  await dialog.getByRole('button', { name: /^Export [\d,]+ records$/ }).click()
  await dialog.getByText('Waiting for the server…').waitFor()
  await dialog.getByRole('button', { name: 'Cancel export' }).click()
  await dialog.getByRole('radio', { name: 'CSV' }).waitFor()
  await server.start()
  await browser.panel.getByText('Offline.').waitFor({ state: 'hidden' })
  expect(await totalOf('action=auditlog.exported')).toBe(before)
})

test('the server dies under an export of everything: it waits, goes on by itself, and is logged once', async () => {
  const before = await totalOf('action=auditlog.exported')
  const dialog = await openExport('CSV', 'Last 90 days')
  await dialog.getByRole('checkbox', { name: /Apply the list's filter/ }).uncheck()
  const button = dialog.getByRole('button', { name: /^Export [\d,]+ records in \d files$/ })
  await button.waitFor()
  const announced = Number(/[\d,]+/.exec(await button.innerText())![0].replaceAll(',', ''))
  await server.kill()
  const file = await browser.download(async () => {
    await button.click()
    await dialog.getByText('Waiting for the server…').waitFor()
    await server.start()
  })
  await dialog.getByText('Export finished').waitFor()
  const zip = readZip(readFileSync(file.path))
  const { parts, rows } = Manifest.parse(JSON.parse(zip.get('manifest.json')!.toString()))
  expect(rows).toBe(announced)
  const ids = parts.flatMap(({ name }) => csvRows(zip.get(name)!.toString()).map(row => row['Event ID']))
  expect(new Set(ids).size).toBe(announced)
  const logged = await eventsOf('action=auditlog.exported')
  expect(logged).toHaveLength(before + 1)
  expect(logged[0]!.metadata).toMatchObject({ count: announced, files: parts.length })
})
