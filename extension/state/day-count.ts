/** How many events of a view each calendar day has, asked of the worker. */
import type { LogClient } from '../worker/log-client.ts'
import type { View } from '../worker/protocol.ts'
import { type Buckets, daysBetween, daysOfYears, isLongRange, yearsBetween } from './day-buckets.ts'
import { type DaySpan, spansOfCounts } from './day-spans.ts'

/** Null where nothing matches. @throws {FailureError} */
export async function countDays(log: LogClient, view: View, zone: string): Promise<DaySpan[] | null> {
  const range = await log.call('timeRange', view)
  if (!range) return null
  const first = Date.parse(range.first)
  const last = Date.parse(range.last)
  const count = (buckets: Buckets) => countBuckets(log, view, buckets)
  if (!isLongRange(first, last)) {
    const days = daysBetween(first, last, zone)
    return spansOfCounts(days, await count(days))
  }
  const years = yearsBetween(first, last, zone)
  const days = daysOfYears(years, await count(years), zone)
  return spansOfCounts(days, await count(days))
}

async function countBuckets(log: LogClient, view: View, { buckets, end }: Buckets): Promise<number[]> {
  const starts = buckets.map(({ start }) => start)
  return (await log.call('histogram', view, { starts, end })).counts
}
