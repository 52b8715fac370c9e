/**
 * Whether another log that a server shows is the one that was followed, restored from a backup: then it begins with a
 * state that the trusted key signed, says so in its first entry, and only grew since. All else is another log.
 */
import type { LogKeyHistory, LogKeys } from '../../shared/api.ts'
import { type EpochStart, followTransitions, isEpochStart } from '../../shared/log/epoch.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import type { EpochOffer, SeenState, WitnessRecord } from '../cache/witness-record.ts'
import {
  type AskConsistency,
  isoTime,
  Misbehaviour,
  openSignedNote,
  requireConsistency,
  seenAt,
} from './checkpoint-check.ts'

export interface EpochQuestion {
  hasher: Hasher
  record: WitnessRecord
  /** As the server answers. */
  history: LogKeyHistory
  /** The note that it shows. */
  note: string
  ask: AskConsistency
}

/** What a person is asked to accept; null where the server shows no such log. @throws what `ask` does */
export async function readEpochOffer(question: EpochQuestion): Promise<EpochOffer | null> {
  const { record } = question
  // A backup may be put back again: the log then goes on from the one before the epoch that was followed.
  const followed = [record, ...record.earlier.toReversed()]
  for (const { pinned } of followed) {
    const offer = await offerFrom(question, pinned)
    if (offer) return offer
  }
  return null
}

async function offerFrom(question: EpochQuestion, from: LogKeys): Promise<EpochOffer | null> {
  try {
    return await examine(question, from)
  } catch (error) {
    // What does not hold is no epoch of this log.
    if (error instanceof LogError || error instanceof Misbehaviour) return null
    throw error
  }
}

async function examine(question: EpochQuestion, from: LogKeys): Promise<EpochOffer | null> {
  const { hasher, record, history, note, ask } = question
  const { origin, log, time } = from
  const steps = await followTransitions(hasher, history.transitions, { origin, log, time })
  const epochs = steps.filter(isEpochStart)
  const [first] = epochs
  const last = steps.at(-1)
  if (!first || last?.after.log !== history.log) return null
  const shown = await openSignedNote(note, last.after)
  let before: SeenState | null = record.seen
  for (const step of steps) {
    // Of what came after the backup, the restored log says nothing.
    if (isEpochStart(step) && before && before.size > step.restored.size) before = null
    if (before) await requireConsistency(hasher, before, seenAt(step), ask)
    before = seenAt(step)
  }
  if (before) await requireConsistency(hasher, before, shown, ask)
  const kept = Math.min(...epochs.map(({ restored }) => restored.size))
  const known = [...record.trail, ...(record.seen ? [record.seen] : [])].findLast(({ size }) => size <= kept)
  if (known) await requireConsistency(hasher, known, shown, ask)
  return {
    ...factsOf(epochs.at(-1)!),
    ...{ keys: last.after, shown, kept, provenTo: known?.size ?? 0 },
    lost: record.seen && record.seen.size > kept ? { from: kept, to: record.seen.size } : null,
    proofs: steps.map(({ text }) => text),
  }
}

function factsOf({ restored, restoredAt, reason, signedAt }: EpochStart) {
  const backupAt = restored.signedAt === null ? null : isoTime(restored.signedAt)
  return { backupAt, restoredAt, reason, begunAt: isoTime(signedAt) }
}

const trailLength = 64

/** The states that were believed, the further back the sparser: what a restored log still holds can be compared. */
export function withTrail(trail: readonly SeenState[], { size, root }: SeenState): SeenState[] {
  if (trail.at(-1)?.size === size) return [...trail]
  const longer = [...trail, { size, root }]
  if (longer.length <= trailLength) return longer
  return longer.filter((_, place) => place >= trailLength / 2 || place % 2 === 0)
}
