/**
 * The rest of the search text where there is too much of it for memory: chapters that are complete lie in the index
 * file, only the last one is in memory. What was replaced since a chapter was written is in memory too, until the
 * chapter is written anew.
 */
import type { AuditEvent } from '../../shared/audit-event.ts'
import { MemoryText } from '../../shared/event-index/memory-text.ts'
import { type BlockBits, type TextSource, textBlockSize } from '../../shared/event-index/text-source.ts'
import type { IndexFile } from '../store/sqlite/index-file.ts'
import {
  type ChapterBits,
  ChapterBuilder,
  type ChapterPart,
  chapterParts,
  chapterSize,
  findInChapter,
} from './text-chapter.ts'

const wordsOfBlock = textBlockSize / 32
/** Answers remembered, at most 8 KB each. */
const remembered = 1024

export class DiskText implements TextSource {
  readonly chapterEntries: number
  readonly #file: IndexFile
  readonly #blocksOfChapter: number
  #memory = new MemoryText()
  #replaced = new MemoryText()
  /** By block: the entries whose text is in `#replaced` now. */
  readonly #replacedBits = new Map<number, BlockBits>()
  readonly #answers = new Map<string, ChapterBits | null>()
  /** Chapters in the file: the first so many. */
  #chapters = 0

  /** Entries a chapter, at most 65,536 and whole blocks: smaller ones are for tests. */
  constructor(file: IndexFile, entries = chapterSize) {
    this.#file = file
    this.chapterEntries = entries
    this.#blocksOfChapter = entries / textBlockSize
  }

  get chapters(): number {
    return this.#chapters
  }

  /** Entries in these chapters: the first so many of the log. */
  get written(): number {
    return this.#chapters * this.chapterEntries
  }

  /** Takes up the first chapters from the file, in the place of all it has. */
  restore(chapters: number): void {
    this.#chapters = chapters
    this.#memory = new MemoryText()
    this.#replaced = new MemoryText()
    this.#replacedBits.clear()
    this.#answers.clear()
  }

  append(events: readonly AuditEvent[]): void {
    this.#memory.append(events.filter(({ index }) => index >= this.written))
  }

  replace(events: readonly AuditEvent[]): void {
    const isWritten = ({ index }: AuditEvent) => index < this.written
    this.#memory.replace(events.filter(event => !isWritten(event)))
    const written = events.filter(isWritten)
    this.#replaced.replace(written.filter(({ index }) => this.#isReplaced(index)))
    this.#replaced.append(written.filter(({ index }) => !this.#isReplaced(index)))
    for (const { index } of written) this.#markReplaced(index)
  }

  /** What a chapter in the file says of them goes when it is written anew. */
  remove(blocks: readonly number[]): void {
    this.#memory.remove(blocks)
    this.#replaced.remove(blocks)
    for (const block of blocks) this.#replacedBits.delete(block)
  }

  find(block: number, phrase: string, personal: boolean): BlockBits | null {
    const chapter = Math.floor(block / this.#blocksOfChapter)
    if (chapter >= this.#chapters) return this.#memory.find(block, phrase, personal)
    const place = (block % this.#blocksOfChapter) * wordsOfBlock
    const bits = this.#findIn(chapter, phrase, personal)?.subarray(place, place + wordsOfBlock)
    const replaced = this.#replacedBits.get(block)
    const found = replaced ? this.#withReplaced(block, bits, replaced, phrase, personal) : bits
    return found?.some(word => word !== 0) ? found : null
  }

  /** Writes the next chapter, of which every entry must be there, and lets go of it. Others may work in between. */
  async seal(): Promise<void> {
    const chapter = this.#chapters
    const builder = new ChapterBuilder()
    const first = chapter * this.#blocksOfChapter
    for (let block = first; block < first + this.#blocksOfChapter; block++) {
      for (const { slot, open, personal } of this.#memory.texts(block))
        builder.add((block - first) * textBlockSize + slot, open, personal)
      await new Promise(resolve => setImmediate(resolve))
    }
    this.write(chapter, builder)
    this.#chapters++
    for (let block = first; block < first + this.#blocksOfChapter; block++) this.#memory.drop(block)
  }

  /** In the place of the chapter in the file, and of all that was replaced in it. */
  write(chapter: number, builder: ChapterBuilder): void {
    const parts = Object.entries(builder.build()) as [ChapterPart, Uint8Array][]
    this.#file.change({ put: new Map(parts.map(([part, bytes]) => [pieceName(chapter, part), bytes])) })
    this.#answers.clear()
    const first = chapter * this.#blocksOfChapter
    for (let block = first; block < first + this.#blocksOfChapter; block++) {
      this.#replacedBits.delete(block)
      this.#replaced.drop(block)
    }
  }

  #findIn(chapter: number, phrase: string, personal: boolean): ChapterBits | null {
    const key = `${chapter} ${personal} ${phrase}`
    let bits = this.#answers.get(key)
    if (bits !== undefined) return bits
    bits = findInChapter(part => readPart(this.#file, chapter, part), phrase, personal)
    this.#answers.set(key, bits)
    if (this.#answers.size > remembered) this.#answers.delete(this.#answers.keys().next().value!)
    return bits
  }

  #withReplaced(
    block: number,
    bits: BlockBits | undefined,
    replaced: BlockBits,
    phrase: string,
    personal: boolean,
  ): BlockBits {
    const now = this.#replaced.find(block, phrase, personal)
    return replaced.map((word, i) => ((bits?.[i] ?? 0) & ~word) | (now?.[i] ?? 0))
  }

  #isReplaced(index: number): boolean {
    const bits = this.#replacedBits.get(Math.floor(index / textBlockSize))
    const slot = index % textBlockSize
    return bits !== undefined && ((bits[slot >>> 5]! >>> (slot & 31)) & 1) === 1
  }

  #markReplaced(index: number): void {
    const block = Math.floor(index / textBlockSize)
    const bits = this.#replacedBits.get(block) ?? new Uint32Array(wordsOfBlock)
    bits[(index % textBlockSize) >>> 5]! |= 1 << (index % 32)
    this.#replacedBits.set(block, bits)
  }
}

export function pieceNames(chapter: number): string[] {
  return chapterParts.map(part => pieceName(chapter, part))
}

function pieceName(chapter: number, part: ChapterPart): string {
  return `text/${chapter}/${part}`
}

function readPart(file: IndexFile, chapter: number, part: ChapterPart): Uint8Array {
  const bytes = file.read(pieceName(chapter, part))
  if (!bytes) throw new Error(`chapter ${chapter} of the text is missing in the index file`)
  return bytes
}
