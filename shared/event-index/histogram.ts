/** Events by bucket of time. */
import type { CompiledFilter, RowQuery } from './compiled-filter.ts'
import type { FacetTuples, TupleField } from './facet-tuples.ts'
import { countPieces, matchingRows } from './matching-rows.ts'
import { firstAtLeast } from './row-groups.ts'
import { rowFrom, timeAt, tupleAt } from './segment.ts'
import { countsAsWhole } from './stretches.ts'
import type { Place, Span, Timeline } from './timeline.ts'
import { countedTuples } from './tuple-sums.ts'

/** Bucket `i` begins at `starts[i]` (ms, ascending), the last one ends at `end`. */
export interface Buckets {
  starts: readonly number[]
  end: number
}

/** Rows `from` up to `to` of a span, all in one bucket. */
interface Piece extends Span {
  bucket: number
}

export function histogramOf(timeline: Timeline, filter: CompiledFilter, buckets: Buckets): number[] {
  const counts = buckets.starts.map(() => 0)
  const counted = countedTuples(filter.rows.tuples)
  for (const span of spansIn(timeline, filter, buckets)) {
    const pieces = piecesOf(span, buckets.starts)
    if (pieces.length === 1 && countsAsWhole(span, filter.rows)) {
      counts[pieces[0]!.bucket]! += timeline.sums.count(span.place, span.place + 1, counted)
      continue
    }
    for (const [i, count] of countPieces(pieces, filter.rows).entries()) counts[pieces[i]!.bucket]! += count
  }
  return counts
}

/** A histogram for each value of the field that occurs. */
export function histogramByValue(
  timeline: Timeline,
  filter: CompiledFilter,
  buckets: Buckets,
  field: TupleField,
  tuples: FacetTuples,
): Map<string, number[]> {
  const { values, codes } = tuples.fields[field]
  const series: number[][] = []
  for (const span of spansIn(timeline, filter, buckets)) {
    const pieces = piecesOf(span, buckets.starts)
    for (const [bucket, rows] of rowsByBucket(span, filter.rows, pieces)) {
      for (const row of rows) {
        const code = codes.array[tupleAt(span.segment, row)]!
        series[code] ??= buckets.starts.map(() => 0)
        series[code][bucket]!++
      }
    }
  }
  const named = new Map<string, number[]>()
  for (const [code, counts] of series.entries()) if (code > 0 && counts) named.set(values.text(code), counts)
  return named
}

function spansIn(timeline: Timeline, { lower, upper }: CompiledFilter, { starts, end }: Buckets) {
  if (starts.length === 0) return []
  const first: Place = { time: Math.max(lower.time, starts[0]!), index: 0 }
  return timeline.spans(first, { time: Math.min(upper.time, end), index: 0 })
}

function piecesOf(span: Span, starts: readonly number[]): Piece[] {
  const { segment, from, to } = span
  const pieces: Piece[] = []
  let bucket = bucketOf(timeAt(segment, from), starts)
  let row = from
  while (row < to) {
    const next = starts[bucket + 1]
    const end = next === undefined ? to : Math.min(to, rowFrom(segment, next, 0))
    if (end > row) pieces.push({ ...span, bucket, from: row, to: end })
    row = end
    bucket++
  }
  return pieces
}

/** The last bucket that begins at or before the time. */
function bucketOf(time: number, starts: readonly number[]): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (starts[middle]! <= time) low = middle
    else high = middle - 1
  }
  return low
}

function* rowsByBucket(span: Span, query: RowQuery, pieces: Piece[]): Generator<[number, Uint16Array]> {
  const rows = matchingRows(span, query)
  let start = 0
  for (const { bucket, to } of pieces) {
    const end = firstAtLeast(rows, to, start)
    if (end > start) yield [bucket, rows.subarray(start, end)]
    start = end
  }
}
