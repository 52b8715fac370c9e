/** Buckets of time that begin where people would begin them: at round hours, days, Mondays, months of a zone. */
import { addDays, dayMs, dayOf, startOfDay, zoneOffsetMs } from './time.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

export type BucketUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** How long each bucket is, such as 3 hours or 1 week. */
export interface BucketSize {
  unit: BucketUnit
  step: number
}

/** Bucket `i` begins at `starts[i]` (ms since 1970, ascending); the last one ends at `end`. */
export interface TimeBuckets {
  size: BucketSize
  starts: number[]
  end: number
}

/** At the longest, but for the hours that clocks are changed by. */
const unitMs: Record<BucketUnit, number> = {
  second: secondMs,
  minute: minuteMs,
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
  month: 31 * dayMs,
  year: 366 * dayMs,
}

const sizes: readonly BucketSize[] = [
  ...[1, 5, 15].map(step => ({ unit: 'second', step }) as const),
  ...[1, 5, 15].map(step => ({ unit: 'minute', step }) as const),
  ...[1, 3, 6, 12].map(step => ({ unit: 'hour', step }) as const),
  { unit: 'day', step: 1 },
  { unit: 'week', step: 1 },
  ...[1, 3].map(step => ({ unit: 'month', step }) as const),
  ...[1, 10, 100, 1000].map(step => ({ unit: 'year', step }) as const),
]

/** The last that a calendar day is written with. */
const lastYear = 9999

/**
 * The smallest round buckets of which at most `most` cover all from `first` to `last` (ms, both included), as the
 * zone's calendar has them: a day may have 23 or 25 hours, and hours are cut anew at each midnight.
 */
export function bucketsBetween(first: number, last: number, zone: string, most: number): TimeBuckets {
  for (const size of sizes) {
    const least = (last - first) / (unitMs[size.unit] * size.step) - 1
    if (least > most) continue
    const buckets = { size, ...cut(first, last, zone, size) }
    if (buckets.starts.length <= most) return buckets
  }
  const size = sizes.at(-1)!
  return { size, ...cut(first, last, zone, size) }
}

type Cut = Pick<TimeBuckets, 'starts' | 'end'>

function cut(first: number, last: number, zone: string, { unit, step }: BucketSize): Cut {
  switch (unit) {
    case 'second':
    case 'minute':
    case 'hour':
      return cutDays(first, last, zone, unitMs[unit] * step)
    case 'day':
      return cutCalendar(dayOf(first, zone), day => addDays(day, step), last, zone)
    case 'week':
      return cutCalendar(mondayOf(dayOf(first, zone)), day => addDays(day, 7 * step), last, zone)
    case 'month':
      return cutCalendar(monthOf(dayOf(first, zone), step), day => addMonths(day, step), last, zone)
    case 'year':
      return cutCalendar(yearOf(dayOf(first, zone), step), day => addMonths(day, 12 * step), last, zone)
  }
}

/** From a calendar day on, by whole calendar days. */
function cutCalendar(from: string, next: (day: string) => string | null, last: number, zone: string): Cut {
  const starts: number[] = []
  let day: string | null = from
  while (day !== null) {
    const start = startOfDay(day, zone)
    if (start > last) return { starts, end: start }
    // Zones have skipped whole days, which then begin where the next one does.
    if (start !== starts.at(-1)) starts.push(start)
    day = next(day)
  }
  // The calendar ends here: nothing that is written as a moment lies beyond.
  return { starts, end: last + 1 }
}

/** By hours or less of each day. A bucket of several hours is longer or shorter where the clock is changed within it. */
function cutDays(first: number, last: number, zone: string, stepMs: number): Cut {
  const starts: number[] = []
  for (let day = dayOf(first, zone); ; day = addDays(day, 1)) {
    const nextDay = startOfDay(addDays(day, 1), zone)
    for (const start of startsOfDay(startOfDay(day, zone), nextDay, zone, stepMs)) {
      if (start > last) return { starts: startsFrom(first, starts), end: start }
      starts.push(start)
    }
    if (nextDay > last) return { starts: startsFrom(first, starts), end: nextDay }
  }
}

function startsOfDay(start: number, end: number, zone: string, stepMs: number): number[] {
  const starts: number[] = []
  for (let at = start; at < end; at += stepMs) starts.push(at)
  const offset = zoneOffsetMs(start, zone)
  if (stepMs <= hourMs || zoneOffsetMs(end - 1, zone) === offset) return starts
  // The clock is changed on this day: the same times of the clock as on other days.
  const byClock = starts.map(at => at + offset - zoneOffsetMs(at + offset - zoneOffsetMs(at, zone), zone))
  return byClock.filter((at, i) => at < end && (i === 0 || at > byClock[i - 1]!))
}

/** Without those that end before the first moment. */
function startsFrom(first: number, starts: number[]): number[] {
  const within = starts.findIndex((_, i) => (starts[i + 1] ?? Number.POSITIVE_INFINITY) > first)
  return starts.slice(Math.max(0, within))
}

function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}

function monthOf(day: string, step: number): string {
  const month = Number(day.slice(5, 7)) - 1
  return `${day.slice(0, 4)}-${String(month - (month % step) + 1).padStart(2, '0')}-01`
}

function yearOf(day: string, step: number): string {
  const year = Number(day.slice(0, 4))
  return newYear(year - (year % step))
}

/** The first of a month so many months later; null where the calendar has ended. */
function addMonths(day: string, months: number): string | null {
  const month = Number(day.slice(5, 7)) - 1 + months
  const year = Number(day.slice(0, 4)) + Math.floor(month / 12)
  if (year > lastYear) return null
  return `${newYear(year).slice(0, 4)}-${String((month % 12) + 1).padStart(2, '0')}-01`
}

function newYear(year: number): string {
  return `${String(year).padStart(4, '0')}-01-01`
}
