import { expect, test } from 'vitest'
import { daysBetween, daysOfYears, yearsBetween } from './day-buckets.ts'
import { type DaySpan, spanAt, spansOfCounts, spansOfRows } from './day-spans.ts'

const at = (moment: string) => Date.parse(moment)

test('days are cut by the zone and run right over the change of clocks', () => {
  const { buckets, end } = daysBetween(
    at('2026-10-24T23:00:00Z'),
    at('2026-10-26T00:00:00Z'),
    'Europe/Berlin',
  )
  expect(buckets.map(bucket => bucket.day)).toEqual(['2026-10-25', '2026-10-26'])
  // The 25th has 25 hours there.
  expect(buckets[1]!.start - buckets[0]!.start).toBe(25 * 3_600_000)
  expect(end).toBe(at('2026-10-26T23:00:00Z'))
})

test('spans count from the newest day and leave out days without events', () => {
  const buckets = daysBetween(at('2026-11-01T12:00:00Z'), at('2026-11-03T12:00:00Z'), 'UTC')
  expect(spansOfCounts(buckets, [4, 0, 3])).toEqual([
    { day: '2026-11-03', offset: 0, count: 3 },
    { day: '2026-11-01', offset: 3, count: 4 },
  ])
})

test('one stray event centuries away costs a bucket a year, not a bucket a day', () => {
  const years = yearsBetween(at('0212-03-01T00:00:00Z'), at('2026-11-03T00:00:00Z'), 'UTC')
  const counts = years.buckets.map(({ day }) => (day!.startsWith('0212') || day!.startsWith('2026') ? 1 : 0))
  const days = daysOfYears(years, counts, 'UTC')
  expect(days.buckets.length).toBe(366 + 1 + 365)
  expect(days.buckets.filter(bucket => bucket.day === null).length).toBe(1)
  const starts = days.buckets.map(bucket => bucket.start)
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
})

test('before the days are counted, the first rows say which days there are', () => {
  const row = (moment: string) => ({ occurredAt: at(moment) }) as never
  const rows = [row('2026-11-03T10:00:00Z'), row('2026-11-03T09:00:00Z'), row('2026-11-02T09:00:00Z')]
  expect(spansOfRows(rows, 9, 'UTC')).toEqual([
    { day: '2026-11-03', offset: 0, count: 2 },
    { day: '2026-11-02', offset: 2, count: null },
  ])
  expect(spansOfRows(rows, 3, 'UTC').at(-1)!.count).toBe(1)
})

test('the span of a row is found', () => {
  const spans: DaySpan[] = [0, 3, 10].map(offset => ({ day: `d${offset}`, offset, count: 1 }))
  expect([0, 2, 3, 9, 10, 99].map(offset => spanAt(spans, offset)!.offset)).toEqual([0, 0, 3, 3, 10, 10])
})
