/**
 * The label a value had in the event of the highest log index, by the value's code.
 * Going by log index and not by arrival, panel and server agree whatever order events came in.
 */
import { type IndexRange, isIn } from '../log/removal.ts'
import type { Dictionary } from './dictionary.ts'
import { GrowingCodes } from './growing-codes.ts'

export class LatestLabels {
  /** By code: the label's code in `names`; 0 where none was seen. */
  readonly labels: GrowingCodes
  /** By code: the log index it is from. */
  readonly indexes: GrowingCodes
  readonly #names: Dictionary

  constructor(names: Dictionary, labels = new GrowingCodes(), indexes = new GrowingCodes()) {
    this.#names = names
    this.labels = labels
    this.indexes = indexes
  }

  see(code: number, label: number, index: number): void {
    if (code < this.labels.length && this.labels.array[code] !== 0 && this.indexes.array[code]! > index)
      return
    this.indexes.set(code, index)
    this.labels.set(code, label)
  }

  /** Codes whose label came from an event in the ranges. */
  seenIn(ranges: readonly IndexRange[]): number[] {
    const codes: number[] = []
    for (let code = 0; code < this.labels.length; code++) {
      if (this.labels.array[code] !== 0 && isIn(ranges, this.indexes.array[code]!)) codes.push(code)
    }
    return codes
  }

  /** Another label than an event that is gone gave: that of an older one, or 0 where there is none. */
  reset(code: number, label: number, index: number): void {
    this.indexes.set(code, index)
    this.labels.set(code, label)
  }

  /** Null where none was seen. */
  of(code: number): string | null {
    return this.#names.at(this.labels.array[code]!)
  }

  /** By code: 1 where the label holds the folded text, which is not empty. */
  holding(folded: string): Uint8Array {
    const places = this.#names.lastPlaces(folded)
    const held = new Uint8Array(this.labels.length)
    for (let code = 0; code < held.length; code++) held[code] = places[this.labels.array[code]!]! >= 0 ? 1 : 0
    return held
  }
}
