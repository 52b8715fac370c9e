import { expect, test } from 'vitest'
import { daysOfRange, moveRange, parseDateChoice, rangeOfChoice } from './filter-dates.ts'

const now = Date.parse('2026-11-24T13:42:10Z')

test('a preset covers whole days of the zone, today included', () => {
  const choice = { kind: 'preset', preset: '7d' } as const
  expect(rangeOfChoice(choice, now, 'Asia/Tokyo')).toEqual({
    from: '2026-11-17T15:00:00.000Z',
    to: '2026-11-24T15:00:00.000Z',
  })
  expect(daysOfRange(rangeOfChoice({ kind: 'preset', preset: 'yesterday' }, now, 'UTC'), 'UTC')).toEqual({
    first: '2026-11-23',
    last: '2026-11-23',
  })
})

test('the same calendar days are meant after the zone changes; other moments stay', () => {
  const days = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' }
  expect(moveRange(days, 'UTC', 'Europe/Berlin')).toEqual({
    from: '2026-10-31T23:00:00.000Z',
    to: '2026-11-02T23:00:00.000Z',
  })
  const moments = { from: '2026-11-01T10:15:00.000Z' }
  expect(moveRange(moments, 'UTC', 'Europe/Berlin')).toEqual(moments)
})

test('the address says presets by name, so that they move with the days', () => {
  const range = { from: '2026-10-26T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' }
  expect(parseDateChoice(new URLSearchParams('range=30d'), range)).toEqual({ kind: 'preset', preset: '30d' })
  expect(parseDateChoice(new URLSearchParams('range=nonsense'), range)).toEqual({ kind: 'range', range })
  expect(parseDateChoice(new URLSearchParams(), {})).toEqual({ kind: 'any' })
})
