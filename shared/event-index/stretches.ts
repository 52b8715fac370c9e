/** The part of the timeline that a filter leaves, newest first, cut into what sums can count and what rows must. */
import { asksForTuplesOnly, type CompiledFilter, type RowQuery } from './compiled-filter.ts'
import type { Span, Timeline } from './timeline.ts'

/** Segments `from` up to `to`, of which every row of a wanted tuple counts. */
export interface WholeSegments {
  from: number
  to: number
  segment?: undefined
}

export type Stretch = WholeSegments | Span

export function isWhole(stretch: Stretch): stretch is WholeSegments {
  return stretch.segment === undefined
}

export function* stretchesOf(timeline: Timeline, { rows, lower, upper }: CompiledFilter): Generator<Stretch> {
  let whole: WholeSegments | undefined
  for (const span of timeline.spans(lower, upper)) {
    if (countsAsWhole(span, rows)) {
      const to: number = whole ? whole.to : span.place + 1
      whole = { from: span.place, to }
      continue
    }
    if (whole) yield whole
    whole = undefined
    yield span
  }
  if (whole) yield whole
}

/** Whether every row of the span's segment counts that is of a wanted tuple. */
export function countsAsWhole({ segment, from, to }: Span, query: RowQuery): boolean {
  return to - from === segment.length && asksForTuplesOnly(query) && segment.highestIndex < query.size
}
