/** The platform's entries in the order it lists them: old ones made when asked for, newer ones as they arrived. */
import { generatedEntry, type PlatformEntry } from './entries.ts'

export type ListingOrder = 'newest-first' | 'oldest-first' | 'by-id'

export class Listing {
  /** By time; late ones stand where their time puts them. */
  readonly #recent: PlatformEntry[] = []
  #byId: PlatformEntry[] = []

  /** `history` entries a second apart end at `start`. */
  constructor(
    private readonly history: number,
    private readonly start: number,
  ) {}

  get total(): number {
    return this.history + this.#recent.length
  }

  /** Arrives now, whenever it happened. */
  add(entry: PlatformEntry): void {
    let at = this.#recent.length
    while (at > 0 && this.#recent[at - 1]!.at > entry.at) at--
    this.#recent.splice(at, 0, entry)
    this.#byId = []
  }

  /** The platform keeps entries for so long only: the oldest that arrived go. */
  forgetOldest(count: number): PlatformEntry[] {
    this.#byId = []
    return this.#recent.splice(0, count)
  }

  page(order: ListingOrder, from: number, size: number): PlatformEntry[] {
    const end = Math.min(from + size, this.total)
    return Array.from({ length: Math.max(0, end - from) }, (_, i) => this.#at(order, from + i))
  }

  all(): PlatformEntry[] {
    return this.page('oldest-first', 0, this.total)
  }

  #at(order: ListingOrder, position: number): PlatformEntry {
    if (order === 'by-id') {
      if (this.#byId.length === 0)
        this.#byId = this.all().toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
      return this.#byId[position]!
    }
    const n = order === 'oldest-first' ? position : this.total - 1 - position
    return n < this.history
      ? generatedEntry(n, this.start - (this.history - n) * 1000)
      : this.#recent[n - this.history]!
  }
}
