/**
 * All events in the order of time, as segments that follow each other. Events at the newest end fill up the
 * last segment; a late one is merged into the one segment whose time it falls in, which is split when too long.
 */
import { type EventRows, firstRowFrom, mergeRows, sliceRows } from './event-rows.ts'
import { makeSegment, rowFrom, rowsOfSegment, type Segment, type SegmentSizes, timeAt } from './segment.ts'

/** Rows `from` up to `to` of a segment. */
export interface Span {
  segment: Segment
  from: number
  to: number
}

/** A place between events: times, then log indexes, ascending. */
export interface Place {
  time: number
  index: number
}

/** Where the room is left when a segment becomes too long: at the end that still grows. */
type Growth = 'oldest' | 'newest' | 'within'

export class Timeline {
  segments: Segment[] = []
  readonly #maxRows: number
  readonly #sizes: () => SegmentSizes

  constructor(maxRows: number, sizes: () => SegmentSizes) {
    this.#maxRows = maxRows
    this.#sizes = sizes
  }

  /** Adds rows that are in order. Segments that none of them falls into stay as they are. */
  add(rows: EventRows): void {
    if (rows.length === 0) return
    const rebuilt: Segment[][] = []
    let end = rows.length
    for (let place = this.segments.length - 1; place >= 0; place--) {
      const segment = this.segments[place]!
      const start = place === 0 ? 0 : firstRowFrom(rows, segment.base, segment.indexes[0]!)
      rebuilt.push(start < end ? this.#merged(place, sliceRows(rows, start, end)) : [segment])
      end = start
    }
    if (rebuilt.length === 0) rebuilt.push(this.#split(rows, 'newest'))
    this.segments = rebuilt.reverse().flat()
  }

  /** Rows at or after `lower` and before `upper`, newest segment first. */
  *spans(lower: Place, upper: Place): Generator<Span> {
    for (let place = this.segments.length - 1; place >= 0; place--) {
      const segment = this.segments[place]!
      const from = rowFrom(segment, lower.time, lower.index)
      const to = rowFrom(segment, upper.time, upper.index)
      if (from < to) yield { segment, from, to }
      if (from > 0) return
    }
  }

  /** Segment and row of an event that is held. */
  locate(time: number, index: number): { segment: Segment; row: number } {
    let low = 0
    let high = this.segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const { base, indexes } = this.segments[middle]!
      if (base < time || (base === time && indexes[0]! <= index)) low = middle
      else high = middle - 1
    }
    const segment = this.segments[low]!
    return { segment, row: rowFrom(segment, time, index) }
  }

  #merged(place: number, rows: EventRows): Segment[] {
    const segment = this.segments[place]!
    const isNewest =
      place === this.segments.length - 1 && rows.times[0]! >= timeAt(segment, segment.length - 1)
    const isOldest = place === 0 && rows.times[rows.length - 1]! <= segment.base
    return this.#split(
      mergeRows(rowsOfSegment(segment), rows),
      isNewest ? 'newest' : isOldest ? 'oldest' : 'within',
    )
  }

  #split(rows: EventRows, growth: Growth): Segment[] {
    const pieces = Math.ceil(rows.length / this.#maxRows)
    const size = growth === 'within' ? Math.ceil(rows.length / pieces) : this.#maxRows
    const segments: Segment[] = []
    let from = 0
    let to = growth === 'oldest' ? rows.length - (pieces - 1) * size : Math.min(size, rows.length)
    while (from < rows.length) {
      segments.push(makeSegment(sliceRows(rows, from, to), this.#sizes()))
      from = to
      to = Math.min(from + size, rows.length)
    }
    return segments
  }
}
