/**
 * Events as the JSON that readers get, remembered: what is looked at most is looked at again soon, and putting it
 * together anew takes longer than all else an answer needs.
 */
import type { Scope } from '../../shared/access.ts'
import type { LogReader } from './reader.ts'
import type { Removals } from './removals.ts'

export interface EventTexts {
  /** As `LogReader.events`, each event as JSON text. */
  texts(indexes: readonly number[], scope: Scope): Promise<string[]>
}

export interface EventTextsOptions {
  reader: Pick<LogReader, 'events'>
  /** What they take from the log is forgotten here too. */
  removals: Pick<Removals, 'onErased' | 'onPruned' | 'onRemoval'>
  /** Characters remembered, by default 16 million: a byte each, two where an event has letters beyond Latin-1. */
  most?: number
}

export function createEventTexts({ reader, removals, most = 16_000_000 }: EventTextsOptions): EventTexts {
  // What a reader may see decides what the text says: each kind has its own.
  const remembered = { personal: new Texts(most / 2), open: new Texts(most / 2) }
  /** Counts up whenever texts read before may say too much. */
  let version = 0
  const forget = () => {
    version++
    remembered.personal.clear()
    remembered.open.clear()
  }
  removals.onErased(forget)
  removals.onPruned(forget)
  removals.onRemoval({ begin: forget, end: forget })

  async function texts(indexes: readonly number[], scope: Scope): Promise<string[]> {
    const known = scope.personal ? remembered.personal : remembered.open
    const found = new Map<number, string>()
    for (const index of indexes) {
      const text = known.get(index)
      if (text !== undefined) found.set(index, text)
    }
    const unknown = indexes.filter(index => !found.has(index))
    if (unknown.length > 0) {
      const readAt = version
      for (const event of await reader.events(unknown, scope)) {
        const text = JSON.stringify(event)
        found.set(event.index, text)
        if (readAt === version) known.set(event.index, text)
      }
    }
    return indexes.flatMap(index => found.get(index) ?? [])
  }

  return { texts }
}

/** Forgets first what was not asked for longest. */
class Texts {
  readonly #texts = new Map<number, string>()
  readonly #most: number
  #length = 0

  constructor(most: number) {
    this.#most = most
  }

  get(index: number): string | undefined {
    const text = this.#texts.get(index)
    if (text === undefined) return undefined
    this.#texts.delete(index)
    this.#texts.set(index, text)
    return text
  }

  set(index: number, text: string): void {
    this.#length += text.length - (this.#texts.get(index)?.length ?? 0)
    this.#texts.set(index, text)
    for (const [oldest, { length }] of this.#texts) {
      if (this.#length <= this.#most) return
      this.#texts.delete(oldest)
      this.#length -= length
    }
  }

  clear(): void {
    this.#texts.clear()
    this.#length = 0
  }
}
