/** The one hash the log uses, given once and passed along: RFC 6962 section 2.1. */
import { sha256 } from './sha256.ts'

/** Synchronous SHA-256: any length in, a fresh 32 bytes out. Must not keep or change its argument. */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** RFC 6962 hashing over one `Hash`. */
export interface Hasher {
  readonly hash: Hash
  /** The root of the empty tree: SHA-256 of nothing. */
  readonly emptyRoot: Uint8Array
  /** SHA-256(0x00 || entry). */
  leafHash(entry: Uint8Array): Uint8Array
  /** SHA-256(0x01 || left || right), both 32 bytes. */
  nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array
}

/**
 * A hasher over `hash`; without one, the built-in SHA-256 that runs everywhere.
 *
 *     const hasher = createHasher(bytes => createHash('sha256').update(bytes).digest())
 */
export function createHasher(hash: Hash = sha256): Hasher {
  // Reused for every node: `hash` has finished with it when it returns.
  const pair = new Uint8Array(65)
  pair[0] = 1
  return {
    hash,
    emptyRoot: hash(new Uint8Array()),
    leafHash(entry) {
      const bytes = new Uint8Array(entry.length + 1)
      bytes.set(entry, 1)
      return hash(bytes)
    },
    nodeHash(left, right) {
      pair.set(left, 1)
      pair.set(right, 33)
      return hash(pair)
    },
  }
}
