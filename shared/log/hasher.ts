/** The one hash the log uses, given once and passed along: RFC 6962 section 2.1. */
import { concatBytes, toBase64Url, utf8, utf8Into } from './bytes.ts'
import { sha256 } from './sha256.ts'

/** Synchronous SHA-256: any length in, a fresh 32 bytes out. Must not keep or change its argument. */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** The same as text: base64url without padding, 43 characters. */
export type HashText = (bytes: Uint8Array) => string

/** RFC 6962 hashing over one `Hash`. */
export interface Hasher {
  readonly hash: Hash
  readonly hashText: HashText
  /** The root of the empty tree: SHA-256 of nothing. */
  readonly emptyRoot: Uint8Array
  /** SHA-256(0x00 || entry), the entry as bytes or as the text whose UTF-8 they are. */
  leafHash(entry: Uint8Array | string): Uint8Array
  /** SHA-256(0x01 || left || right), both 32 bytes. */
  nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array
}

/** Room for the longest entry of which a log is likely to have many; the others get bytes of their own. */
const COMMON_ENTRY_BYTES = 8192

/**
 * A hasher over `hash`; without one, the built-in SHA-256 that runs everywhere. Where the runtime has a shorter way to
 * the text of a hash than through its bytes, pass that too.
 *
 *     const hasher = createHasher(bytes => createHash('sha256').update(bytes).digest())
 */
export function createHasher(
  hash: Hash = sha256,
  hashText: HashText = bytes => toBase64Url(hash(bytes)),
): Hasher {
  // Reused for every node and most leaves: `hash` has finished with them when it returns.
  const pair = new Uint8Array(65)
  pair[0] = 1
  const leaf = new Uint8Array(1 + COMMON_ENTRY_BYTES)
  const rest = leaf.subarray(1)
  return {
    hash,
    hashText,
    emptyRoot: hash(new Uint8Array()),
    leafHash(entry) {
      // A UTF-16 code unit takes at most three bytes of UTF-8.
      const most = typeof entry === 'string' ? entry.length * 3 : entry.length
      if (most > COMMON_ENTRY_BYTES) {
        return hash(concatBytes(Uint8Array.of(0), typeof entry === 'string' ? utf8(entry) : entry))
      }
      if (typeof entry === 'string') return hash(leaf.subarray(0, 1 + utf8Into(entry, rest)))
      leaf.set(entry, 1)
      return hash(leaf.subarray(0, 1 + entry.length))
    },
    nodeHash(left, right) {
      pair.set(left, 1)
      pair.set(right, 33)
      return hash(pair)
    },
  }
}
