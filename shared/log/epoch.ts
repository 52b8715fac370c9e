/**
 * Epochs of a log. What was restored from a backup may have lost entries that others have seen, so it does not go on as
 * the same log: it gets another origin and fresh keys, and its first entry holds the last note of the log before. SPEC.md,
 * rules O.
 */
import * as z from 'zod/mini'
import { LogKeys } from '../api.ts'
import type { AuditEvent } from '../audit-event.ts'
import type { JsonObject } from '../json.ts'
import { bytesEqual } from './bytes.ts'
import { cosignedAt, openCheckpoint } from './checkpoint.ts'
import { readEntryEvidence, verifyEntryEvidence } from './entry-evidence.ts'
import type { Hasher } from './hasher.ts'
import {
  claimedEvent,
  claimedRotation,
  epochAction,
  type KeyTransition,
  nextRotation,
  tellsOfNewKeys,
  unproven,
} from './key-transition.ts'
import { createVerifier } from './signature.ts'
import { CompactRange } from './tree.ts'

/** The action of the event that tells who accepted an epoch. */
export const epochAcceptedAction = 'auditlog.epoch_accepted'

const EpochFacts = z.object({
  /** The last note of the log before: that of the backup. */
  note: z.string(),
  before: LogKeys,
  after: LogKeys,
  reason: z.string(),
  /** ISO time at which the backup was put back. */
  restoredAt: z.string(),
})
export type EpochFacts = z.infer<typeof EpochFacts>

/** The log `before` was restored at `restored.size` and goes on as `after`. */
export interface EpochStart extends KeyTransition {
  readonly reason: string
  readonly restoredAt: string
  /** The state that the backup had; `signedAt` in seconds since 1970, null without the time of the log before. */
  readonly restored: { readonly size: number; readonly root: Uint8Array; readonly signedAt: number | null }
}

/** `log.example/epoch2` and 2; of an origin without a number, 1. */
function readEpoch(origin: string): { base: string; number: number } {
  const [, base, number] = /^(.+?)(?:\/epoch([1-9][0-9]{0,8}))?$/.exec(origin) ?? []
  return { base: base ?? origin, number: Number(number ?? 1) }
}

/** The origin of the epoch after, or of the one with this number where others were used up already. */
export function nextEpoch(origin: string, number = readEpoch(origin).number + 1): string {
  return `${readEpoch(origin).base}/epoch${number}`
}

/** Whether an origin is one that the log of the other origin may have got since. */
export function isLaterEpoch(origin: string, than: string): boolean {
  const [later, earlier] = [readEpoch(origin), readEpoch(than)]
  return later.base === earlier.base && later.number > earlier.number
}

/** The metadata of the entry that an epoch begins with. */
export function epochMetadata({ note, before, after, reason, restoredAt }: EpochFacts): JsonObject {
  const namesOf = ({ origin, log, time }: LogKeys) => ({ origin, log, time })
  return { note, before: namesOf(before), after: namesOf(after), reason, restoredAt }
}

/** What the event says of an epoch; nothing is verified. Null where it tells of other things. */
export function epochFacts({ source, action, metadata }: AuditEvent): EpochFacts | null {
  if (!tellsOfNewKeys({ source, action }) || action !== epochAction) return null
  const facts = EpochFacts.safeParse(metadata)
  return facts.success ? facts.data : null
}

/**
 * The epoch that the text shows to whoever trusts the keys before: the old key signed the state that was restored, and
 * the new log begins with it. Who began the epoch is proven by nothing: a person decides. Throws `transition_unproven`,
 * and as `verifyEntryEvidence` and `openCheckpoint`.
 */
export async function verifyEpoch(hasher: Hasher, text: string, before: LogKeys): Promise<EpochStart> {
  const { keys: after, checkpoint: note, proof } = readEntryEvidence(text)
  const { event, size, root, signedAt } = await verifyEntryEvidence(hasher, text, after)
  const facts = epochFacts(event)
  if (!facts || !isSame(facts.before, before) || !isSame(facts.after, after)) {
    throw unproven('its entry does not name these logs')
  }
  if (!isLaterEpoch(after.origin, before.origin)) throw unproven('its origin is not one of a later epoch')
  if (after.log === before.log || after.time === before.time) throw unproven('its keys are not fresh')
  if (event.index !== size - 1) throw unproven('its checkpoint does not end with its entry')
  if (signedAt === null) throw unproven('its checkpoint carries no time')
  const restored = await openRestored(facts.note, before)
  // The path of the last leaf, from the widest subtree on, is the compact range of all entries before it.
  const begun = new CompactRange(hasher, event.index, proof.toReversed()).root()
  if (restored.size !== event.index || !bytesEqual(begun, restored.root)) {
    throw unproven('the log does not begin with the state that the old key signed')
  }
  const step = { before, after, index: event.index, size, root, note, signedAt, text }
  return { ...step, reason: facts.reason, restoredAt: facts.restoredAt, restored }
}

/**
 * All changes that lead on from these keys, in their order: those that the keys announced, and epochs. Texts that speak
 * of other keys are left out. Throws as `verifyRotation` and `verifyEpoch` for one that claims to lead on.
 */
export async function followTransitions(
  hasher: Hasher,
  texts: readonly string[],
  from: LogKeys,
): Promise<(KeyTransition | EpochStart)[]> {
  const steps: (KeyTransition | EpochStart)[] = []
  for (let current = from, size = 0; ; ) {
    const announced = await nextRotation(hasher, texts, current, size)
    const step = announced ?? (await nextEpochStart(hasher, texts, current, size))
    if (!step) return steps
    steps.push(step)
    ;({ after: current, size } = step)
  }
}

/** The keys that a text says came before it: of a rotation or of an epoch. Nothing is verified. */
export function claimedBefore(hasher: Hasher, text: string): LogKeys | null {
  const facts = epochFacts(claimedEvent(hasher, text))
  const named = claimedRotation(hasher, text)
  return facts?.before ?? (named && { ...named.before, origin: readEntryEvidence(text).keys.origin })
}

export function isEpochStart(step: KeyTransition | EpochStart): step is EpochStart {
  return 'restored' in step
}

async function nextEpochStart(hasher: Hasher, texts: readonly string[], before: LogKeys, size: number) {
  const next = texts.find(text => {
    const facts = epochFacts(claimedEvent(hasher, text))
    return facts !== null && isSame(facts.before, before) && readEntryEvidence(text).index >= size
  })
  return next === undefined ? null : verifyEpoch(hasher, next, before)
}

async function openRestored(note: string, before: LogKeys): Promise<EpochStart['restored']> {
  const time = createVerifier(before.time)
  const opened = await openCheckpoint(note, before.origin, createVerifier(before.log), [time])
  const { size, root } = opened.checkpoint
  return { size, root, signedAt: cosignedAt(opened.verified, time) }
}

function isSame(a: LogKeys, b: LogKeys): boolean {
  return a.origin === b.origin && a.log === b.log && a.time === b.time
}
