/**
 * Strings as small integers, in order of first sight. Code 0 stands for null. Kept joined, many a chunk: each by
 * itself would take 30 bytes more, and a search would take ten times as long.
 */
import { foldPhrase } from '../search-text.ts'
import { CodeTable, hashOfText } from './code-table.ts'
import type { TextColumn } from './index-image.ts'

const chunkSize = 1024

/** Texts one after the other, each ended by a line break. */
interface Joined {
  text: string
  /** Text `i` begins at `starts[i]`. */
  starts: Uint16Array | Uint32Array
}

interface Chunk extends Joined {
  /** The same as it is searched; mostly the chunk itself. */
  folded: Joined
}

export class Dictionary {
  readonly #chunks: Chunk[] = []
  /** Those after the last full chunk. */
  #recent: string[] = []
  readonly #codes = new CodeTable()

  /** With the values of the first codes; null for one that was not kept, and is not found again. */
  constructor(values: readonly (string | null)[] = []) {
    for (const value of values) {
      if (value === null) this.#push('')
      else this.#add(value, hashOfText(value))
    }
  }

  get size(): number {
    return this.#chunks.length * chunkSize + this.#recent.length + 1
  }

  /** The code of a value; a new one gets the next. */
  code(value: string | null): number {
    if (value === null) return 0
    const hash = hashOfText(value)
    return this.#find(value, hash) ?? this.#add(value, hash)
  }

  /** The code of a value that was seen, else undefined. */
  find(value: string): number | undefined {
    return this.#find(value, hashOfText(value))
  }

  at(code: number): string | null {
    return code === 0 ? null : this.text(code)
  }

  /** Of a code that is not null's. */
  text(code: number): string {
    const place = code - 1
    const chunk = this.#chunks[Math.floor(place / chunkSize)]
    if (!chunk) return this.#recent[place % chunkSize]!
    const { text, starts } = chunk
    const at = place % chunkSize
    return text.slice(starts[at]!, starts[at + 1]! - 1)
  }

  /**
   * By code: where in its folded text the phrase (folded, not empty) occurs last, -1 where it does not. Codes well
   * below `from` are not looked at.
   */
  lastPlaces(phrase: string, from = 0): Int32Array {
    const places = new Int32Array(this.size).fill(-1)
    for (let chunk = Math.max(0, Math.floor((from - 1) / chunkSize)); chunk < this.#chunks.length; chunk++)
      lastPlacesIn(this.#chunks[chunk]!.folded, phrase, places, chunk * chunkSize + 1)
    const first = this.#chunks.length * chunkSize + 1
    for (const [i, text] of this.#recent.entries()) places[first + i] = foldPhrase(text).lastIndexOf(phrase)
    return places
  }

  /** What an image keeps; `isUsed` tells, by code, what is to stay. */
  column(isUsed: (code: number) => boolean = () => true): TextColumn {
    return { size: this.size - 1, at: place => (isUsed(place + 1) ? this.text(place + 1) : null) }
  }

  #add(value: string, hash: number): number {
    const code = this.#push(value)
    this.#codes.add(hash, code, other => hashOfText(this.text(other)))
    return code
  }

  #push(value: string): number {
    const code = this.size
    this.#recent.push(value)
    if (this.#recent.length === chunkSize) this.#seal()
    return code
  }

  #find(value: string, hash: number): number | undefined {
    return this.#codes.find(hash, code => this.text(code) === value)
  }

  #seal(): void {
    const plain = joined(this.#recent)
    const folded = joined(this.#recent.map(foldPhrase))
    this.#chunks.push({ ...plain, folded: folded.text === plain.text ? plain : folded })
    this.#recent = []
  }
}

function joined(texts: readonly string[]): Joined {
  const text = `${texts.join('\n')}\n`
  const starts = text.length > 0xffff ? new Uint32Array(texts.length + 1) : new Uint16Array(texts.length + 1)
  for (const [i, each] of texts.entries()) starts[i + 1] = starts[i]! + each.length + 1
  return { text, starts }
}

function lastPlacesIn({ text, starts }: Joined, phrase: string, places: Int32Array, first: number): void {
  let row = 0
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    while (starts[row + 1]! <= at) row++
    places[first + row] = at - starts[row]!
  }
}
