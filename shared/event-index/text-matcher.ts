/** One free-text selection: what holds its phrases is found out once, since page, total and facets all ask. */
import type { Values } from '../filter.ts'
import { foldPhrase } from '../search-text.ts'
import type { Vocabulary } from './compiled-filter.ts'
import { PhraseMatcher } from './phrase-matcher.ts'
import type { Segment } from './segment.ts'
import type { TextSource } from './text-source.ts'

export class TextMatcher {
  readonly #include: PhraseMatcher[]
  readonly #exclude: PhraseMatcher[]
  /** What was found out about whole segments. They never change: other texts come with other segments. */
  readonly #fitting = new WeakMap<Segment, Uint32Array>()

  constructor(source: TextSource, values: Values, personal: boolean) {
    const matchersOf = (phrases: string[]) =>
      folded(phrases).map(each => new PhraseMatcher(source, each, personal))
    this.#include = matchersOf(values.include)
    this.#exclude = matchersOf(values.exclude)
  }

  /** Whether the event in a row fits. */
  holds(segment: Segment, row: number): boolean {
    for (const phrase of this.#include) if (!phrase.isIn(segment, row)) return false
    for (const phrase of this.#exclude) if (phrase.isIn(segment, row)) return false
    return true
  }

  /** Of a whole segment, a bit a row: set where its event fits. */
  fitting(segment: Segment): Uint32Array {
    let bits = this.#fitting.get(segment)
    if (bits) return bits
    bits = new Uint32Array((segment.length + 31) >>> 5)
    for (let row = 0; row < segment.length; row++)
      if (this.holds(segment, row)) bits[row >>> 5]! |= 1 << (row & 31)
    this.#fitting.set(segment, bits)
    return bits
  }

  /** To be told of the words known by now, before anything is asked. */
  learn(vocabulary: Vocabulary): void {
    for (const phrase of [...this.#include, ...this.#exclude]) phrase.learn(vocabulary)
  }

  /** To be told when a block has more events than before. */
  forget(block: number): void {
    for (const phrase of [...this.#include, ...this.#exclude]) phrase.forget(block)
  }
}

/** The longest phrase first: it is the rarest, and where it is not found the others need no look. */
function folded(phrases: string[]): string[] {
  return [...new Set(phrases.map(foldPhrase))].sort((a, b) => b.length - a.length)
}
