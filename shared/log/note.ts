/** Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature. */
import { concatBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex } from './bytes.ts'
import { LogError } from './errors.ts'
import { isKeyName } from './key.ts'

/** A signature line: `— <key name> <base64(key id || signature)>`. `keyId` is 8 hex digits. */
export interface NoteSignature {
  readonly name: string
  readonly keyId: string
  readonly signature: Uint8Array
}

/** A note taken apart, nothing verified. The text ends with its newline and excludes the empty line. */
export interface Note {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** A note at least one known key signed. `unverified` are signatures of unknown keys: no evidence of anything. */
export interface OpenedNote {
  readonly text: string
  readonly verified: readonly NoteSignature[]
  readonly unverified: readonly NoteSignature[]
}

/** Makes one key's signature over a note's text. */
export interface Signer {
  readonly name: string
  readonly keyId: string
  sign(text: string): Promise<Uint8Array>
}

/** Checks one key's signature over a note's text. */
export interface Verifier {
  readonly name: string
  readonly keyId: string
  verify(text: string, signature: Uint8Array): Promise<boolean>
}

const MAX_SIGNATURES = 100

/** The parts of a note. Throws `note_malformed`; verifies nothing. */
export function parseNote(note: string | Uint8Array): Note {
  const whole = typeof note === 'string' ? note : fromUtf8(note)
  // The last empty line: the text may have empty lines of its own.
  const split = whole.lastIndexOf('\n\n')
  if (split < 0 || !whole.endsWith('\n')) throw malformed('it has no empty line before signatures')
  const text = whole.slice(0, split + 1)
  requireText(text)
  const lines = whole
    .slice(split + 2)
    .split('\n')
    .slice(0, -1)
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) throw malformed('it needs 1 to 100 signatures')
  return { text, signatures: lines.map(parseSignatureLine) }
}

/** The note of a text and its signatures. Throws `note_malformed` for a text no note can have. */
export function formatNote({ text, signatures }: Note): string {
  requireText(text)
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`
}

/** One signature line with its newline. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concatBytes(fromHex(keyId), signature))}\n`
}

/** A signature line without its newline, taken apart. Throws `note_malformed`. */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  if (name === undefined || encoded === undefined || !isKeyName(name)) throw malformed('a signature line is')
  const bytes = decode(encoded)
  if (bytes.length < 5) throw malformed('a signature is too short')
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/** The note of `text`, signed by each signer in order. */
export async function signNote(text: string, signers: readonly Signer[]): Promise<string> {
  requireText(text)
  const signatures = await Promise.all(
    signers.map(async ({ name, keyId, sign }) => ({ name, keyId, signature: await sign(text) })),
  )
  return formatNote({ text, signatures })
}

/**
 * The text of a note that at least one of `verifiers` signed. Throws `signature_invalid` when any known key's
 * signature fails, `note_unverified` when no known key signed, `ambiguous_key` when two verifiers have one name and
 * id, `note_malformed`.
 */
export async function openNote(
  note: string | Uint8Array,
  verifiers: readonly Verifier[],
): Promise<OpenedNote> {
  const known = indexVerifiers(verifiers)
  const { text, signatures } = parseNote(note)
  const verified = new Map<string, NoteSignature>()
  const unverified: NoteSignature[] = []
  for (const signature of signatures) {
    const id = identity(signature)
    const verifier = known.get(id)
    if (!verifier) unverified.push(signature)
    else if (!verified.has(id)) {
      if (!(await verifier.verify(text, signature.signature))) {
        throw new LogError('signature_invalid', `the signature of ${signature.name} is invalid`)
      }
      verified.set(id, signature)
    }
  }
  if (verified.size === 0) throw new LogError('note_unverified', 'no known key signed this note')
  return { text, verified: [...verified.values()], unverified }
}

/** Whether a signature is by this key: the name and the id both match. */
export function isSignedBy(
  { name, keyId }: Pick<Verifier, 'name' | 'keyId'>,
  signature: NoteSignature,
): boolean {
  return signature.name === name && signature.keyId === keyId
}

function indexVerifiers(verifiers: readonly Verifier[]): Map<string, Verifier> {
  const known = new Map<string, Verifier>()
  for (const verifier of verifiers) {
    const id = identity(verifier)
    if (known.has(id)) {
      throw new LogError('ambiguous_key', `two keys are called ${verifier.name}+${verifier.keyId}`)
    }
    known.set(id, verifier)
  }
  return known
}

function identity({ name, keyId }: { name: string; keyId: string }): string {
  return `${name}+${keyId}`
}

function requireText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: notes forbid them
  if (!text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text)) {
    throw malformed('its text has control characters or no final newline')
  }
}

function decode(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded)
  } catch {
    throw malformed('a signature is not base64')
  }
}

function malformed(what: string): LogError {
  return new LogError('note_malformed', `not a signed note: ${what}`)
}
