import { signal } from '@preact/signals'
import { afterEach, expect, test } from 'vitest'
import { memoryFragment } from '../../test/support/panel/fake-platform.ts'
import { createFilterModel } from './filter-model.ts'

const now = Date.parse('2026-11-24T13:42:10Z')
let end = () => {}
afterEach(() => end())

function open(address = '', zone = 'UTC') {
  const fragment = memoryFragment(address)
  const zoneSignal = signal(zone)
  const filter = createFilterModel(fragment, zoneSignal, { now: signal(now), read: () => now })
  end = filter.followFragment()
  return { filter, fragment, zone: zoneSignal }
}

test('what is chosen stands in the address, and comes back from it', () => {
  const { filter, fragment } = open()
  filter.include('action', 'scan.started')
  filter.exclude('actor', 'u-01')
  filter.include('text', 'first phrase')
  filter.type({ filter: { text: { include: ['second'], exclude: [] } } })
  filter.choosePreset('30d')
  const again = open(fragment.text).filter
  expect(again.filter.value).toEqual(filter.filter.value)
  expect(again.chips.value.map(({ value }) => value)).toEqual([
    ...['scan.started', 'u-01', 'first phrase', 'second'],
  ])
  expect(again.dates.value).toEqual({ kind: 'preset', preset: '30d' })
})

test('the event that is open keeps its place in the address', () => {
  const { filter, fragment } = open('event=12')
  filter.include('area', 'scans')
  expect(new URLSearchParams(fragment.text).get('event')).toBe('12')
})

test('a value is included or excluded, never both, and can be turned round', () => {
  const { filter } = open()
  filter.include('action', 'scan.started')
  filter.negate(filter.chips.value[0]!)
  expect(filter.filter.value.action).toEqual({ include: [], exclude: ['scan.started'] })
  filter.negate(filter.chips.value[0]!)
  expect(filter.filter.value.action).toEqual({ include: ['scan.started'], exclude: [] })
  filter.remove('action', 'scan.started')
  expect(filter.isEmpty.value).toBe(true)
})

test('the last day of a custom range belongs to it, in the zone shown', () => {
  const { filter, zone } = open('', 'Europe/Berlin')
  filter.chooseDays({ first: '2026-11-01', last: '2026-11-02' })
  expect(filter.filter.value).toEqual({ from: '2026-10-31T23:00:00.000Z', to: '2026-11-02T23:00:00.000Z' })
  zone.value = 'UTC'
  expect(filter.filter.value).toEqual({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' })
})

test('an address that cannot be read is left alone and said to be so', () => {
  const { filter, fragment } = open('outcome=perhaps')
  expect(filter.problem.value).toContain('perhaps')
  expect(fragment.text).toBe('outcome=perhaps')
  filter.clear()
  expect(filter.problem.value).toBeNull()
  expect(fragment.text).toBe('')
})

test('clearing can be undone', () => {
  const { filter } = open()
  filter.include('action', 'scan.started')
  filter.choosePreset('7d')
  filter.type({ filter: { text: { include: ['typed'], exclude: [] } } })
  const before = filter.filter.value
  const written = filter.written()
  filter.clear()
  expect(filter.isEmpty.value).toBe(true)
  filter.restore(written)
  expect(filter.filter.value).toEqual(before)
  expect(filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
})

test('what is typed adds to the chips, and its dates go before the chosen ones', () => {
  const { filter } = open()
  filter.include('area', 'scans')
  filter.choosePreset('7d')
  const typed = {
    filter: { area: { include: ['users'], exclude: [] }, from: '2026-11-01T00:00:00.000Z' },
    moving: null,
  }
  filter.type(typed)
  expect(filter.filter.value).toEqual({
    area: { include: ['scans', 'users'], exclude: [] },
    from: '2026-11-01T00:00:00.000Z',
  })
  filter.type({ filter: {} })
  expect(filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
  filter.add(typed)
  expect(filter.chips.value.map(({ value }) => value)).toEqual(['scans', 'users'])
  expect(filter.chosenDates.value).toEqual({ kind: 'range', range: { from: '2026-11-01T00:00:00.000Z' } })
})

test('dates chosen elsewhere go before those that are being typed, and the rest of what is typed stays', () => {
  const { filter } = open()
  const range = { from: '2026-11-03T00:00:00.000Z', to: '2026-11-04T00:00:00.000Z' }
  filter.type({ filter: { text: { include: ['typed'], exclude: [] }, from: '2026-11-01T00:00:00.000Z' } })
  filter.chooseDates({ kind: 'range', range })
  expect(filter.filter.value).toEqual({ text: { include: ['typed'], exclude: [] }, ...range })
  filter.type({ filter: { text: { include: ['more'], exclude: [] } } })
  filter.chooseDates({ kind: 'any' })
  expect(filter.filter.value).toEqual({ text: { include: ['typed', 'more'], exclude: [] } })
})
