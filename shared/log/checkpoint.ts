/** Checkpoints (C2SP tlog-checkpoint): the signed state of a log, as the text of a note. */
import { fromBase64, toBase64 } from './bytes.ts'
import { parseCosignature } from './cosignature.ts'
import { LogError } from './errors.ts'
import { isSignedBy, type NoteSignature, type OpenedNote, openNote, type Verifier } from './note.ts'
import { HASH_BYTES } from './tree.ts'

/** A log's origin, its number of entries and its 32-byte root; extension lines are kept but mean nothing here. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly extensions: readonly string[]
}

/** A checkpoint whose log signed it; `verified` has that signature and those of the other known keys. */
export interface OpenedCheckpoint extends OpenedNote {
  readonly checkpoint: Checkpoint
}

/** The text to sign: origin, decimal size, base64 root, then extensions, each on its line. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const text = `${[origin, size, toBase64(root), ...extensions].join('\n')}\n`
  parseCheckpoint(text)
  return text
}

/** The checkpoint of a note's text. Throws `checkpoint_malformed`, `number_out_of_range`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) {
    throw malformed('lines are missing or empty')
  }
  const [origin, size, root, ...extensions] = lines
  return { origin: origin!, size: parseSize(size!), root: parseRoot(root!), extensions }
}

/** A decimal number without sign or leading zeros. Throws `checkpoint_malformed`, `number_out_of_range`. */
export function parseSize(text: string): number {
  if (!/^(0|[1-9][0-9]*)$/.test(text)) throw malformed('its size is not a decimal number')
  const size = Number(text)
  if (!Number.isSafeInteger(size)) throw new LogError('number_out_of_range', 'the size is above 2^53-1')
  return size
}

/**
 * The checkpoint of a note that `log` signed. Other known keys may be given; their signatures must hold too.
 * Throws as `openNote`, `origin_unknown` when the note speaks of another log, `note_unverified` without the log's
 * own signature.
 */
export async function openCheckpoint(
  note: string | Uint8Array,
  origin: string,
  log: Verifier,
  others: readonly Verifier[] = [],
): Promise<OpenedCheckpoint> {
  const opened = await openNote(note, [log, ...others])
  if (!opened.verified.some(signature => isSignedBy(log, signature))) {
    throw new LogError('note_unverified', 'the log itself did not sign this checkpoint')
  }
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint.origin !== origin) throw new LogError('origin_unknown', 'the checkpoint is of another log')
  return { ...opened, checkpoint }
}

/** When `cosigner` signed, in seconds since 1970, by its verified type 04 signature; null when it did not. */
export function cosignedAt(verified: readonly NoteSignature[], cosigner: Verifier): number | null {
  const signature = verified.find(candidate => isSignedBy(cosigner, candidate))
  return signature ? parseCosignature(signature.signature).time : null
}

/** Throws `checkpoint_stale` unless `cosigner` signed at most `maxAgeSeconds` before `nowSeconds`. */
export function requireFresh(
  { verified }: OpenedNote,
  cosigner: Verifier,
  nowSeconds: number,
  maxAgeSeconds: number,
): void {
  const time = cosignedAt(verified, cosigner)
  if (time === null) throw new LogError('checkpoint_stale', 'the checkpoint carries no time')
  if (nowSeconds - time > maxAgeSeconds) throw new LogError('checkpoint_stale', 'the checkpoint is too old')
}

function parseRoot(text: string): Uint8Array {
  let root: Uint8Array
  try {
    root = fromBase64(text)
  } catch {
    throw malformed('its root is not base64')
  }
  if (root.length !== HASH_BYTES) throw malformed('its root is not 32 bytes')
  return root
}

function malformed(what: string): LogError {
  return new LogError('checkpoint_malformed', `not a checkpoint: ${what}`)
}
