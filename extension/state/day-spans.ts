/** Which rows belong to which calendar day, newest first. */
import type { Row } from '../../shared/event-index/event-index.ts'
import { dayOf } from '../../shared/time.ts'
import type { Buckets } from './day-buckets.ts'

export interface DaySpan {
  day: string
  /** Offset of the day's first (newest) row. */
  offset: number
  /** How many rows the day has here; null while that is not known. */
  count: number | null
}

export function spansOfCounts({ buckets }: Buckets, counts: readonly number[]): DaySpan[] {
  const spans: DaySpan[] = []
  let offset = 0
  for (let at = buckets.length - 1; at >= 0; at--) {
    const count = counts[at] ?? 0
    const day = buckets[at]!.day
    if (count > 0 && day !== null) spans.push({ day, offset, count })
    offset += count
  }
  return spans
}

/** From the first rows alone, before the days are counted. The last day's count is open. */
export function spansOfRows(rows: readonly Row[], total: number, zone: string): DaySpan[] {
  const spans: DaySpan[] = []
  rows.forEach((row, offset) => {
    const day = dayOf(row.occurredAt, zone)
    const last = spans.at(-1)
    if (last?.day === day) return
    if (last) last.count = offset - last.offset
    spans.push({ day, offset, count: null })
  })
  const last = spans.at(-1)
  if (last && rows.length >= total) last.count = total - last.offset
  return spans
}

/** The span that holds the row at `offset`. */
export function spanAt(spans: readonly DaySpan[], offset: number): DaySpan | undefined {
  let low = 0
  let high = spans.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (spans[middle]!.offset <= offset) low = middle
    else high = middle - 1
  }
  return spans[low]
}
