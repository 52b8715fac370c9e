/**
 * Erasure of what the log says of one person: disclosures go, hashes stay, and one event tells of it. The task is kept
 * first, then the event, then the disclosures go, batch by batch: whatever stops it midway, the next start finishes it.
 */
import type { Erasure, ErasureRequest } from '../../shared/api.ts'
import { type NewEventInput, personalFields } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import type { LogStore, Removal } from '../store/log-store.ts'
import { type ErasureScope, erasureAction, planErasure } from './erasure-plan.ts'
import { holdsOf, requireNotHeld } from './legal-holds.ts'
import type { Recorder } from './recorder.ts'
import type { Removals } from './removals.ts'
import type { LogWriter } from './writer.ts'

export interface Eraser {
  /**
   * Answers once everything is gone. @throws {ProblemError} not_found where no entry has anything to forget; on_hold
   * where a legal hold covers one that has
   */
  erase(request: ErasureRequest, by: By): Promise<Erasure>
}

export interface EraserOptions {
  org: string
  store: LogStore
  removals: Removals
  writer: Pick<LogWriter, 'size'>
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
}

/** What must be finished: the event by its id, which the log takes once, and what it says was done. */
interface ErasureTask extends ErasureScope {
  event: NewEventInput
}

/** Finishes what an earlier process began. */
export async function openEraser(options: EraserOptions): Promise<Eraser> {
  const eraser = new QueuedEraser(options)
  await eraser.resume()
  return eraser
}

class QueuedEraser implements Eraser {
  readonly #options: EraserOptions

  constructor(options: EraserOptions) {
    this.#options = options
  }

  erase({ actor, basis, content }: ErasureRequest, by: By): Promise<Erasure> {
    const { org, store, writer, clock, removals } = this.#options
    // One at a time, so that no two count the same entries.
    return removals.exclusively(async () => {
      const scope = { actor, content, size: writer.size }
      const holds = await holdsOf(store, org)
      const plan = await planErasure(store, org, scope, entry => requireNotHeld(entry, holds, actor))
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
      // Others keep their tasks beside these, each with its kind.
      if (!('kind' in begun)) await this.#finish(begun, await planErasure(store, org, begun))
    }
  }

  async #finish({ event }: ErasureTask, plan: readonly Removal[]): Promise<number> {
    const { org, store, recorder, removals } = this.#options
    const index = await recorder.record(event)
    await removals.erase(plan)
    // What a reader of an older state keeps in the journal, the next start takes out of it.
    if (await removals.emptyJournal()) await store.dropTask(org, event.id)
    return index
  }
}

/** In a fixed order, whatever entries they were found in. */
function erasedFields(plan: readonly Removal[]): string[] {
  const found = new Set(plan.flatMap(({ fields }) => fields))
  return [...personalFields, 'targets.names', 'changes', 'metadata'].filter(field => found.has(field))
}
