/**
 * All events in the order of time, as segments that follow each other. A late event is merged into the one
 * segment whose time it falls in, which is split when too long. Segments at both ends, where events mostly
 * arrive, are kept short and joined to their neighbour when they have grown, so that few rows are moved at a time.
 */
import { type IndexRange, isIn } from '../log/removal.ts'
import { type EventRows, firstRowFrom, mergeRows, replaceRows, sliceRows, withoutRows } from './event-rows.ts'
import { makeSegment, rowFrom, rowsOfSegment, type Segment, type SegmentSizes } from './segment.ts'
import { TupleSums } from './tuple-sums.ts'

/** Rows `from` up to `to` of a segment. */
export interface Span {
  segment: Segment
  /** The segment's place in the timeline. */
  place: number
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
  #segments: Segment[] = []
  #sums: TupleSums
  readonly #maxRows: number
  /** From so many rows on, the segment at an end is joined to the one beside it, or new events begin another. */
  readonly #grownRows: number
  readonly #sizes: () => SegmentSizes

  constructor(maxRows: number, sizes: () => SegmentSizes) {
    this.#maxRows = maxRows
    this.#grownRows = Math.ceil(maxRows / 16)
    this.#sizes = sizes
    this.#sums = new TupleSums([], () => sizes().tuples)
  }

  get segments(): readonly Segment[] {
    return this.#segments
  }

  set segments(segments: readonly Segment[]) {
    this.#segments = [...segments]
    this.#sums = new TupleSums(this.#segments, () => this.#sizes().tuples, this.#sums)
  }

  /** Rows by tuple, segment by segment. */
  get sums(): TupleSums {
    return this.#sums
  }

  /** Adds rows that are in order. Segments that none of them falls into stay as they are. */
  add(rows: EventRows): void {
    if (rows.length === 0) return
    const rebuilt: Segment[][] = []
    let end = rows.length
    for (let place = this.segments.length - 1; place >= 0; place--) {
      const segment = this.segments[place]!
      const start = place === 0 ? 0 : firstRowFrom(rows, segment.base, segment.indexes[0]!)
      rebuilt.push(start < end ? this.#with(place, sliceRows(rows, start, end)) : [segment])
      end = start
    }
    if (rebuilt.length === 0) rebuilt.push(this.#split(rows, 'newest'))
    this.segments = rebuilt.reverse().flat()
    this.#join(this.segments.length - 2)
    this.#join(0)
  }

  /** Puts rows (in order) in the place of those of the same time and log index, all of which must be there. */
  replace(rows: EventRows): void {
    let from = 0
    this.segments = this.segments.map((segment, place) => {
      const next = this.segments[place + 1]
      const to = next ? firstRowFrom(rows, next.base, next.indexes[0]!) : rows.length
      const own = sliceRows(rows, from, to)
      from = to
      return own.length > 0 ? makeSegment(replaceRows(rowsOfSegment(segment), own), this.#sizes()) : segment
    })
  }

  /** In the place of all there is: rows in order, a segment each. */
  restore(segments: readonly EventRows[]): void {
    this.segments = segments.map(rows => makeSegment(rows, this.#sizes()))
  }

  /** Takes out the rows whose log index lies in one of the ranges. */
  remove(ranges: readonly IndexRange[]): void {
    this.segments = this.segments.flatMap(segment => {
      const { lowestIndex, highestIndex } = segment
      if (!ranges.some(({ from, to }) => lowestIndex < to && highestIndex >= from)) return segment
      const rows = withoutRows(rowsOfSegment(segment), index => isIn(ranges, index))
      return rows.length > 0 ? makeSegment(rows, this.#sizes()) : []
    })
  }

  /** Rows at or after `lower` and before `upper`, newest segment first. */
  *spans(lower: Place, upper: Place): Generator<Span> {
    for (let place = this.segments.length - 1; place >= 0; place--) {
      const segment = this.segments[place]!
      const from = rowFrom(segment, lower.time, lower.index)
      const to = rowFrom(segment, upper.time, upper.index)
      if (from < to) yield { segment, place, from, to }
      if (from > 0) return
    }
  }

  wholeSpan(place: number): Span {
    const segment = this.segments[place]!
    return { segment, place, from: 0, to: segment.length }
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

  /** The segment with more rows: at an end that has grown they begin a segment of their own. */
  #with(place: number, rows: EventRows): Segment[] {
    const segment = this.segments[place]!
    const isNewest =
      place === this.segments.length - 1 &&
      rowFrom(segment, rows.times[0]!, rows.indexes[0]!) === segment.length
    const isOldest = place === 0 && firstRowFrom(rows, segment.base, segment.indexes[0]!) === rows.length
    const isGrown = segment.length >= this.#grownRows
    if (isNewest && isGrown) return [segment, ...this.#split(rows, 'newest')]
    if (isOldest && isGrown) return [...this.#split(rows, 'oldest'), segment]
    const growth = isNewest ? 'newest' : isOldest ? 'oldest' : 'within'
    return this.#split(mergeRows(rowsOfSegment(segment), rows), growth)
  }

  /** Makes one of the segments at `place` and after it, where both have grown and one has room for both. */
  #join(place: number): void {
    const first = this.segments[place]
    const second = this.segments[place + 1]
    if (!first || !second || Math.min(first.length, second.length) < this.#grownRows) return
    if (first.length + second.length > this.#maxRows) return
    const rows = mergeRows(rowsOfSegment(first), rowsOfSegment(second))
    this.segments = this.segments.toSpliced(place, 2, ...this.#split(rows, 'newest'))
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
