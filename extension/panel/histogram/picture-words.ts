/** What the histogram says in words: the times of its buckets, its values, and what is missing. */
import { dayOf } from '../../../shared/time.ts'
import type { TimeBuckets } from '../../../shared/time-buckets.ts'
import type { Picture } from '../../state/histogram-model.ts'
import type { NameBook } from '../../state/name-book.ts'
import type { StackField, TimeGap } from '../../worker/protocol.ts'
import { valueLabel } from '../text/filter-words.ts'
import { bucketWords, type Hours, plainDate, plainTime } from '../text/time-words.ts'
import { counted, formatCount, t } from '../text/translate.ts'
import type { BrushRange } from './use-brush.ts'

export interface Reading {
  zone: string
  hours: Hours
  names: NameBook
}

/** Events of one bucket or several. */
export interface BucketReading {
  time: string
  total: number
  /** The values that occur, in the order of the bars from the bottom up. */
  parts: { value: string | null; label: string; count: number }[]
}

export function seriesLabel(by: StackField, value: string | null, names: NameBook): string {
  return value === null ? t('histogramOthers') : valueLabel(by, value, names)
}

/** `range` in the order of time. */
export function readBuckets(picture: Picture, { from, to }: BrushRange, reading: Reading): BucketReading {
  const { buckets, series } = picture.overview!
  const parts = series.map(({ value, counts }) => {
    const count = counts.slice(from, to + 1).reduce((sum, each) => sum + each, 0)
    return { value, label: seriesLabel(picture.by, value, reading.names), count }
  })
  return {
    time: timeOfBuckets(buckets, { from, to }, reading),
    total: parts.reduce((sum, { count }) => sum + count, 0),
    parts: parts.filter(({ count }) => count > 0),
  }
}

/** `Tue, 3 Nov 2026: 214 events, Success 210, Failed 4` */
export function spokenBuckets({ time, total, parts }: BucketReading): string {
  const values = parts.map(({ label, count }) => `${label} ${formatCount(count)}`)
  return [`${time}: ${counted('events', total)}`, ...values].join(', ')
}

export function timeOfBuckets(buckets: TimeBuckets, { from, to }: BrushRange, reading: Reading): string {
  const { zone, hours } = reading
  return bucketWords(
    buckets.starts[from]!,
    buckets.starts[to + 1] ?? buckets.end,
    buckets.size.unit,
    zone,
    hours,
  )
}

/** At the ends of the axis: days, or moments where only some days are shown. */
export function axisEnds(
  { starts, end, size }: TimeBuckets,
  now: number,
  { zone, hours }: Reading,
): [first: string, last: string] {
  const first = starts[0]!
  const isByClock =
    size.unit === 'second' || size.unit === 'minute' || (size.unit === 'hour' && size.step === 1)
  const thisYear = dayOf(now, zone).slice(0, 4)
  if (isByClock) return [first, end].map(ms => plainTime(ms, zone, hours, thisYear)) as [string, string]
  const days = [dayOf(first, zone), dayOf(end - 1, zone)] as const
  const isThisYear = days.every(day => day.startsWith(thisYear))
  return days.map(day => plainDate(day, isThisYear ? thisYear : undefined)) as [string, string]
}

export function gapWords(gaps: readonly TimeGap[], { zone }: Reading): string[] {
  const day = (ms: number) => plainDate(dayOf(ms, zone))
  return gaps.map(({ from, to }) => {
    if (from !== null && to !== null) return t('gapBetween', day(from), day(to))
    if (to !== null) return t('gapBefore', day(to))
    return from === null ? t('gapAll') : t('gapAfter', day(from))
  })
}
