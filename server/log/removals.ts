/**
 * What takes content out of the stored log for good, for whoever may: one after the other, and whoever keeps copies of
 * it is told each time.
 */
import { type IndexRange, rangesOfBundles } from '../../shared/log/removal.ts'
import { createQueue } from '../access/core.ts'
import type { LogStore, Removal } from '../store/log-store.ts'

type Listener<T> = (what: T) => Promise<void> | void

export interface Removals {
  /** How often content was taken from the log so far: see `ErasedBundles`. */
  readonly version: number
  /** Runs one piece of work at a time, so that what it has looked at still holds when it is done. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Takes disclosures. */
  erase(removals: readonly Removal[]): Promise<void>
  /** Takes the whole content of bundles. */
  prune(bundles: readonly number[]): Promise<void>
  /** Leaves nothing of it in the journal. False where a reader of an older state is in the way too long. */
  emptyJournal(): Promise<boolean>
  /** Called with the places of entries that lost disclosures; waited for. Answers how to stop. */
  onErased(listener: Listener<readonly number[]>): () => void
  /** The same with the entries whose content is gone. */
  onPruned(listener: Listener<readonly IndexRange[]>): () => void
  /** Told before the first entry of an erasure or a removal changes and after the last has; waited for. */
  onRemoval(witness: RemovalWitness): () => void
}

/** Whoever keeps copies of what the log says. */
export interface RemovalWitness {
  begin(): Promise<void> | void
  /** The entries that lost something. */
  end(indexes: readonly number[]): Promise<void> | void
}

const batchSize = 256
/** Bundles taken at once: short enough that writers do not wait long. */
const bundlesAtOnce = 16
const journalPatienceMs = 5000

export async function openRemovals(org: string, store: LogStore): Promise<Removals> {
  const { version } = await store.erasedBundles(org, 0)
  return new StoredRemovals(org, store, version)
}

class StoredRemovals implements Removals {
  readonly exclusively = createQueue()
  readonly #org: string
  readonly #store: LogStore
  readonly #erased = new Set<Listener<readonly number[]>>()
  readonly #pruned = new Set<Listener<readonly IndexRange[]>>()
  readonly #witnesses = new Set<RemovalWitness>()
  #version: number

  constructor(org: string, store: LogStore, version: number) {
    this.#org = org
    this.#store = store
    this.#version = version
  }

  get version(): number {
    return this.#version
  }

  onErased(listener: Listener<readonly number[]>): () => void {
    this.#erased.add(listener)
    return () => this.#erased.delete(listener)
  }

  onPruned(listener: Listener<readonly IndexRange[]>): () => void {
    this.#pruned.add(listener)
    return () => this.#pruned.delete(listener)
  }

  onRemoval(witness: RemovalWitness): () => void {
    this.#witnesses.add(witness)
    return () => this.#witnesses.delete(witness)
  }

  async erase(removals: readonly Removal[]): Promise<void> {
    for (const witness of this.#witnesses) await witness.begin()
    await inBatches(removals, batchSize, async batch => {
      await this.#store.erase(this.#org, batch)
      await this.#tell(
        this.#erased,
        batch.map(({ index }) => index),
      )
    })
    await this.#end(removals.map(({ index }) => index))
  }

  async prune(bundles: readonly number[]): Promise<void> {
    for (const witness of this.#witnesses) await witness.begin()
    await inBatches(bundles, bundlesAtOnce, async batch => {
      await this.#store.prune(this.#org, batch)
      await this.#tell(this.#pruned, rangesOfBundles(batch))
    })
    await this.#end(rangesOfBundles(bundles).flatMap(indexesOf))
  }

  async emptyJournal(): Promise<boolean> {
    for (let waited = 0; waited < journalPatienceMs; waited += 100) {
      if (await this.#store.emptyJournal()) return true
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    return false
  }

  async #end(indexes: readonly number[]): Promise<void> {
    for (const witness of this.#witnesses) await witness.end(indexes)
  }

  async #tell<T>(listeners: ReadonlySet<Listener<T>>, what: T): Promise<void> {
    this.#version = (await this.#store.erasedBundles(this.#org, this.#version)).version
    for (const listener of listeners) await listener(what)
  }
}

function indexesOf({ from, to }: IndexRange): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** Lets others work in between. */
async function inBatches<T>(all: readonly T[], size: number, work: (batch: T[]) => Promise<void>) {
  for (let from = 0; from < all.length; from += size) {
    await work(all.slice(from, from + size))
    await new Promise(resolve => setImmediate(resolve))
  }
}
