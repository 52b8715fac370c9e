/** Ed25519 (RFC 8032) through WebCrypto, which Node and browsers share. Keys as raw 32 bytes. */
import { concatBytes, fromHex } from './bytes.ts'
import { LogError } from './errors.ts'

export const ED25519_KEY_BYTES = 32
export const ED25519_SIGNATURE_BYTES = 64

/** Signs messages with one private key; 64 bytes a signature. A server may bring its own, from a file or a KMS. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** PKCS #8 wrapping of a raw seed (RFC 8410 section 7): WebCrypto takes no raw private keys. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')

/** A 32-byte seed as the private key that runtimes take. Throws `key_malformed`. */
export function pkcs8Of(seed: Uint8Array): Uint8Array {
  if (seed.length !== ED25519_KEY_BYTES) throw new LogError('key_malformed', 'an Ed25519 seed has 32 bytes')
  return concatBytes(PKCS8_PREFIX, seed)
}

/** A signing key from its 32-byte seed. Throws `key_malformed`. */
export async function signingKeyFromSeed(seed: Uint8Array): Promise<SigningKey> {
  const key = await crypto.subtle.importKey('pkcs8', source(pkcs8Of(seed)), 'Ed25519', true, ['sign'])
  const { x } = await crypto.subtle.exportKey('jwk', key)
  const publicKey = Uint8Array.from(atob(x!.replaceAll('-', '+').replaceAll('_', '/')), char =>
    char.charCodeAt(0),
  )
  const sign = async (message: Uint8Array) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', key, source(message)))
  return { publicKey, sign }
}

/** Whether `signature` is one of `message` by the raw `publicKey`. False for any malformed key or signature. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== ED25519_KEY_BYTES || signature.length !== ED25519_SIGNATURE_BYTES) return false
  const key = await importPublicKey(publicKey)
  return key !== null && (await crypto.subtle.verify('Ed25519', key, source(signature), source(message)))
}

/** Runtimes differ in when they refuse a point that is not on the curve: at import, or by never verifying. */
async function importPublicKey(publicKey: Uint8Array): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('raw', source(publicKey), 'Ed25519', false, ['verify'])
  } catch (error) {
    if (error instanceof DOMException && error.name === 'DataError') return null
    throw error
  }
}

/** WebCrypto's types ask for bytes that are not shared between threads; ours never are. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
