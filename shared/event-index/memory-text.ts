/** Search text in memory, block by block. */
import type { AuditEvent } from '../audit-event.ts'
import { openRestText, personalRestText } from '../search-text.ts'
import { TextBlock } from './text-block.ts'
import { type BlockBits, type TextSource, textBlockSize } from './text-source.ts'

export class MemoryText implements TextSource {
  readonly #blocks = new Map<number, TextBlock>()

  append(events: readonly AuditEvent[]): void {
    for (const event of events) {
      const number = Math.floor(event.index / textBlockSize)
      let block = this.#blocks.get(number)
      if (!block) {
        block = new TextBlock()
        this.#blocks.set(number, block)
      }
      block.add(event.index % textBlockSize, openRestText(event), personalRestText(event))
    }
  }

  replace(events: readonly AuditEvent[]): void {
    const texts = new Map<number, Map<number, { open: string; personal: string }>>()
    for (const event of events) {
      const number = Math.floor(event.index / textBlockSize)
      const text = { open: openRestText(event), personal: personalRestText(event) }
      texts.set(number, (texts.get(number) ?? new Map()).set(event.index % textBlockSize, text))
    }
    for (const [number, ofBlock] of texts) this.#blocks.get(number)!.replace(ofBlock)
  }

  /** What the events of a block were added with, folded. */
  *texts(block: number): Generator<{ slot: number; open: string; personal: string }> {
    yield* this.#blocks.get(block)?.texts() ?? []
  }

  drop(block: number): void {
    this.#blocks.delete(block)
  }

  remove(blocks: readonly number[]): void {
    for (const block of blocks) this.#blocks.delete(block)
  }

  find(block: number, phrase: string, personal: boolean): BlockBits | null {
    return this.#blocks.get(block)?.find(phrase, personal) ?? null
  }
}
