/** The event that is open, and its neighbours in the list. */
import { effect, signal, untracked } from '@preact/signals'
import { type AuditEvent, actorLabel, targetKey } from '../../shared/audit-event.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure } from '../worker/protocol.ts'
import type { AddressFragment } from './address-fragment.ts'
import { findLaterName, type LaterName, lacksName } from './later-name.ts'
import type { LogModel } from './log-model.ts'
import type { NameBook } from './name-book.ts'
import type { SyncModel } from './sync-model.ts'

export type DetailState =
  | { name: 'closed' }
  | { name: 'loading'; index: number }
  | { name: 'open'; index: number; event: AuditEvent }
  /** Neither cache nor server has it. */
  | { name: 'missing'; index: number }
  | { name: 'failed'; index: number; failure: Failure }

const parameter = 'event'

export type DetailModel = ReturnType<typeof createDetailModel>

export interface DetailDependencies {
  log: LogClient
  list: LogModel
  names: NameBook
  address: AddressFragment
}

export function createDetailModel({ log, list, names, address }: DetailDependencies) {
  const state = signal<DetailState>({ name: 'closed' })
  /** Where the open event stands in the list; null when that is not known. */
  const offset = signal<number | null>(null)
  let asked = 0

  async function open(index: number, at: number | null): Promise<void> {
    const ask = ++asked
    offset.value = at
    writeAddress(index)
    // The event shown so far stays until the next is here: no flash between neighbours.
    if (state.peek().name !== 'open') state.value = { name: 'loading', index }
    try {
      const event = await log.call('event', index)
      if (ask !== asked) return
      if (event) learnNames(event)
      state.value = event ? { name: 'open', index, event } : { name: 'missing', index }
    } catch (error) {
      const failure = failureOf(error)
      if (ask === asked && failure.kind !== 'cancelled') state.value = { name: 'failed', index, failure }
    }
  }

  /** So that a filter made from this event says names at once. */
  function learnNames({ actor, targets }: AuditEvent): void {
    names.learn('actor', [{ value: actor.id, label: actorLabel(actor) }])
    names.learn(
      'target',
      targets.map(target => ({ value: targetKey(target), label: target.name ?? target.id })),
    )
  }

  function close(): void {
    asked++
    offset.value = null
    state.value = { name: 'closed' }
    writeAddress(null)
  }

  function writeAddress(index: number | null): void {
    const parameters = address.read()
    parameters.delete(parameter)
    if (index !== null) parameters.set(parameter, String(index))
    address.write(parameters)
  }

  async function step(by: 1 | -1): Promise<void> {
    const at = offset.peek()
    const total = list.listing.peek()?.total ?? 0
    if (at === null || at + by < 0 || at + by >= total) return
    const row = await list.fetchRow(at + by)
    if (row && offset.peek() === at) await open(row.index, at + by)
  }

  function retry(): void {
    const now = state.peek()
    if (now.name !== 'closed') void open(now.index, offset.peek())
  }

  return {
    state,
    offset,
    open,
    close,
    step,
    retry,
    /** An event of the log, whatever is open; null where neither cache nor server has it. @throws {FailureError} */
    find: (index: number): Promise<AuditEvent | null> => log.call('event', index),
    /** Null also where it cannot be asked: the id is shown then, as it stands in the event. */
    async laterName(event: AuditEvent): Promise<LaterName | null> {
      if (!lacksName(event)) return null
      return findLaterName(log, { type: 'user', id: event.actor.id }, list.newest.peek()).catch(() => null)
    },
    /** Opens what the address names as soon as the log can be asked. Returns the clean-up. */
    follow(sync: SyncModel): () => void {
      const named = Number(address.read().get(parameter) ?? Number.NaN)
      let pending = Number.isSafeInteger(named) && named >= 0 ? named : null
      const stopOpening = effect(() => {
        const ready = sync.opened.value
        untracked(() => {
          if (!ready) state.value = { name: 'closed' }
          else if (pending !== null) void open(pending, null)
          if (ready) pending = null
        })
      })
      const stopPlacing = effect(() => {
        const listing = list.listing.value
        listing?.pages.version.value
        untracked(() => {
          const now = state.peek()
          if (now.name !== 'closed') offset.value = listing?.pages.offsetOf(now.index) ?? null
        })
      })
      const stopForgetting = log.on('forgotten', retry)
      return () => {
        stopForgetting()
        stopOpening()
        stopPlacing()
      }
    },
  }
}
