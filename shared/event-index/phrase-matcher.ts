/**
 * Which events hold one phrase. What many events share (actions, areas, actors, targets, addresses) is looked
 * through once in the vocabulary; only what is left is looked up in the text, block by block as it is asked for.
 */
import type { Vocabulary } from './compiled-filter.ts'
import { type Segment, tupleAt } from './segment.ts'
import { type BlockBits, type TextSource, textBlockSize } from './text-source.ts'

const none = new Uint8Array(0)

export class PhraseMatcher {
  readonly #phrase: string
  readonly #personal: boolean
  readonly #source: TextSource
  readonly #blocks: (BlockBits | null | undefined)[] = []
  /** By code: 1 where it holds the phrase. */
  #tuples = none
  #targets = none
  #addresses = none

  /** `phrase` is folded. */
  constructor(source: TextSource, phrase: string, personal: boolean) {
    this.#source = source
    this.#phrase = phrase
    this.#personal = personal
  }

  isIn(segment: Segment, row: number): boolean {
    if (this.#phrase === '' || this.#tuples[tupleAt(segment, row)] === 1) return true
    if (this.#addresses[segment.addresses[row]!] === 1) return true
    for (let at = segment.targetStarts[row]!; at < segment.targetStarts[row + 1]!; at++)
      if (this.#targets[segment.targets[at]!] === 1) return true
    return this.#isInText(segment.indexes[row]!)
  }

  /** Vocabularies only grow, so an answer is only ever extended. */
  learn({ tuples, targets, addresses: { addresses } }: Vocabulary): void {
    if (this.#phrase === '') return
    this.#tuples = extended(this.#tuples, tuples.size, (held, from) =>
      tuples.markHolding(this.#phrase, this.#personal, held, from),
    )
    this.#targets = extended(this.#targets, targets.size, (held, from) =>
      targets.markHolding(this.#phrase, held, from),
    )
    if (!this.#personal) return
    this.#addresses = extended(this.#addresses, addresses.size, held => {
      for (const [code, place] of addresses.lastPlaces(this.#phrase).entries()) if (place >= 0) held[code] = 1
    })
  }

  forget(block: number): void {
    if (block < this.#blocks.length) this.#blocks[block] = undefined
  }

  #isInText(index: number): boolean {
    const block = Math.floor(index / textBlockSize)
    let bits = this.#blocks[block]
    if (bits === undefined) {
      bits = this.#source.find(block, this.#phrase, this.#personal)
      this.#blocks[block] = bits
    }
    const slot = index % textBlockSize
    return bits !== null && ((bits[slot >>> 5]! >>> (slot & 31)) & 1) === 1
  }
}

function extended(
  known: Uint8Array<ArrayBuffer>,
  size: number,
  mark: (held: Uint8Array, from: number) => void,
): Uint8Array<ArrayBuffer> {
  if (known.length === size) return known
  const held = new Uint8Array(size)
  held.set(known)
  mark(held, known.length)
  return held
}
