// Every field of an event is hostile text: what each attack is in the list, in the detail, in filters and in files.
import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventPage, IntakeResult } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { printable, restore } from '../../shared/export/csv.ts'
import { bearer } from '../support/access.ts'
import { ask, createKey, openLog, openMenu, rows, shownTotal } from './analyst.ts'
import type { Download, PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

const attacks = {
  markup:
    '<img src=x onerror="window.ran=1"><script>window.ran=1</script><style>*{display:none}</style>mischief',
  address: 'javascript:window.ran=1//mischief',
  equals: '=mischief()',
  plus: '+mischief',
  minus: '-mischief',
  at: '@mischief',
  tab: '\t=mischief()',
  'carriage return': '\r=mischief()',
  wide: '＝mischief()',
  'cell in a cell': '"\r\n=mischief(),"',
  'byte order mark': '\uFEFF=mischief()',
  bidi: '\u202Ehcsim\u2066 mischief',
  controls: '\u0000\u0007\u001B[2Jmischief',
  substitution: '$1 $2 $& mischief',
  prototype: '__proto__',
  tall: `m${'\u0300'.repeat(100)}ischief`,
  wordless: 'mischief'.repeat(15),
}
const count = Object.keys(attacks).length

/** The attack in every field that takes text. */
const attackEvent = (name: string, text: string, key = text === '__proto__' ? 'constructor' : text) => ({
  id: `mischief ${name} ${text}`.slice(0, 250),
  source: text,
  occurredAt: new Date().toISOString(),
  action: text,
  area: text,
  actor: { id: text, name: text, email: text, onBehalfOf: { id: text, name: text, email: text } },
  targets: [
    { type: text, id: text, name: text },
    { type: 'target', id: text, name: null },
  ],
  outcome: 'denied',
  changes: [{ field: text, before: text, after: { [key]: [text] } }],
  context: {
    ip: text,
    userAgent: text,
    channel: 'background',
    requestId: text,
    sessionId: text,
    location: text,
  },
  metadata: { [key]: text, mischief: [{ [key]: text }] },
})

let server: TestServer
let browser: PanelBrowser
let panel: Page
let key: string
beforeAll(async () => {
  server = await startServer()
  key = await createKey(server)
  const { items } = await send(Object.entries(attacks).map(entry => attackEvent(...entry)))
  expect(items.map(item => item.status)).toEqual(Object.keys(attacks).map(() => 'accepted'))
  browser = await openLog(server, { width: 360, role: 'Owner' })
  panel = browser.panel
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

function post(path: string, body: object): Promise<Response> {
  const headers = new Headers([...bearer(key), ['content-type', 'application/json']])
  return fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function send(events: object[]): Promise<IntakeResult> {
  const answer = await post('/v1/events', { events })
  expect(answer.status).toBe(200)
  return (await answer.json()) as IntakeResult
}

/** Not the exports: their events name the filter, so they are mischief too, but nobody denied them. */
const mischief = async (): Promise<AuditEvent[]> =>
  (await ask<EventPage>(server, key, '/v1/events?q=mischief&outcome=denied&limit=1000')).events

async function findMischief(): Promise<void> {
  await panel.evaluate(() => {
    location.hash = '#q=mischief&outcome=denied'
  })
  await panel.getByRole('button', { name: 'Remove filter Outcome: Denied' }).waitFor()
  await expect.poll(() => shownTotal(panel)).toBe(count)
}

/** Nothing ran, nothing became an element, nothing pushed the panel wider, and nobody wrote an error. */
async function expectUnharmed(): Promise<void> {
  expect(await panel.evaluate(() => 'ran' in window || 'mischief' in Object.prototype)).toBe(false)
  const foreign = panel.locator('body :is(img, script, style, iframe, object, a[href^=javascript])')
  expect(await foreign.count()).toBe(0)
  expect(await panel.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(browser.errors).toEqual([])
}

test('in the list, each attack is text in a row of its own height', async () => {
  await findMischief()
  for (const width of [360, 640]) {
    await browser.setPanelWidth(width)
    // The first attack is the oldest, so the last row: only rows in view are drawn.
    await panel.getByRole('grid').press('End')
    await rows(panel).filter({ hasText: '<script>' }).first().waitFor()
    const heights = await rows(panel).evaluateAll(all => all.map(row => row.getBoundingClientRect().height))
    expect(new Set(heights).size).toBe(1)
    await expectUnharmed()
  }
  await browser.setPanelWidth(360)
  await panel.getByRole('grid').press('Home')
  await panel.getByText('RLO').first().waitFor()
  await panel.getByText('NUL').first().waitFor()
})

test('in the detail, each attack is text in every field', async () => {
  await rows(panel).first().click()
  for (let at = 1; at <= count; at++) {
    await panel.getByText(`${at} of ${count}`, { exact: true }).waitFor()
    await panel.getByRole('heading', { name: 'Changes' }).waitFor()
    await panel.getByText('Raw JSON', { exact: true }).click()
    await expectUnharmed()
    const words = await panel.getByRole('article').innerText()
    expect(words.split('\n').length).toBeGreaterThan(15)
    await panel.keyboard.press(']')
  }
  await panel.getByRole('button', { name: 'Back to the list' }).click()
})

test.each(['Action', 'Area', 'User', 'Target'])(
  'as values of %s they are counted and chosen like any other',
  async field => {
    const opener = panel.getByRole('button', { name: new RegExp(`^${field}`) })
    await opener.first().click()
    const boxes = panel.getByRole('dialog').getByRole('checkbox')
    await expect.poll(() => boxes.count()).toBeGreaterThanOrEqual(count)
    await expectUnharmed()
    await boxes.and(panel.getByLabel(/proto/i)).first().check()
    await expect.poll(() => shownTotal(panel)).toBe(1)
    await panel.keyboard.press('Escape')
    await expectUnharmed()
    await panel.getByRole('button', { name: 'Clear all', exact: true }).click()
    await findMischief()
  },
)

async function exportAs(format: 'CSV' | 'JSON'): Promise<Download> {
  await panel.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = panel.getByRole('dialog')
  await dialog.getByText(format, { exact: true }).click()
  const button = dialog.getByRole('button', { name: `Export ${count} records`, exact: true })
  const file = await browser.download(() => button.click())
  await dialog.getByRole('button', { name: 'Done' }).click()
  return file
}

test('the JSON file holds every attack as it was sent', async () => {
  const file = await exportAs('JSON')
  expect(JSON.parse(readFileSync(file.path, 'utf8'))).toEqual(await mischief())
})

test('no cell of the CSV file is a formula, no row is torn, and every value can be had back', async () => {
  const file = await exportAs('CSV')
  const text = readFileSync(file.path, 'utf8').replace(/^\uFEFF/, '')
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: true })
  expect(errors).toEqual([])
  const [head, ...lines] = data as [string[], ...string[][]]
  const expected = await mischief()
  expect(lines).toHaveLength(expected.length)
  for (const cell of lines.flat()) expect(cell).not.toMatch(/^[\s\p{C}]*[=+\-@＝]/u)
  const column = (name: string) => lines.map(line => restore(line[head.indexOf(name)]!))
  expect(column('User')).toEqual(expected.map(event => printable(event.actor.name!)))
  expect(column('Event ID')).toEqual(expected.map(event => printable(event.id)))
})

test('half a surrogate pair is refused wherever it stands, with the path to it', async () => {
  const half = '\uD800'
  const whole = attackEvent('half', 'mischief')
  const cases: [string, object][] = [
    ['id', { id: half }],
    ['source', { source: half }],
    ['action', { action: half }],
    ['area', { area: half }],
    ['actor.name', { actor: { ...whole.actor, name: half } }],
    ['actor.onBehalfOf.email', { actor: { ...whole.actor, onBehalfOf: { id: 'x', email: half } } }],
    ['targets[0].name', { targets: [{ type: 'target', id: 'x', name: half }] }],
    ['changes[0].field', { changes: [{ ...whole.changes[0], field: half }] }],
    ['changes[0].after', { changes: [{ ...whole.changes[0], after: half }] }],
    ['context.userAgent', { context: { ...whole.context, userAgent: half } }],
    ['metadata.deep', { metadata: { deep: half } }],
    ['metadata', { metadata: JSON.parse('{"__proto__": 1}') }],
  ]
  const { items } = await send(
    cases.map(([path, part]) => ({ ...whole, id: `mischief half ${path}`, ...part })),
  )
  const told = items.map(item => (item.status === 'rejected' ? item.path : item.status))
  expect(told).toEqual(cases.map(([path]) => path))
})

test('a megabyte in a field is folded in the detail, and unfolds', async () => {
  const megabyte = 'mischief'.repeat(131_072)
  const whole = attackEvent('large', 'mischief')
  const { items } = await send([
    { ...whole, actor: { id: 'large', name: megabyte } },
    { ...whole, id: 'mischief larger', targets: [{ type: 'target', id: 'large', name: megabyte }] },
  ])
  expect(items.map(item => item.status)).toEqual(['accepted', 'accepted'])
  await expect.poll(() => shownTotal(panel)).toBe(count + 2)
  await expectUnharmed()
  await rows(panel).first().click()
  const unfold = panel.getByRole('button', { name: 'Show all 1,048,576 characters' })
  await unfold.first().click()
  await panel.getByRole('button', { name: 'Show less' }).first().waitFor()
  await expectUnharmed()
  await panel.getByRole('button', { name: 'Back to the list' }).click()
})

test('names of roles are hostile too; what is no line of text is refused', async () => {
  for (const [name, text] of Object.entries(attacks)) {
    const role = { name: `${name} ${text}`.slice(0, 80), description: text, permissions: [] }
    expect((await post('/v1/roles', role)).status, name).toBe(/\p{Cc}/u.test(text) ? 400 : 201)
  }
  await openMenu(panel, 'Administration')
  await panel.getByRole('tab', { name: 'Roles' }).click()
  await panel.getByRole('listitem').filter({ hasText: '<img' }).waitFor()
  await expectUnharmed()
})
