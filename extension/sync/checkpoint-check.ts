/** What a checkpoint must satisfy before a panel believes it. Each way to fail is a way in which a server misbehaves. */
import type { LogKeys } from '../../shared/api.ts'
import { bytesEqual, fromBase64, toBase64 } from '../../shared/log/bytes.ts'
import { cosignedAt, openCheckpoint, parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { verifyConsistency } from '../../shared/log/consistency.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import type { KeyTransition } from '../../shared/log/key-transition.ts'
import { parseNote } from '../../shared/log/note.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { misbehaved } from '../api/failure.ts'
import type { AlarmCode, Evidence, SeenCheckpoint, SeenState } from '../cache/witness-record.ts'

/** A server signs anew every ten minutes; clocks may be apart by the rest. */
export const freshForMs = 30 * 60_000

/** Proof of misbehaviour, with the parts of the evidence that the check knows. */
export class Misbehaviour extends Error {
  override name = 'Misbehaviour'
  constructor(
    readonly code: AlarmCode,
    readonly detail: string,
    readonly parts: Partial<Pick<Evidence, 'shown' | 'proof' | 'mismatch' | 'offered' | 'epoch'>> = {},
  ) {
    super(detail)
  }
}

/**
 * The checkpoint of a note, if the log signed it. A note that cannot be read proves nothing about anybody.
 * @throws {Misbehaviour} wrong_origin, bad_signature @throws {FailureError} bad_checkpoint
 */
export async function openSignedNote(note: string, keys: LogKeys): Promise<SeenCheckpoint> {
  const claimed = readClaim(note)
  if (claimed.origin !== keys.origin) {
    const detail = `The checkpoint is of the log "${claimed.origin}", not of "${keys.origin}"`
    throw new Misbehaviour('wrong_origin', detail, { shown: note })
  }
  try {
    const time = createVerifier(keys.time)
    const { checkpoint, verified } = await openCheckpoint(note, keys.origin, createVerifier(keys.log), [time])
    const signedAt = isoTime(cosignedAt(verified, time) ?? 0)
    return { size: checkpoint.size, root: toBase64(checkpoint.root), note, signedAt }
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new Misbehaviour('bad_signature', error.message, { shown: note })
  }
}

/** The checkpoint that ends with the announcement of a key. */
export function seenAt({ size, root, note, signedAt }: KeyTransition): SeenCheckpoint {
  return { size, root: toBase64(root), note, signedAt: isoTime(signedAt) }
}

/** A log may sign any number of seconds; beyond the last date there are none. */
export function isoTime(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString()
}

/** @throws {Misbehaviour} stale: signed too long ago, or at no time, or in the future, by the clock here. */
export function requireFreshness({ signedAt, note }: SeenCheckpoint, nowMs: number): void {
  const age = nowMs - Date.parse(signedAt)
  if (Math.abs(age) <= freshForMs) return
  const how = age > 0 ? 'long ago' : 'in the future'
  throw new Misbehaviour('stale', `The checkpoint was signed ${how}, at ${signedAt}`, { shown: note })
}

/** Asks for the proof that a larger tree begins with the smaller one. Null: the server has none to give. */
export type AskConsistency = (from: number, to: number) => Promise<Uint8Array[] | null>

/** @throws {Misbehaviour} rollback, fork, inconsistent, unless `shown` only added to `seen`. */
export async function requireConsistency(
  hasher: Hasher,
  seen: SeenState,
  shown: SeenCheckpoint,
  ask: AskConsistency,
): Promise<void> {
  const fail = (code: AlarmCode, detail: string, proof: string[] | null = null): never => {
    throw new Misbehaviour(code, detail, { shown: shown.note, proof })
  }
  if (shown.size < seen.size) {
    fail('rollback', `The log has ${shown.size} entries; it had ${seen.size} before`)
  }
  const [oldRoot, newRoot] = [fromBase64(seen.root), fromBase64(shown.root)]
  if (shown.size === seen.size) {
    if (!bytesEqual(oldRoot, newRoot)) fail('fork', `Two logs of ${seen.size} entries are signed`)
    return
  }
  // Of an empty log there is nothing to prove: what came after it is all new.
  if (seen.size === 0) return
  const proof = await ask(seen.size, shown.size)
  if (proof === null) return fail('inconsistent', 'The server has no proof that the log only grew')
  try {
    verifyConsistency(hasher, { oldSize: seen.size, newSize: shown.size, oldRoot, newRoot, proof })
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    fail('inconsistent', error.message, proof.map(toBase64))
  }
}

function readClaim(note: string) {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (error instanceof LogError) throw misbehaved('bad_checkpoint', `${error.code}: ${error.message}`)
    throw error
  }
}
