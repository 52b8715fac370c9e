/**
 * A source's key at rest: AES-256-GCM under a key derived from the data folder's secret, bound to the source and to the
 * host it is sent to, so that a row that was moved or redirected opens nothing.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { FeedError } from './trouble.ts'

export interface SealingContext {
  id: string
  baseUrl: string
}

const ivBytes = 12
const tagBytes = 16

/** Base64url of initialization vector, tag and ciphertext. */
export function sealKey(secret: string, context: SealingContext, key: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), iv)
  cipher.setAAD(contextBytes(context))
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** @throws {FeedError} key_unreadable where secret, source or host is another one */
export function openKey(secret: string, context: SealingContext, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), bytes.subarray(0, ivBytes))
    decipher.setAAD(contextBytes(context))
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
      'utf8',
    )
  } catch {
    throw new FeedError('key_unreadable', 'the stored key does not open')
  }
}

function sealingKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'trailside source keys', 32))
}

function contextBytes({ id, baseUrl }: SealingContext): Uint8Array {
  return Buffer.from(JSON.stringify([id, new URL(baseUrl).origin]), 'utf8')
}
