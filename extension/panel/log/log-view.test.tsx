import { fireEvent, screen, waitFor } from '@testing-library/preact'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeLog } from '../../../test/support/panel/fake-log.ts'
import { generateEvents } from '../../../test/support/panel/generated-events.ts'
import { hostileEvent } from '../../../test/support/panel/hostile-event.ts'
import { demoLog, endPanels, now, renderLog, settled } from '../../../test/support/panel/render-panel.tsx'
import { rowsPerPage } from '../../state/row-pages.ts'

afterEach(endPanels)

const grid = () => screen.getByRole('grid')
const rows = () => screen.getAllByRole('row')
const press = (key: string, target: Element | Document = grid()) => fireEvent.keyDown(target, { key })
const active = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')

/** Events after those of the log, at the given second. */
function newcomers(log: FakeLog, count: number) {
  return generateEvents({ count, until: now + 5_000, days: 0.00001, seed: 9 }).map((event, at) => ({
    ...event,
    id: `new-${at}`,
    index: log.events.length + at,
  }))
}

test('only the rows in view are drawn, and the grid says how many there are', async () => {
  await renderLog({ log: demoLog(5_000) })
  expect(grid().getAttribute('aria-rowcount')).toBe('5000')
  expect(rows().length).toBeLessThan(60)
  expect(rows()[0]!.getAttribute('aria-rowindex')).toBe('1')
})

test('rows come newest first, with time, who, what, on what and outcome', async () => {
  const { log } = await renderLog()
  const newest = log.events.at(-1)!
  const first = rows()[0]!
  expect(first.querySelector('time')!.getAttribute('datetime')).toBe(newest.occurredAt)
  expect(first.querySelectorAll('[role=gridcell]')).toHaveLength(5)
  const failed = rows().find(row => row.classList.contains('failure'))!
  expect(failed.textContent).toContain('Failed')
})

test('day headings carry the exact count of the day', async () => {
  const { log } = await renderLog()
  const today = log.events.filter(event => event.occurredAt.startsWith('2026-11-24')).length
  await waitFor(() => {
    const heading = document.querySelector('.sticky-day .day-heading')!
    expect(heading.textContent).toBe(`TodayTue, 24 Nov 2026${today}`)
  })
})

test('pages are fetched around what is looked at, wherever that is', async () => {
  const { log, panel } = await renderLog({ log: demoLog(5_000) })
  grid().focus()
  press('End')
  await waitFor(() => expect(active()!.getAttribute('aria-rowindex')).toBe('5000'))
  await waitFor(() => expect(active()!.querySelector('time')).not.toBeNull())
  const offsets = log.calls
    .filter(call => call.name === 'rows')
    .map(call => (call.args[1] as { offset: number }).offset)
  expect(offsets).toContain(4_900)
  expect(offsets.length).toBeLessThan(5_000 / rowsPerPage / 2)
  expect(panel.list.rowAt(4_999)!.index).toBe(0)
})

test('j, k, arrows and the ends move the active row; letters can be switched off', async () => {
  const { panel } = await renderLog()
  grid().focus()
  const isAt = (place: string) => waitFor(() => expect(active()!.getAttribute('aria-rowindex')).toBe(place))
  press('j')
  press('ArrowDown')
  await isAt('3')
  press('k')
  await isAt('2')
  panel.settings.change({ shortcuts: false })
  press('j')
  press('ArrowDown')
  await isAt('3')
  press('Home')
  await isAt('1')
})

test('the active row stays in the document however far the list is scrolled', async () => {
  await renderLog({ log: demoLog(2_000) })
  grid().focus()
  press('j')
  const box = grid().parentElement!
  box.scrollTop = 40_000
  fireEvent.scroll(box)
  await waitFor(() => expect(rows().some(row => Number(row.getAttribute('aria-rowindex')) > 700)).toBe(true))
  expect(active()).not.toBeNull()
})

test('shortcuts: / searches, e exports, ? helps; not while typing', async () => {
  const { panel } = await renderLog()
  press('/', document.body)
  const search = screen.getByRole('combobox', { name: 'Search' })
  expect(document.activeElement).toBe(search)
  press('e', search)
  expect(panel.exporting.isOpen.value).toBe(false)
  press('e', document.body)
  expect(panel.exporting.isOpen.value).toBe(true)
  panel.exporting.close()
  press('?', document.body)
  expect(panel.navigation.helpIsOpen.value).toBe(true)
})

test('arrivals wait in a pill while the reader is elsewhere, and come in on request', async () => {
  const { log, panel } = await renderLog()
  panel.list.atRest.value = false
  grid().focus()
  press('j')
  press('j')
  const before = rows()[0]!.id
  log.arrive(newcomers(log, 3))
  const pill = await screen.findByRole('button', { name: '3 new events' })
  expect(rows()[0]!.id).toBe(before)
  expect(screen.getByText('500 events')).toBeDefined()
  fireEvent.click(pill)
  await screen.findByText('503 events')
  expect(screen.queryByRole('button', { name: /new event/ })).toBeNull()
})

test('at the top and idle, arrivals come in by themselves', async () => {
  const { log } = await renderLog()
  log.arrive(newcomers(log, 2))
  await screen.findByText('502 events')
})

test('arrivals that do not match the filter are not announced', async () => {
  const { log, panel } = await renderLog()
  panel.filter.include('actor', 'nobody-new')
  await settled(panel)
  log.arrive(newcomers(log, 2))
  await new Promise(done => setTimeout(done, 400))
  expect(panel.list.arrived.value).toBe(0)
})

test('arrivals that did not match the filter are in the list once it is cleared', async () => {
  const { log, panel } = await renderLog()
  panel.filter.include('actor', 'nobody-new')
  await settled(panel)
  log.arrive(newcomers(log, 2))
  await settled(panel)
  panel.filter.clear()
  await screen.findByText('502 events')
})

test('arrivals that wait in the pill belong to the answer to another filter', async () => {
  const { log, panel } = await renderLog()
  panel.list.atRest.value = false
  grid().focus()
  press('j')
  press('j')
  log.arrive(newcomers(log, 3))
  await screen.findByRole('button', { name: '3 new events' })
  panel.filter.exclude('actor', 'nobody-new')
  await screen.findByText('503 events')
  expect(screen.queryByRole('button', { name: /new event/ })).toBeNull()
})

test('arrivals that are being counted while the list is taken anew are not forgotten', async () => {
  const { log, panel } = await renderLog()
  log.delayMs = 60
  log.arrive(newcomers(log, 2))
  panel.settings.change({ zone: 'Asia/Tokyo' })
  await screen.findByText('502 events')
})

test('a late answer for an earlier filter is dropped', async () => {
  const { log, panel } = await renderLog()
  const call = log.call.bind(log)
  vi.spyOn(log, 'call').mockImplementation(async (name, ...args) => {
    const answer = await call(name, ...(args as never))
    const isSlow = name === 'rows' && JSON.stringify(args[0]).includes('scan.started')
    if (isSlow) await new Promise(done => setTimeout(done, 150))
    return answer
  })
  panel.filter.only('action', 'scan.started')
  panel.filter.only('action', 'user.login')
  await new Promise(done => setTimeout(done, 300))
  const logins = log.events.filter(event => event.action === 'user.login').length
  expect(panel.list.listing.value!.total).toBe(logins)
})

test('relative times and the zone can be chosen', async () => {
  const { panel } = await renderLog()
  panel.settings.change({ times: 'relative' })
  await waitFor(() => expect(rows()[3]!.querySelector('time')!.textContent).toMatch(/ago/))
  fireEvent.click(screen.getByRole('button', { name: 'Times in UTC' }))
  fireEvent.input(screen.getByLabelText('Find a time zone'), { target: { value: 'tokyo' } })
  fireEvent.click(await screen.findByRole('button', { name: 'Asia/Tokyo' }))
  await screen.findByRole('button', { name: 'Times in Asia/Tokyo' })
})

test('hostile text makes no elements, and its tricks are made visible', async () => {
  const log = new FakeLog([hostileEvent(0, new Date(now - 1_000).toISOString())])
  await renderLog({ log })
  const row = rows()[0]!
  expect(row.querySelector('script, img, b')).toBeNull()
  expect(row.textContent).toContain('<script>')
  expect([...row.querySelectorAll('.odd-character')].map(odd => odd.textContent)).toContain('RLO')
  expect(row.textContent).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
})
