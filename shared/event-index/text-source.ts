/**
 * Where free text is looked up. The panel keeps the text in memory (`MemoryText`); a server may keep it
 * in its store. Log indexes are looked up block by block, so that the first page needs only a few.
 */
import type { AuditEvent } from '../audit-event.ts'

/** Events a text block: log indexes `block * textBlockSize` and those after it. */
export const textBlockSize = 256

/** One bit an event of a block: bit `i % 32` of word `i / 32` stands for the block's `i`-th log index. */
export type BlockBits = Uint32Array

export interface TextSource {
  /** Told of every event that the index takes in. */
  append(events: readonly AuditEvent[]): void
  /** Told of events whose text is another now; all of them were appended before. */
  replace(events: readonly AuditEvent[]): void
  /** Told of blocks whose events are gone. */
  remove(blocks: readonly number[]): void
  /**
   * Which events of the block hold the folded phrase (one line, not empty) in the rest of their search text, which
   * the index does not know by itself (see `shared/search-text.ts`): with `personal` in all of it, else in its open
   * part. Null where none does.
   */
  find(block: number, phrase: string, personal: boolean): BlockBits | null
}
