/** AES-256-GCM for what lies on disk. Each box is bound to the place it was made for and opens nowhere else. */

/** A random 96-bit value, and the ciphertext with its tag. */
export interface Box {
  iv: Uint8Array<ArrayBuffer>
  data: ArrayBuffer
}

/** Where a box belongs. Authenticated, so that boxes cannot be swapped between people, bundles or kinds. */
export interface BoxPlace {
  server: string
  userId: string
  kind: 'events' | 'leaves'
  number: number
}

const keyBytes = 32
const ivBytes = 12

export type CacheKey = CryptoKey

/** A key that can be used and never read out again. @throws {RangeError} unless base64 of 32 bytes. */
export async function importCacheKey(crypto: Crypto, base64: string): Promise<CacheKey> {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  if (bytes.length !== keyBytes) throw new RangeError('A cache key has 32 bytes')
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function sealBox(
  crypto: Crypto,
  key: CacheKey,
  place: BoxPlace,
  content: Uint8Array<ArrayBuffer>,
): Promise<Box> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const data = await crypto.subtle.encrypt(parameters(iv, place), key, content)
  return { iv, data }
}

/** Null for whatever was not sealed with this key for this place, or was changed since. */
export async function openBox(
  crypto: Crypto,
  key: CacheKey,
  place: BoxPlace,
  box: Box,
): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(box.iv, place), key, box.data))
  } catch {
    return null
  }
}

function parameters(iv: Uint8Array<ArrayBuffer>, place: BoxPlace): AesGcmParams {
  const { server, userId, kind, number } = place
  const additionalData = new TextEncoder().encode(JSON.stringify(['trailside', kind, server, userId, number]))
  return { name: 'AES-GCM', iv, additionalData }
}
