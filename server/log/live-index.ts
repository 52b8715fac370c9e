/** The event index over the whole log: taken up from what was kept of it, then fed by every commit. */

import type { AuditEvent } from '../../shared/audit-event.ts'
import { EventIndex } from '../../shared/event-index/event-index.ts'
import { countIn, type IndexRange, rangesOfBundles } from '../../shared/log/removal.ts'
import type { LogStore } from '../store/log-store.ts'
import type { IndexKeeper } from './index-keeper.ts'
import type { Removals } from './removals.ts'
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
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>
}

export interface LiveIndexOptions {
  org: string
  store: Pick<LogStore, 'entries' | 'entriesAt' | 'prunedBundles'>
  writer: Pick<LogWriter, 'size' | 'onCommitted'>
  /** Tells of what the log has lost, to forget it too. */
  removals?: Pick<Removals, 'onErased' | 'onPruned' | 'onRemoval'>
  /** Keeps the index on disk; without it every start reads the whole log. */
  keeper?: IndexKeeper
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
    this.index = new EventIndex(options.keeper && { text: options.keeper.text })
    this.#stopFollowing = [options.writer.onCommitted(committed => this.#follow(committed))]
    if (options.removals) {
      this.#stopFollowing.push(
        options.removals.onErased(indexes => this.#forget(indexes)),
        options.removals.onPruned(ranges => this.#drop(ranges)),
        options.removals.onRemoval({
          begin: () => options.keeper?.hold(),
          end: indexes => this.#forgetKept(indexes),
        }),
      )
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

  async close(): Promise<void> {
    this.#closed = true
    for (const stop of this.#stopFollowing) stop()
    await this.ready.catch(() => {})
    await this.#options.keeper?.close()
  }

  async #catchUp(): Promise<void> {
    const { writer, keeper } = this.#options
    const held = (await keeper?.load(this.index)) ?? 0
    // The text of the entries after the last chapter is in no snapshot.
    for (let from = keeper?.text.written ?? 0; from < held; ) {
      const to = Math.min(from + batchSize, held)
      keeper?.text.append(await this.#read(from, to))
      from = to
      if (this.#closed) return
    }
    this.#size = held
    while (!this.#closed && this.#size < writer.size) {
      const to = Math.min(this.#size + batchSize, writer.size)
      this.index.append(await this.#read(this.#size, to))
      this.#grow(to)
      // Text that could be on disk is not to pile up in memory.
      if (keeper && this.#size - keeper.text.written > 2 * keeper.text.chapterEntries) await keeper.idle()
      await new Promise(resolve => setImmediate(resolve))
    }
    // Nothing can be committed between the check above and this.
    this.#isReady = true
    keeper?.grown(this.index, this.#size, true)
  }

  async #read(from: number, to: number): Promise<AuditEvent[]> {
    const { org, store } = this.#options
    const entries = await store.entries(org, from, to)
    if (entries.length !== to - from) await this.#requireRemoved(from, to, entries)
    return entries.map(entry => storedEvent(entry, { personal: true }))
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
    if (!(await this.#whenReady())) return
    const entries = await store.entriesAt(org, indexes)
    this.index.replace(entries.map(entry => storedEvent(entry, { personal: true })))
    this.#tell()
  }

  async #forgetKept(indexes: readonly number[]): Promise<void> {
    if (await this.#whenReady()) await this.#options.keeper?.erased(indexes, this.index)
  }

  /** Whether it ever gets ready. */
  async #whenReady(): Promise<boolean> {
    const isReady = await this.ready.then(
      () => true,
      () => false,
    )
    return isReady && !this.#closed
  }

  async #drop(ranges: readonly IndexRange[]): Promise<void> {
    if (!(await this.#whenReady())) return
    this.index.remove(ranges)
    this.#tell()
  }

  /** What is missing in the log must have been removed by retention. */
  async #requireRemoved(from: number, to: number, entries: readonly { index: number }[]): Promise<void> {
    const removed = rangesOfBundles(await this.#options.store.prunedBundles(this.#options.org))
    if (entries.length + countIn(removed, from, to) === to - from) return
    throw new Error(`entries below ${to} of the log are missing`)
  }

  #grow(size: number): void {
    this.#size = size
    this.#options.keeper?.grown(this.index, size, this.#isReady)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
