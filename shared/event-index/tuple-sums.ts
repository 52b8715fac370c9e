/**
 * How many rows of each tuple the oldest segments have, segment by segment: what lies between two of them is a
 * subtraction, however many rows that are.
 */
import type { Segment } from './segment.ts'

/** Which tuples are counted: those named, or all but those named, whichever are fewer. Null counts all. */
export interface CountedTuples {
  codes: Uint32Array
  /** Whether `codes` are those that do not count. */
  others: boolean
}

export function countedTuples(tuples: Uint8Array | null): CountedTuples | null {
  if (tuples === null) return null
  let wanted = 0
  for (let tuple = 0; tuple < tuples.length; tuple++) wanted += tuples[tuple]!
  const others = wanted * 2 > tuples.length
  const codes = new Uint32Array(others ? tuples.length - wanted : wanted)
  let count = 0
  for (let tuple = 0; tuple < tuples.length; tuple++)
    if ((tuples[tuple] === 1) !== others) codes[count++] = tuple
  return { codes, others }
}

export class TupleSums {
  readonly #segments: readonly Segment[]
  /** `#sums[i]`: rows by tuple of the first `i` segments; tuples beyond its end have none. */
  readonly #sums: Uint32Array[]
  readonly #rows: number[]
  readonly #tupleCount: () => number

  /** Takes over what it can from the sums of the segments before: those of the first ones that are still the same. */
  constructor(segments: readonly Segment[], tupleCount: () => number, before?: TupleSums) {
    this.#segments = segments
    this.#tupleCount = tupleCount
    let same = 0
    while (before && same < segments.length && before.#segments[same] === segments[same]) same++
    this.#sums = before ? before.#sums.slice(0, same + 1) : [new Uint32Array(0)]
    this.#rows = before ? before.#rows.slice(0, same + 1) : [0]
  }

  /** Rows by tuple of the first `place` segments. */
  upTo(place: number): Uint32Array {
    while (this.#sums.length <= place) this.#extend()
    return this.#sums[place]!
  }

  /** Rows of segments `from` up to `to`. */
  count(from: number, to: number, counted: CountedTuples | null): number {
    const upper = this.upTo(to)
    const rows = this.#rows[to]! - this.#rows[from]!
    if (counted === null) return rows
    const lower = this.upTo(from)
    let count = 0
    for (const tuple of counted.codes) count += (upper[tuple] ?? 0) - (lower[tuple] ?? 0)
    return counted.others ? rows - count : count
  }

  /** Whether a segment has any row that counts. */
  hasAny(place: number, counted: CountedTuples): boolean {
    if (counted.others) return this.count(place, place + 1, counted) > 0
    const upper = this.upTo(place + 1)
    const lower = this.upTo(place)
    return counted.codes.some(tuple => (upper[tuple] ?? 0) > (lower[tuple] ?? 0))
  }

  #extend(): void {
    const place = this.#sums.length
    const { tuples, length } = this.#segments[place - 1]!
    const sums = new Uint32Array(this.#tupleCount())
    sums.set(this.#sums[place - 1]!)
    for (let group = 0; group < tuples.keys.length; group++)
      sums[tuples.keys[group]!]! += tuples.starts[group + 1]! - tuples.starts[group]!
    this.#sums.push(sums)
    this.#rows.push(this.#rows[place - 1]! + length)
  }
}
