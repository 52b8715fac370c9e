/**
 * The pictures above the list and beside facet values: events by bucket of time, made of what is held here and
 * without a request.
 */
import type { Scope } from '../../shared/access.ts'
import type { FacetField } from '../../shared/api.ts'
import type { EventIndex } from '../../shared/event-index/event-index.ts'
import { type TupleField, tupleFields } from '../../shared/event-index/facet-tuples.ts'
import type { Filter } from '../../shared/filter.ts'
import { bucketsBetween, type TimeBuckets } from '../../shared/time-buckets.ts'
import type { Overview, OverviewRequest, SparklinesRequest, TimeGap, View } from './protocol.ts'

/** Milliseconds, both included. */
export interface Extent {
  first: number
  last: number
}

/** The part of an overview that the index knows; null where nothing says which time it is about. */
export function overviewOf(
  index: EventIndex,
  scope: Scope,
  { filter, size }: View,
  request: OverviewRequest,
): Pick<Overview, 'buckets' | 'series'> | null {
  const buckets = bucketsHere(index, scope, { filter, size }, request)
  if (!buckets) return null
  const counts = index.histogramBy(request.by, filter, scope, { ...buckets, size })
  return { buckets, series: mostFrequent([...counts], request.values) }
}

/** Counts by bucket for each of the values, in their order. */
export function sparklinesOf(
  index: EventIndex,
  scope: Scope,
  { filter, size }: View,
  request: SparklinesRequest,
): number[][] {
  const { field, values } = request
  const buckets = bucketsHere(index, scope, { filter, size }, request)
  if (!buckets) return values.map(() => [])
  const { [field]: _, ...others } = filter
  if (isTupleField(field)) {
    const counts = index.histogramBy(field, others, scope, { ...buckets, size })
    return values.map(value => counts.get(value) ?? buckets.starts.map(() => 0))
  }
  // An event has several of these, and the index finds the few events of each.
  const only = (value: string): Filter => ({ ...others, [field]: { include: [value], exclude: [] } })
  return values.map(value => index.histogram(only(value), scope, { ...buckets, size }))
}

function isTupleField(field: FacetField): field is TupleField {
  return (tupleFields as readonly string[]).includes(field)
}

/** The times around each stretch of the log that is not held. Entries lie mostly in the order in which they happened. */
export function gapsIn(index: EventIndex, scope: Scope, size: number): TimeGap[] {
  const timeOf = (entry: number) => index.rows([entry], scope)[0]?.occurredAt ?? null
  const gaps: TimeGap[] = []
  let next = 0
  for (const { from, to } of index.coverage()) {
    if (from >= size) break
    if (from > next) gaps.push({ from: timeOf(next - 1), to: timeOf(from) })
    next = to
  }
  if (next < size) gaps.push({ from: timeOf(next - 1), to: null })
  return gaps
}

/** Whether the filter alone says which stretch of time it is about. */
export function isBounded({ from, to }: Filter): boolean {
  return from !== undefined && to !== undefined
}

/** By the filter's dates and not by what it finds, so that the picture stands still while other parts change. */
export function bucketsOf(
  { from, to }: Filter,
  extent: Extent | null,
  { zone, buckets }: Pick<OverviewRequest, 'zone' | 'buckets'>,
): TimeBuckets | null {
  const first = from === undefined ? extent?.first : Date.parse(from)
  const last = to === undefined ? extent?.last : Date.parse(to) - 1
  if (first === undefined || last === undefined) return null
  // Dates before or after all there is leave one bucket, beside them.
  if (to !== undefined) return bucketsBetween(Math.min(first, last), last, zone, buckets)
  return bucketsBetween(first, Math.max(first, last), zone, buckets)
}

function bucketsHere(
  index: EventIndex,
  scope: Scope,
  { filter, size }: View,
  request: Pick<OverviewRequest, 'zone' | 'buckets' | 'since'>,
): TimeBuckets | null {
  const held = isBounded(filter) ? null : index.timeRange({}, scope, { size })
  const first = Math.min(held?.first ?? Number.POSITIVE_INFINITY, request.since ?? Number.POSITIVE_INFINITY)
  return bucketsOf(filter, held && { first, last: held.last }, request)
}

function mostFrequent(counts: [value: string, counts: number[]][], most: number): Overview['series'] {
  const sums = new Map(counts.map(([value, counts]) => [value, sumOf(counts)]))
  const sorted = counts.sort(([a], [b]) => sums.get(b)! - sums.get(a)! || (a < b ? -1 : 1))
  const named = sorted.slice(0, most).map(([value, counts]) => ({ value, counts }))
  const others = sorted.slice(most).map(([, counts]) => counts)
  return others.length === 0 ? named : [...named, { value: null, counts: addUp(others) }]
}

/** Bucket by bucket. */
export function addUp(series: readonly number[][]): number[] {
  return (series[0] ?? []).map((_, i) => sumOf(series.map(counts => counts[i]!)))
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
