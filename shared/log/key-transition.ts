/**
 * How a log changes its keys without anybody who follows it having to take them on trust: one entry names the keys,
 * and the checkpoint that ends with this entry is signed by the old log key and the new one. All of it is one text,
 * the evidence of that entry under that checkpoint. SPEC.md, rules K5 to K9.
 */
import * as z from 'zod/mini'
import type { Disclosure, LogKeys } from '../api.ts'
import { type AuditEvent, ownSource } from '../audit-event.ts'
import type { JsonObject } from '../json.ts'
import { formatEntryEvidence, readEntryEvidence, verifyEntryEvidence } from './entry-evidence.ts'
import { LogError } from './errors.ts'
import { leafToEvent } from './event-leaf.ts'
import type { Hasher } from './hasher.ts'

/** The action of the entry that tells of new keys under the same origin. */
export const rotationAction = 'auditlog.key_rotated'
/** The action of the entry that an epoch begins with: new keys under another origin. */
export const epochAction = 'auditlog.epoch_started'

const KeyPair = z.object({ log: z.string(), time: z.string() })
const KeyNames = z.object({ before: KeyPair, after: KeyPair })

/** The log `before` gave way to the log `after`: the same tree, signed by other keys from `size` on. */
export interface KeyTransition {
  readonly before: LogKeys
  readonly after: LogKeys
  /** The place of the entry that tells of it; the transition's checkpoint ends with it. */
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  /** The transition's checkpoint, a signed note. */
  readonly note: string
  /** Seconds since 1970, by the new time key. */
  readonly signedAt: number
  /** The whole proof, for others to verify. */
  readonly text: string
}

/** The metadata of the entry that tells of a rotation. */
export function rotationMetadata(before: LogKeys, after: LogKeys): JsonObject {
  const namesOf = ({ log, time }: LogKeys) => ({ log, time })
  return { before: namesOf(before), after: namesOf(after) }
}

/**
 * The text of a transition. `subtrees` are the roots of the perfect subtrees over all entries before its own (M5):
 * read from the narrowest on, they are the inclusion path of the last entry.
 */
export function formatKeyTransition(parts: {
  subtrees: readonly Uint8Array[]
  index: number
  leaf: Uint8Array
  disclosures: readonly Disclosure[]
  checkpoint: string
  after: LogKeys
}): string {
  const { subtrees, index, leaf, checkpoint, after } = parts
  // Who did it is in the log for those who may see it; the proof goes to everybody.
  const disclosures = parts.disclosures.filter(({ name }) => name === 'metadata')
  return formatEntryEvidence({
    ...{ index, leaf, disclosures, checkpoint },
    proof: subtrees.toReversed(),
    keys: { origin: after.origin, log: after.log, time: after.time },
  })
}

/** What is known of a key that somebody trusts: its time key may not be. */
export type KnownKey = Pick<LogKeys, 'log'> & Partial<LogKeys>

/**
 * The rotation that the text proves to whoever trusts the key `known`. Throws `transition_unproven` where the entry
 * tells of something else, and as `verifyEntryEvidence` for either of the two keys.
 */
export async function verifyRotation(hasher: Hasher, text: string, known: KnownKey): Promise<KeyTransition> {
  const { keys: after, checkpoint: note } = readEntryEvidence(text)
  const named = claimedRotation(hasher, text)
  if (!named || !isOf(named.before, known) || !isOf(named.after, after)) {
    throw unproven('its entry does not name these keys')
  }
  const before = { ...named.before, origin: after.origin }
  await verifyEntryEvidence(hasher, text, before)
  const { event, size, root, signedAt } = await verifyEntryEvidence(hasher, text, after)
  if (event.index !== size - 1) throw unproven('its checkpoint does not end with its entry')
  if (signedAt === null) throw unproven('its checkpoint carries no time')
  return { before, after, index: event.index, size, root, note, signedAt, text }
}

/**
 * The rotations that lead on from a key, in their order, each proven by the one before; texts that speak of other keys
 * are left out. Throws as `verifyRotation` for one that claims to lead on and does not prove it.
 */
export async function followRotations(
  hasher: Hasher,
  texts: readonly string[],
  known: KnownKey,
): Promise<KeyTransition[]> {
  const steps: KeyTransition[] = []
  for (let current = known, size = 0; ; ) {
    const step = await nextRotation(hasher, texts, current, size)
    if (!step) return steps
    steps.push(step)
    ;({ after: current, size } = step)
  }
}

/** The rotation away from this key among the texts, if there is one in a tree of more than `size` entries. */
export async function nextRotation(
  hasher: Hasher,
  texts: readonly string[],
  known: KnownKey,
  size: number,
): Promise<KeyTransition | null> {
  // A larger tree each time: no chain of keys leads in a circle.
  const next = texts.find(text => readEntryEvidence(text).index >= size && leadsOn(hasher, text, known))
  return next === undefined ? null : verifyRotation(hasher, next, known)
}

function leadsOn(hasher: Hasher, text: string, known: KnownKey): boolean {
  const named = claimedRotation(hasher, text)
  return named !== null && isOf(named.before, known)
}

/** The keys that the text's entry names; nothing is verified but that it says so. Null where it tells of other things. */
export function claimedRotation(hasher: Hasher, text: string) {
  return namedKeys(claimedEvent(hasher, text))
}

/** The event that a text is about, as far as it opens its own commitments; nothing is verified. */
export function claimedEvent(hasher: Hasher, text: string): AuditEvent {
  const { index, leaf, disclosures } = readEntryEvidence(text)
  return leafToEvent(hasher, leaf, disclosures, index)
}

/** Whether an entry of this source and action tells of a change of keys. */
export function tellsOfNewKeys({ source, action }: { source?: unknown; action?: unknown }): boolean {
  return source === ownSource && (action === rotationAction || action === epochAction)
}

function namedKeys(event: AuditEvent) {
  const named = KeyNames.safeParse(event.metadata)
  if (!tellsOfNewKeys(event) || event.action !== rotationAction) return null
  return named.success ? named.data : null
}

function isOf(pair: { log: string; time: string }, { log, time = pair.time }: KnownKey): boolean {
  return pair.log === log && pair.time === time
}

export function unproven(what: string): LogError {
  return new LogError('transition_unproven', `the change of keys is not proven: ${what}`)
}
