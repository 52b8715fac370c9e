import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, formatMoment, startOfDay } from './time.ts'
import { bucketsBetween } from './time-buckets.ts'

const at = (text: string) => Date.parse(text)
const startsOf = (first: string, last: string, zone = 'UTC', most = 96) =>
  bucketsBetween(at(first), at(last), zone, most).starts.map(formatMoment)
const sizeOf = (first: string, last: string, most = 96) => {
  const { unit, step } = bucketsBetween(at(first), at(last), 'UTC', most).size
  return `${step} ${unit}`
}

test.each([
  ['2026-11-24T13:42:10Z', '2026-11-24T13:42:40Z', '1 second'],
  ['2026-11-24T13:00:00Z', '2026-11-24T13:59:59Z', '1 minute'],
  ['2026-11-24T00:00:00Z', '2026-11-24T23:59:59Z', '15 minute'],
  ['2026-11-23T00:00:00Z', '2026-11-24T23:59:59Z', '1 hour'],
  ['2026-11-18T00:00:00Z', '2026-11-24T23:59:59Z', '3 hour'],
  ['2026-10-26T00:00:00Z', '2026-11-24T23:59:59Z', '12 hour'],
  ['2026-08-27T00:00:00Z', '2026-11-24T23:59:59Z', '1 day'],
  ['2025-11-25T00:00:00Z', '2026-11-24T23:59:59Z', '1 week'],
  ['2021-11-25T00:00:00Z', '2026-11-24T23:59:59Z', '1 month'],
  ['2006-11-25T00:00:00Z', '2026-11-24T23:59:59Z', '3 month'],
  ['1970-01-01T00:00:00Z', '2026-11-24T23:59:59Z', '1 year'],
  ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '1000 year'],
])('from %s to %s buckets are of %s', (first, last, size) => {
  expect(sizeOf(first, last)).toBe(size)
})

test('days begin at the midnight of the zone, also where clocks are changed', () => {
  expect(startsOf('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin', 3)).toEqual([
    '2026-03-27T23:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
})

test('several hours are hours of the clock: that day has a bucket of two and of four', () => {
  expect(startsOf('2026-03-29T00:00:00Z', '2026-03-29T08:00:00Z', 'Europe/Berlin', 4)).toEqual([
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T04:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
  ])
  expect(startsOf('2026-10-25T00:00:00Z', '2026-10-25T08:00:00Z', 'Europe/Berlin', 4)).toEqual([
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T02:00:00.000Z',
    '2026-10-25T05:00:00.000Z',
    '2026-10-25T08:00:00.000Z',
  ])
})

test('hours begin with the hours of a zone that is off by half of one', () => {
  expect(startsOf('2026-11-24T00:10:00Z', '2026-11-24T02:10:00Z', 'Asia/Kolkata', 3)).toEqual([
    '2026-11-23T23:30:00.000Z',
    '2026-11-24T00:30:00.000Z',
    '2026-11-24T01:30:00.000Z',
  ])
})

test('weeks begin on Monday, quarters with their month, decades with their year', () => {
  expect(startsOf('2026-11-05T00:00:00Z', '2026-11-18T00:00:00Z', 'UTC', 10)).toEqual([
    '2026-11-02T00:00:00.000Z',
    '2026-11-09T00:00:00.000Z',
    '2026-11-16T00:00:00.000Z',
  ])
  expect(startsOf('2026-02-05T00:00:00Z', '2026-11-18T00:00:00Z', 'UTC', 5)).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-04-01T00:00:00.000Z',
    '2026-07-01T00:00:00.000Z',
    '2026-10-01T00:00:00.000Z',
  ])
  expect(startsOf('1994-02-05T00:00:00Z', '2026-11-18T00:00:00Z', 'UTC', 6)[0]).toBe(
    '1990-01-01T00:00:00.000Z',
  )
})

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Africa/Cairo']

test('whatever the range, buckets ascend, cover it from the first to the last, and are few', () => {
  const moment = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') })
  const length = fc.oneof(
    ...[1, 60_000, 86_400_000, 40 * 86_400_000, 9_000 * 86_400_000].map(max => fc.nat({ max })),
  )
  fc.assert(
    fc.property(
      moment,
      length,
      fc.constantFrom(...zones),
      fc.integer({ min: 8, max: 120 }),
      (first, ms, zone, most) => {
        const { starts, end } = bucketsBetween(first, first + ms, zone, most)
        expect(starts.length).toBeLessThanOrEqual(most)
        expect(starts[0]).toBeLessThanOrEqual(first)
        expect(starts[1] ?? end).toBeGreaterThan(first)
        expect(starts.at(-1)).toBeLessThanOrEqual(first + ms)
        expect(end).toBeGreaterThan(first + ms)
        for (const [i, start] of starts.entries()) expect(starts[i + 1] ?? end).toBeGreaterThan(start)
      },
    ),
    { numRuns: 300 },
  )
})

test('buckets of days and longer begin with a day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 4_000 }), fc.constantFrom(...zones), (days, zone) => {
      const first = at('2020-05-05T05:05:05Z')
      const { size, starts } = bucketsBetween(first, first + days * 86_400_000, zone, 12)
      if (size.unit === 'hour') return
      for (const start of starts) expect(startOfDay(dayOf(start, zone), zone)).toBe(start)
    }),
    { numRuns: 100 },
  )
})
