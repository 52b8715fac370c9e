import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { personWith } from '../../../test/support/panel/fake-platform.ts'
import {
  demoLog,
  endPanels,
  renderLog,
  renderPanel,
  settled,
} from '../../../test/support/panel/render-panel.tsx'
import type { PanelState } from '../../state/panel-state.ts'

afterEach(endPanels)

const plot = () => screen.findByRole('slider', { name: 'Events over time' })
const spoken = async () => (await plot()).getAttribute('aria-valuetext')!
const press = async (key: string, shiftKey = false) => fireEvent.keyDown(await plot(), { key, shiftKey })
const paths = () =>
  [...document.querySelectorAll('.histogram-plot path')].map(path => path.getAttribute('class'))
const range = ({ filter }: PanelState) => filter.range.value
/** The plot is 336 pixels wide before it is measured. */
const placeOf = (bucket: number, of: number) => ((bucket + 0.5) / of) * 336
const bucketsOf = ({ histogram }: PanelState) => histogram.picture.value!.overview!.buckets

async function drag(from: number, to: number) {
  const target = await plot()
  fireEvent.pointerDown(target, { button: 0, clientX: from })
  fireEvent.pointerMove(target, { clientX: (from + to) / 2 })
  fireEvent.pointerMove(target, { clientX: to })
  fireEvent.pointerUp(target, { clientX: to })
  fireEvent.click(target, { clientX: to, detail: 1 })
}

async function click(x: number, detail = 1) {
  const target = await plot()
  fireEvent.pointerDown(target, { button: 0, clientX: x })
  fireEvent.pointerUp(target, { clientX: x })
  fireEvent.click(target, { clientX: x, detail })
}

test('it shows all that the filter finds, not the page that is loaded, and says so in words', async () => {
  const { panel } = await renderLog({ log: demoLog(5_000) })
  expect(await spoken()).toMatch(/: 5,000 events, Success [\d,]+, Denied \d+, Failed \d+|: 5,000 events, /)
  expect(paths()).toEqual(['series success', 'series denied', 'series failure'])
  panel.filter.include('action', 'user.login_failed')
  await settled(panel)
  await waitFor(() => expect(paths()).toEqual(['series failure']))
  expect(await spoken()).toContain('Failed')
})

test('dragging sets the dates to the buckets dragged over, in either direction', async () => {
  const { panel } = await renderLog()
  const { starts } = bucketsOf(panel)
  const expected = { from: new Date(starts[10]!).toISOString(), to: new Date(starts[21]!).toISOString() }
  await drag(placeOf(20, starts.length), placeOf(10, starts.length))
  expect(range(panel)).toEqual(expected)
  panel.filter.anyDate()
  await settled(panel)
  await waitFor(() => expect(bucketsOf(panel).starts).toEqual(starts))
  await drag(placeOf(10, starts.length), placeOf(20, starts.length))
  expect(range(panel)).toEqual(expected)
})

test('a click is one bucket; the second of two takes it back, and undo has the dates of before', async () => {
  const { panel } = await renderLog()
  panel.filter.choosePreset('7d')
  await settled(panel)
  await waitFor(() => expect(bucketsOf(panel).size).toEqual({ unit: 'hour', step: 3 }))
  const { starts } = bucketsOf(panel)
  await click(placeOf(4, starts.length))
  expect(range(panel)).toEqual({
    from: new Date(starts[4]!).toISOString(),
    to: new Date(starts[5]!).toISOString(),
  })
  await click(placeOf(4, starts.length), 2)
  expect(panel.filter.dates.value).toEqual({ kind: 'any' })
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(panel.filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
})

test('a button shows all dates again and can be undone', async () => {
  const { panel } = await renderLog()
  expect(screen.queryByRole('button', { name: 'Show all dates' })).toBeNull()
  panel.filter.choosePreset('yesterday')
  fireEvent.click(await screen.findByRole('button', { name: 'Show all dates' }))
  expect(panel.filter.dates.value).toEqual({ kind: 'any' })
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(panel.filter.dates.value).toEqual({ kind: 'preset', preset: 'yesterday' })
})

test('arrow keys go from bar to bar, Shift chooses several, Enter applies', async () => {
  const { panel } = await renderLog()
  const { starts, end } = bucketsOf(panel)
  ;(await plot()).focus()
  await press('ArrowLeft')
  await waitFor(async () => expect(await spoken()).toMatch(/^24 Nov 2026, 12:00.*: \d+ events/))
  await press('ArrowLeft')
  await press('ArrowLeft', true)
  await press('ArrowLeft', true)
  await waitFor(async () => expect((await plot()).getAttribute('aria-valuenow')).toBe(`${starts.length - 3}`))
  expect(panel.filter.dates.value).toEqual({ kind: 'any' })
  await press('Enter')
  const at = starts.length
  expect(range(panel)).toEqual({
    from: new Date(starts[at - 4]!).toISOString(),
    to: new Date(starts[at - 1] ?? end).toISOString(),
  })
})

test('Escape leaves for the list and changes nothing', async () => {
  const { panel } = await renderLog()
  ;(await plot()).focus()
  await press('Home')
  await press('End', true)
  await press('Escape')
  expect(document.activeElement).toBe(screen.getByRole('grid'))
  expect(panel.filter.dates.value).toEqual({ kind: 'any' })
})

test('the bars can be divided by area, which is remembered, and the colours are explained', async () => {
  const { panel } = await renderLog()
  fireEvent.click(await screen.findByRole('button', { name: 'By outcome' }))
  const dialog = screen.getByRole('dialog', { name: 'Events by time' })
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Area' }))
  expect(panel.settings.settings.value.stack).toBe('area')
  await screen.findByRole('button', { name: 'By area' })
  const legend = within(dialog).getByRole('list', { name: 'Colours' })
  await waitFor(() => expect(within(legend).getAllByRole('listitem').length).toBeGreaterThan(3))
  expect(legend.textContent).toContain('Scans')
})

test('the same numbers stand in a table, newest first, which add up to the total', async () => {
  await renderLog()
  fireEvent.click(await screen.findByRole('button', { name: 'By outcome' }))
  const rows = within(screen.getByRole('dialog')).getAllByRole('row', { hidden: true })
  expect([...rows[0]!.querySelectorAll('th')].map(cell => cell.textContent)).toEqual([
    ...['Time', 'Events', 'Success', 'Denied', 'Failed'],
  ])
  const cells = rows
    .slice(1)
    .map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent)))
  expect(cells.reduce((sum, [total]) => sum + total!, 0)).toBe(500)
  for (const [total, ...parts] of cells) expect(parts.reduce((a, b) => a + b)).toBe(total)
  expect(rows[1]!.querySelector('th')!.textContent).toContain('24 Nov 2026')
})

test('a chosen part of a day is named by its times, not by the day', async () => {
  const { panel } = await renderLog()
  const { starts } = bucketsOf(panel)
  await click(placeOf(starts.length - 1, starts.length))
  await screen.findByRole('button', { name: /24 Nov 2026, 12:00/ })
})

test('where nothing matches, the time stays and says that there is nothing', async () => {
  const { panel } = await renderLog()
  const before = bucketsOf(panel)
  panel.filter.include('text', 'no such thing')
  await settled(panel)
  await waitFor(async () => expect(await spoken()).toMatch(/: 0 events$/))
  expect(bucketsOf(panel)).toEqual(before)
})

test('what is not held here is marked and said', async () => {
  const log = demoLog()
  log.exact = false
  log.setStatus({ phase: 'offline', size: 900, complete: false })
  log.gaps = [{ from: null, to: Date.parse(log.events[100]!.occurredAt) }]
  await renderLog({ log })
  await screen.findByText(/^Not held here: before \d+ Nov 2026$/)
  expect(document.querySelectorAll('.histogram-missing')).toHaveLength(1)
})

test('an empty log has no histogram; a failure says so', async () => {
  renderPanel({ log: demoLog(0) })
  await screen.findByText('Nothing has been logged yet')
  expect(document.querySelector('.histogram')).toBeNull()
  endPanels()
  const log = demoLog()
  log.failures.set('overview', { kind: 'failed', code: 'internal', detail: 'No' })
  await renderLog({ log })
  await screen.findByText('The events could not be counted by time')
})

test('each value of a facet has its line, drawn from the same time', async () => {
  const { log, panel } = await renderLog({ me: personWith(['audit_log.read']) })
  fireEvent.click(screen.getByRole('button', { name: 'Action' }))
  const dialog = await screen.findByRole('dialog')
  await waitFor(() => expect(dialog.querySelectorAll('.sparkline path').length).toBeGreaterThan(5))
  const line = panel.facets.sparklines.value.action!.get('scan.started')!
  const started = log.events.filter(({ action }) => action === 'scan.started').length
  expect(line.reduce((a, b) => a + b)).toBe(started)
})
