/** Pages, totals and ranks: walks over the timeline from its newest end. */
import type { CompiledFilter, RowQuery } from './compiled-filter.ts'
import type { IndexPage, Position } from './event-index.ts'
import { countMatching, matchingRows, rowsBeforeText } from './matching-rows.ts'
import { timeAt } from './segment.ts'
import type { Place, Span, Timeline } from './timeline.ts'

export function totalOf(timeline: Timeline, { rows, lower, upper }: CompiledFilter): number {
  let total = 0
  for (const span of timeline.spans(lower, upper)) total += countMatching(span, rows)
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
  for (const span of timeline.spans(filter.lower, earlierOf(filter.upper, before))) {
    found.takeFrom(span, rowsBeforeText(span, filter.rows), filter.rows.text)
    if (found.isFull) break
  }
  return found.page()
}

/** Up to `limit` matching events after the newest `offset` ones. */
export function pageFrom(
  timeline: Timeline,
  filter: CompiledFilter,
  offset: number,
  limit: number,
): IndexPage {
  const found = new Found(limit)
  let toSkip = offset
  for (const span of timeline.spans(filter.lower, filter.upper)) {
    const count = toSkip > 0 ? countMatching(span, filter.rows) : 0
    if (toSkip > 0 && toSkip >= count) {
      toSkip -= count
      continue
    }
    if (toSkip === 0) found.takeFrom(span, rowsBeforeText(span, filter.rows), filter.rows.text)
    else found.takeFrom(span, matchingRows(span, filter.rows).subarray(0, count - toSkip), null)
    toSkip = 0
    if (found.isFull) break
  }
  return found.page()
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
      if (text && !text.holds(index)) continue
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
