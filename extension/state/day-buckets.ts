/** Buckets to ask a histogram for, so that the list knows how many events each calendar day has. */
import { addDays, dayOf, startOfDay } from '../../shared/time.ts'

export interface Bucket {
  /** The calendar day; null for a stretch that is known to be empty. */
  day: string | null
  start: number
}

export interface Buckets {
  buckets: Bucket[]
  end: number
}

/** Above this many days whole years are counted first, so that one stray date does not cost a million buckets. */
export const mostDays = 800

export function daysBetween(first: number, last: number, zone: string): Buckets {
  const lastDay = dayOf(last, zone)
  const buckets: Bucket[] = []
  for (let day = dayOf(first, zone); day <= lastDay; day = addDays(day, 1)) {
    buckets.push({ day, start: startOfDay(day, zone) })
  }
  return { buckets, end: startOfDay(addDays(lastDay, 1), zone) }
}

export function isLongRange(first: number, last: number): boolean {
  return last - first > mostDays * 86_400_000
}

/** One bucket a calendar year; `day` is its first. */
export function yearsBetween(first: number, last: number, zone: string): Buckets {
  const lastYear = Number(dayOf(last, zone).slice(0, 4))
  const buckets: Bucket[] = []
  for (let year = Number(dayOf(first, zone).slice(0, 4)); year <= lastYear; year++) {
    buckets.push({ day: newYear(year), start: startOfDay(newYear(year), zone) })
  }
  return { buckets, end: startOfDay(newYear(lastYear + 1), zone) }
}

/** The days of the years that hold events; each run of empty years is one bucket without a day. */
export function daysOfYears(years: Buckets, counts: readonly number[], zone: string): Buckets {
  const buckets: Bucket[] = []
  years.buckets.forEach(({ start }, at) => {
    const end = years.buckets[at + 1]?.start ?? years.end
    if (counts[at]) buckets.push(...daysBetween(start, end - 1, zone).buckets)
    else if (buckets.at(-1)?.day !== null) buckets.push({ day: null, start })
  })
  return { buckets, end: years.end }
}

function newYear(year: number): string {
  return `${String(year).padStart(4, '0')}-01-01`
}
