/** Names, ids and text forms of the keys that sign notes: C2SP signed-note. */
import { concatBytes, fromBase64, toBase64, toHex, utf8 } from './bytes.ts'
import { ED25519_KEY_BYTES } from './ed25519.ts'
import { LogError } from './errors.ts'
import { sha256 } from './sha256.ts'

/** The signature types of C2SP signed-note that this log makes and checks. */
export const ALGORITHM = { ed25519: 0x01, cosignature: 0x04 } as const

/** A public key under a name. `id` is the first 4 bytes of its hash, as 8 lower-case hex digits. */
export interface VerifierKey {
  readonly name: string
  readonly id: string
  /** The signature type byte; see `ALGORITHM`. */
  readonly algorithm: number
  readonly publicKey: Uint8Array
}

/** A private key in its text form: the 32-byte seed under a name. */
export interface SignerKey extends Omit<VerifierKey, 'publicKey'> {
  readonly seed: Uint8Array
}

const SIGNER_PREFIX = 'PRIVATE+KEY+'

/** Whether `name` can name a key: not empty, no Unicode space, no control character, no plus. */
export function isKeyName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: notes forbid them
  return name !== '' && !/[\p{White_Space}\u0000-\u001f+]/u.test(name)
}

/** A named key with its id. Throws `key_malformed` for an impossible name. */
export function createVerifierKey(name: string, algorithm: number, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new LogError('key_malformed', 'a key name has no spaces and no plus')
  return { name, id: keyId(name, algorithm, publicKey), algorithm, publicKey }
}

/** `<name>+<id>+<base64(algorithm || public key)>`: how a key is given to those who verify. */
export function formatVerifierKey({ name, id, algorithm, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(algorithm), publicKey))}`
}

/** The key of a verifier key text. Throws `key_malformed`, also when the id is not that of the key. */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, id, algorithm, bytes } = splitKey(text)
  const key = createVerifierKey(name, algorithm, bytes)
  if (key.id !== id) throw new LogError('key_malformed', 'the key id is not that of the key')
  if (isEd25519(algorithm) && bytes.length !== ED25519_KEY_BYTES) {
    throw new LogError('key_malformed', 'an Ed25519 key has 32 bytes')
  }
  return key
}

/** `PRIVATE+KEY+<name>+<id>+<base64(algorithm || seed)>`; the id is that of the public key. */
export function formatSignerKey({ name, id, algorithm, seed }: SignerKey): string {
  return `${SIGNER_PREFIX}${name}+${id}+${toBase64(concatBytes(Uint8Array.of(algorithm), seed))}`
}

/** The key of a signer key text. Throws `key_malformed`. The id is checked when a signer is made from it. */
export function parseSignerKey(text: string): SignerKey {
  if (!text.startsWith(SIGNER_PREFIX)) throw new LogError('key_malformed', 'not a private key')
  const { name, id, algorithm, bytes } = splitKey(text.slice(SIGNER_PREFIX.length))
  if (!isKeyName(name) || !isEd25519(algorithm) || bytes.length !== ED25519_KEY_BYTES) {
    throw new LogError('key_malformed', 'not an Ed25519 private key')
  }
  return { name, id, algorithm, seed: bytes }
}

function keyId(name: string, algorithm: number, publicKey: Uint8Array): string {
  const input = concatBytes(utf8(`${name}\n`), Uint8Array.of(algorithm), publicKey)
  return toHex(sha256(input).subarray(0, 4))
}

function splitKey(text: string): { name: string; id: string; algorithm: number; bytes: Uint8Array } {
  // The base64 may hold plus signs of its own, the name may not.
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  if (name === undefined || id === undefined || encoded === undefined) {
    throw new LogError('key_malformed', 'a key reads <name>+<id>+<base64>')
  }
  const [algorithm, ...bytes] = fromBase64(encoded)
  return { name, id, algorithm: algorithm!, bytes: Uint8Array.from(bytes) }
}

function isEd25519(algorithm: number): boolean {
  return algorithm === ALGORITHM.ed25519 || algorithm === ALGORITHM.cosignature
}
