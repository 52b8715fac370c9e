/**
 * The label a value had in the event of the highest log index, by the value's code.
 * Going by log index and not by arrival, panel and server agree whatever order events came in.
 */
import { foldText } from '../search-text.ts'

export class LatestLabels {
  readonly #labels: string[] = []
  readonly #folded: (string | undefined)[] = []
  readonly #indexes: number[] = []

  see(code: number, label: string, index: number): void {
    const seen = this.#indexes[code]
    if (seen !== undefined && seen > index) return
    this.#indexes[code] = index
    if (this.#labels[code] === label) return
    this.#labels[code] = label
    this.#folded[code] = undefined
  }

  of(code: number): string {
    return this.#labels[code]!
  }

  /** The label as type-ahead compares it. */
  folded(code: number): string {
    this.#folded[code] ??= foldText(this.#labels[code]!)
    return this.#folded[code]
  }
}
