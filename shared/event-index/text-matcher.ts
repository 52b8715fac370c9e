/** One free-text selection, looked up block by block and remembered, since page, total and facets all ask. */
import type { Values } from '../filter.ts'
import { foldText } from '../search-text.ts'
import { type BlockBits, type TextSource, textBlockSize } from './text-source.ts'

const wordsOfBlock = textBlockSize / 32

export class TextMatcher {
  readonly #include: string[]
  readonly #exclude: string[]
  readonly #blocks: (BlockBits | null | undefined)[] = []
  readonly #source: TextSource
  readonly #personal: boolean

  constructor(source: TextSource, values: Values, personal: boolean) {
    this.#source = source
    this.#personal = personal
    this.#include = folded(values.include)
    this.#exclude = folded(values.exclude)
  }

  /** Whether the event at a log index fits. */
  holds(index: number): boolean {
    const block = Math.floor(index / textBlockSize)
    let bits = this.#blocks[block]
    if (bits === undefined) {
      bits = this.#lookUp(block)
      this.#blocks[block] = bits
    }
    const slot = index % textBlockSize
    return bits !== null && ((bits[slot >>> 5]! >>> (slot & 31)) & 1) === 1
  }

  /** To be told when a block has more events than before. */
  forget(block: number): void {
    if (block < this.#blocks.length) this.#blocks[block] = undefined
  }

  #lookUp(block: number): BlockBits | null {
    const matching = new Uint32Array(wordsOfBlock).fill(0xffff_ffff)
    for (const phrase of this.#include) {
      const found = this.#source.find(block, phrase, this.#personal)
      if (found === null) return null
      for (let word = 0; word < wordsOfBlock; word++) matching[word]! &= found[word]!
    }
    for (const phrase of this.#exclude) {
      const found = this.#source.find(block, phrase, this.#personal)
      if (found) for (let word = 0; word < wordsOfBlock; word++) matching[word]! &= ~found[word]!
    }
    return matching.every(word => word === 0) ? null : matching
  }
}

/** The longest phrase first: it is the rarest, and where it is not found the others need no look. */
function folded(phrases: string[]): string[] {
  return [...new Set(phrases.map(foldText))].sort((a, b) => b.length - a.length)
}
