/** Pages, totals and ranks: walks over the timeline from its newest end. */
import type { CompiledFilter, RowQuery } from './compiled-filter.ts'
import type { IndexPage, Position } from './event-index.ts'
import { countMatching, matchingRows, rowsBeforeText } from './matching-rows.ts'
import { timeAt } from './segment.ts'
import { isWhole, stretchesOf, type WholeSegments } from './stretches.ts'
import type { Place, Span, Timeline } from './timeline.ts'
import { type CountedTuples, countedTuples, type TupleSums } from './tuple-sums.ts'

export function totalOf(timeline: Timeline, filter: CompiledFilter): number {
  const counted = countedTuples(filter.rows.tuples)
  let total = 0
  for (const stretch of stretchesOf(timeline, filter)) {
    total += isWhole(stretch)
      ? timeline.sums.count(stretch.from, stretch.to, counted)
      : countMatching(stretch, filter.rows)
  }
  return total
}

/** How many matching events are newer than the position. */
export function rankOf(timeline: Timeline, filter: CompiledFilter, position: Position): number {
  const next = { time: position.occurredAt, index: position.index + 1 }
  return totalOf(timeline, { ...filter, lower: laterOf(filter.lower, next) })
}

/** Up to `limit` matching events that are older than the position, newest first. */
export function pageAfter(
  timeline: Timeline,
  filter: CompiledFilter,
  after: Position | null | undefined,
  limit: number,
): IndexPage {
  const found = new Found(limit)
  const before = after ? { time: after.occurredAt, index: after.index } : filter.upper
  const counted = countedTuples(filter.rows.tuples)
  for (const span of timeline.spans(filter.lower, earlierOf(filter.upper, before))) {
    if (counted && !timeline.sums.hasAny(span.place, counted)) continue
    found.takeFrom(span, rowsBeforeText(span, filter.rows), filter.rows.text)
    if (found.isFull) break
  }
  return found.page()
}

/** Time of the oldest matching event in ms; undefined where none matches. Looked for from the oldest end. */
export function oldestTimeOf(timeline: Timeline, filter: CompiledFilter): number | undefined {
  const counted = countedTuples(filter.rows.tuples)
  for (const span of [...timeline.spans(filter.lower, filter.upper)].reverse()) {
    if (counted && !timeline.sums.hasAny(span.place, counted)) continue
    const [oldest] = matchingRows(span, filter.rows)
    if (oldest !== undefined) return timeAt(span.segment, oldest)
  }
  return undefined
}

/** Up to `limit` matching events after the newest `offset` ones. */
export function pageFrom(
  timeline: Timeline,
  filter: CompiledFilter,
  offset: number,
  limit: number,
): IndexPage {
  const found = new Found(limit)
  const counted = countedTuples(filter.rows.tuples)
  let toSkip = offset
  for (const stretch of stretchesOf(timeline, filter)) {
    if (!isWhole(stretch)) toSkip = takeAfter(found, stretch, filter.rows, toSkip)
    else {
      const { from, to } = stretch
      const end = toSkip > 0 ? placeAfter(timeline.sums, stretch, counted, toSkip) : to
      toSkip -= timeline.sums.count(end, to, counted)
      for (let place = end - 1; place >= from && !found.isFull; place--)
        toSkip = takeAfter(found, timeline.wholeSpan(place), filter.rows, toSkip)
    }
    if (found.isFull) break
  }
  return found.page()
}

/** Takes what is left of the span after the newest `toSkip` events; answers how many are still to be skipped. */
function takeAfter(found: Found, span: Span, query: RowQuery, toSkip: number): number {
  if (toSkip === 0) {
    found.takeFrom(span, rowsBeforeText(span, query), query.text)
    return 0
  }
  const rows = matchingRows(span, query)
  if (toSkip >= rows.length) return toSkip - rows.length
  found.takeFrom(span, rows.subarray(0, rows.length - toSkip), null)
  return 0
}

/** The lowest place of the stretch from which on to its end there are at most `most` events. */
function placeAfter(
  sums: TupleSums,
  { from, to }: WholeSegments,
  counted: CountedTuples | null,
  most: number,
): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sums.count(middle, to, counted) <= most) high = middle
    else low = middle + 1
  }
  return low
}

/** Gathers one event more than the page holds, to know whether another page follows. */
class Found {
  readonly #indexes: number[] = []
  readonly #limit: number
  #last: Position | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#indexes.length > this.#limit
  }

  takeFrom({ segment }: Span, rows: Uint16Array, text: RowQuery['text']): void {
    for (let at = rows.length - 1; at >= 0 && !this.isFull; at--) {
      const row = rows[at]!
      const index = segment.indexes[row]!
      if (text && !text.holds(segment, row)) continue
      this.#indexes.push(index)
      if (this.#indexes.length === this.#limit) this.#last = { occurredAt: timeAt(segment, row), index }
    }
  }

  page(): IndexPage {
    const next = this.isFull ? this.#last : null
    return { indexes: this.#indexes.slice(0, this.#limit), next }
  }
}

function laterOf(a: Place, b: Place): Place {
  return a.time > b.time || (a.time === b.time && a.index > b.index) ? a : b
}

function earlierOf(a: Place, b: Place): Place {
  return laterOf(a, b) === a ? b : a
}
