/**
 * Erasure of what the log says of one person: disclosures go, hashes stay, and one event tells of it. The task is kept
 * first, then the event, then the disclosures go, batch by batch: whatever stops it midway, the next start finishes it.
 */
import type { Erasure, ErasureRequest } from '../../shared/api.ts'
import { type NewEventInput, personalFields } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import { createQueue } from '../access/core.ts'
import type { LogStore, Removal } from '../store/log-store.ts'
import { type ErasureScope, erasureAction, planErasure } from './erasure-plan.ts'
import type { Recorder } from './recorder.ts'
import type { LogWriter } from './writer.ts'

export interface Eraser {
  /** How often disclosures were taken from the log so far: see `ErasedBundles`. */
  readonly version: number
  /** Answers once everything is gone. @throws {ProblemError} not_found where no entry has anything to forget */
  erase(request: ErasureRequest, by: By): Promise<Erasure>
  /** Told before the first entry of an erasure changes and after the last has; waited for. Answers how to stop. */
  onErasure(witness: ErasureWitness): () => void
  /** Called with the places of entries that lost disclosures; waited for. Answers how to stop. */
  onErased(listener: (indexes: readonly number[]) => Promise<void> | void): () => void
}

/** Whoever keeps copies of what the log says. */
export interface ErasureWitness {
  begin(): Promise<void> | void
  /** The entries that lost disclosures. */
  end(indexes: readonly number[]): Promise<void> | void
}

export interface EraserOptions {
  org: string
  store: LogStore
  writer: Pick<LogWriter, 'size'>
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
}

/** What must be finished: the event by its id, which the log takes once, and what it says was done. */
interface ErasureTask extends ErasureScope {
  event: NewEventInput
}

const batchSize = 256
const journalPatienceMs = 5000

/** Finishes what an earlier process began. */
export async function openEraser(options: EraserOptions): Promise<Eraser> {
  const { version } = await options.store.erasedBundles(options.org, 0)
  const eraser = new QueuedEraser(options, version)
  await eraser.resume()
  return eraser
}

class QueuedEraser implements Eraser {
  readonly #options: EraserOptions
  readonly #listeners = new Set<(indexes: readonly number[]) => Promise<void> | void>()
  /** One at a time, so that no two count the same entries. */
  readonly #exclusively = createQueue()
  readonly #witnesses = new Set<ErasureWitness>()
  #version: number

  constructor(options: EraserOptions, version: number) {
    this.#options = options
    this.#version = version
  }

  get version(): number {
    return this.#version
  }

  onErasure(witness: ErasureWitness): () => void {
    this.#witnesses.add(witness)
    return () => this.#witnesses.delete(witness)
  }

  onErased(listener: (indexes: readonly number[]) => Promise<void> | void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  erase({ actor, basis, content }: ErasureRequest, by: By): Promise<Erasure> {
    return this.#exclusively(async () => {
      const { org, store, writer, clock } = this.#options
      const scope = { actor, content, size: writer.size }
      const plan = await planErasure(store, org, scope)
      if (plan.length === 0) {
        throw new ProblemError('not_found', `No entry has anything of ${actor} left to erase.`)
      }
      const fields = erasedFields(plan)
      const metadata = { actor, fields, entries: plan.length, below: scope.size, basis }
      const targets = [{ type: 'user', id: actor, name: null }]
      const event = eventBy(erasureAction, by, clock(), { targets, metadata })
      await store.putTask(org, { id: event.id, task: JSON.stringify({ ...scope, event }) })
      return { index: await this.#finish({ ...scope, event }, plan), entries: plan.length, fields }
    })
  }

  async resume(): Promise<void> {
    const { org, store } = this.#options
    for (const { task } of await store.tasks(org)) {
      const begun = JSON.parse(task) as ErasureTask
      await this.#finish(begun, await planErasure(store, org, begun))
    }
  }

  async #finish({ event }: ErasureTask, plan: readonly Removal[]): Promise<number> {
    const { org, store, recorder } = this.#options
    const index = await recorder.record(event)
    for (const witness of this.#witnesses) await witness.begin()
    for (let from = 0; from < plan.length; from += batchSize) {
      await this.#eraseBatch(plan.slice(from, from + batchSize))
      await new Promise(resolve => setImmediate(resolve))
    }
    for (const witness of this.#witnesses) await witness.end(plan.map(({ index }) => index))
    // What a reader of an older state keeps in the journal, the next start takes out of it.
    if (await this.#emptyJournal()) await store.dropTask(org, event.id)
    return index
  }

  async #eraseBatch(batch: readonly Removal[]): Promise<void> {
    const { org, store } = this.#options
    await store.erase(org, batch)
    this.#version = (await store.erasedBundles(org, this.#version)).version
    const indexes = batch.map(({ index }) => index)
    for (const listener of this.#listeners) await listener(indexes)
  }

  async #emptyJournal(): Promise<boolean> {
    for (let waited = 0; waited < journalPatienceMs; waited += 100) {
      if (await this.#options.store.emptyJournal()) return true
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    return false
  }
}

/** In a fixed order, whatever entries they were found in. */
function erasedFields(plan: readonly Removal[]): string[] {
  const found = new Set(plan.flatMap(({ fields }) => fields))
  return [...personalFields, 'targets.names', 'changes', 'metadata'].filter(field => found.has(field))
}
