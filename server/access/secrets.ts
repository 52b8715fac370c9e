/** Random secrets and what is kept of them. A secret is shown once; the database holds its SHA-256 only. */
import { createHash, createHmac, hkdfSync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

export const keyPrefix = 'tsk_'
export const sessionPrefix = 'tss_'

/** The prefix and 256 random bits, which is why a plain hash is enough to keep. */
export function createToken(prefix: string): string {
  return prefix + randomBytes(32).toString('base64url')
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Compares without telling by its time how much was right. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** A stable name for something that must not be read back, such as an e-mail nobody has. */
export function pseudonymOf(secret: string, kind: string, value: string): string {
  return createHmac('sha256', secret).update(`${kind}\0${value}`).digest('base64url').slice(0, 22)
}

/** The key of someone's local cache (base64, 32 bytes): another one as soon as they may see something else. */
export function cacheKeyOf(secret: string, userId: string, accessVersion: string): string {
  const key = hkdfSync('sha256', secret, userId, `trailside panel cache ${accessVersion}`, 32)
  return Buffer.from(key).toString('base64')
}

/** Without the characters that are mistaken for each other on paper or aloud. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Four groups of five: 99 bits, easy to type once. */
export function createOneTimePassword(): string {
  const group = () => Array.from({ length: 5 }, () => readable[randomInt(readable.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
