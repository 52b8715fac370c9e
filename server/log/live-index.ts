/** The event index over the whole log: read once at start, then fed by every commit. */
import { EventIndex } from '../../shared/event-index/event-index.ts'
import type { LogStore } from '../store/log-store.ts'
import type { Eraser } from './erasure.ts'
import { storedEvent } from './stored-event.ts'
import type { Committed, LogWriter } from './writer.ts'

export interface LiveIndex {
  readonly index: EventIndex
  /** Entries the index holds: the first so many of the log. */
  readonly size: number
  /** Whether it has caught up with the log: from then on it never lags behind an answered append. */
  readonly isReady: boolean
  /** Resolves when it has caught up for the first time; rejects when the log cannot be read. */
  readonly ready: Promise<void>
  /** Calls back whenever the index has grown or forgotten. Answers how to stop. */
  onGrown(listener: () => void): () => void
  close(): void
}

export interface LiveIndexOptions {
  org: string
  store: Pick<LogStore, 'entries' | 'entriesAt'>
  writer: Pick<LogWriter, 'size' | 'onCommitted'>
  /** Told of entries that lost disclosures, to forget these too. */
  eraser?: Pick<Eraser, 'onErased'>
  index?: EventIndex
}

/** Entries read at once: short enough that requests in between do not wait long. */
const batchSize = 512

export function createLiveIndex(options: LiveIndexOptions): LiveIndex {
  return new FollowingIndex(options)
}

class FollowingIndex implements LiveIndex {
  readonly index: EventIndex
  readonly ready: Promise<void>
  readonly #options: LiveIndexOptions
  readonly #listeners = new Set<() => void>()
  readonly #stopFollowing: (() => void)[]
  #size = 0
  #isReady = false
  #closed = false

  constructor(options: LiveIndexOptions) {
    this.#options = options
    this.index = options.index ?? new EventIndex()
    this.#stopFollowing = [options.writer.onCommitted(committed => this.#follow(committed))]
    if (options.eraser) {
      this.#stopFollowing.push(options.eraser.onErased(indexes => this.#forget(indexes)))
    }
    this.ready = this.#catchUp()
    // Whoever waits for it hears of a failure; nobody has to.
    this.ready.catch(() => {})
  }

  get size(): number {
    return this.#size
  }

  get isReady(): boolean {
    return this.#isReady
  }

  onGrown(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stopFollowing) stop()
  }

  async #catchUp(): Promise<void> {
    const { org, store, writer } = this.#options
    while (!this.#closed && this.#size < writer.size) {
      const to = Math.min(this.#size + batchSize, writer.size)
      const entries = await store.entries(org, this.#size, to)
      if (entries.length !== to - this.#size) throw new Error(`entries below ${to} of the log are missing`)
      this.index.append(entries.map(entry => storedEvent(entry, { personal: true })))
      this.#grow(to)
      await new Promise(resolve => setImmediate(resolve))
    }
    // Nothing can be committed between the check above and this.
    this.#isReady = true
  }

  /** Until it has caught up, the reading above will come to these entries by itself. */
  #follow({ from, to, events }: Committed): void {
    if (!this.#isReady || from !== this.#size) return
    this.index.append(events)
    this.#grow(to)
  }

  /** Waits until everything was read: what was read before the erasure is replaced, whenever it was taken in. */
  async #forget(indexes: readonly number[]): Promise<void> {
    const { org, store } = this.#options
    const isReady = await this.ready.then(
      () => true,
      () => false,
    )
    if (!isReady || this.#closed) return
    const entries = await store.entriesAt(org, indexes)
    this.index.replace(entries.map(entry => storedEvent(entry, { personal: true })))
    this.#tell()
  }

  #grow(size: number): void {
    this.#size = size
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
