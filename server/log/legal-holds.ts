/**
 * Legal holds: what must be kept whatever retention and erasure say. Each is told by an event of the log before it is in
 * force, and before it is not; one that a kill leaves half told is finished by the next start.
 */
import { randomUUID } from 'node:crypto'
import {
  type HoldScope,
  type LegalHold,
  type NewLegalHold,
  LegalHolds as StoredHolds,
} from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment, parseMoment } from '../../shared/time.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import { rolesOf } from './erasure-plan.ts'
import type { Recorder } from './recorder.ts'
import type { Removals } from './removals.ts'
import { changeSetting, finishSettings } from './told-settings.ts'

const setting = 'legal-holds'
const mostHolds = 1000

export interface LegalHoldsOptions {
  org: string
  store: LogStore
  removals: Removals
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
}

export interface LegalHolds {
  list(): Promise<LegalHold[]>
  /** In force once it answers, also against a removal that was under way. @throws {ProblemError} malformed */
  place(hold: NewLegalHold, by: By): Promise<LegalHold>
  /** @throws {ProblemError} not_found */
  release(id: string, by: By): Promise<void>
}

export async function openLegalHolds(options: LegalHoldsOptions): Promise<LegalHolds> {
  const { org, store, removals, clock } = options
  await finishSettings(options, setting)

  async function change(event: NewEventInput, holds: readonly LegalHold[]): Promise<void> {
    await changeSetting(options, { name: setting, value: JSON.stringify({ holds }), event })
  }

  return {
    list: () => holdsOf(store, org),
    place: ({ name, reason, scope }, by) =>
      removals.exclusively(async () => {
        const holds = await holdsOf(store, org)
        if (holds.length >= mostHolds)
          throw new ProblemError('conflict', `There are ${mostHolds} legal holds.`)
        const { id: who, name: whoseName } = by.caller
        const hold: LegalHold = {
          ...{ id: randomUUID(), name, reason, scope: readScope(scope) },
          ...{ placedBy: { id: who, name: whoseName }, placedAt: formatMoment(clock()) },
        }
        const metadata = { reason, scope: JSON.parse(JSON.stringify(hold.scope)) as JsonObject }
        await change(eventBy('auditlog.hold_placed', by, clock(), { targets: [targetOf(hold)], metadata }), [
          ...holds,
          hold,
        ])
        return hold
      }),
    release: (id, by) =>
      removals.exclusively(async () => {
        const holds = await holdsOf(store, org)
        const hold = holds.find(each => each.id === id)
        if (!hold) throw new ProblemError('not_found', 'There is no such legal hold.')
        const event = eventBy('auditlog.hold_released', by, clock(), { targets: [targetOf(hold)] })
        await change(
          event,
          holds.filter(each => each !== hold),
        )
      }),
  }
}

export async function holdsOf(store: Pick<LogStore, 'setting'>, org: string): Promise<LegalHold[]> {
  const kept = await store.setting(org, setting)
  return kept === null ? [] : StoredHolds.parse(JSON.parse(kept)).holds
}

/** Whether a hold covers the entry: it fits everything that the scope names. */
export function isHeld({ open }: Pick<StoredEntry, 'open'>, { actor, target, from, to }: HoldScope): boolean {
  const occurredAt = String(open.ts)
  if (from !== undefined && occurredAt < from) return false
  if (to !== undefined && occurredAt >= to) return false
  if (target !== undefined && !targetsOf(open).some(({ id }) => id === target)) return false
  return actor === undefined || Object.values(rolesOf({ open }, actor)).some(isRole => isRole)
}

/** @throws {ProblemError} on_hold */
export function requireNotHeld(entry: StoredEntry, holds: readonly LegalHold[], actor: string): void {
  const hold = holds.find(({ scope }) => isHeld(entry, scope))
  if (!hold) return
  throw new ProblemError(
    'on_hold',
    `The legal hold "${hold.name}" covers entry ${entry.index}, which speaks of ${actor}: nothing was erased. Release the hold first.`,
  )
}

function targetsOf(open: StoredEntry['open']): { id: string }[] {
  return (open.targets ?? []) as { id: string }[]
}

function targetOf({ id, name }: LegalHold) {
  return { type: 'legal_hold', id, name }
}

/** Times as the log writes them, so that they compare as text. */
function readScope(scope: HoldScope): HoldScope {
  const { from, to } = scope
  const read: HoldScope = {
    ...scope,
    ...(from !== undefined && { from: parseMoment(from)! }),
    ...(to !== undefined && { to: parseMoment(to)! }),
  }
  if (read.from === undefined || read.to === undefined || read.from < read.to) return read
  throw new ProblemError('malformed', 'The hold ends before it begins.', {
    errors: [{ path: 'scope.to', message: 'is not after from' }],
  })
}
