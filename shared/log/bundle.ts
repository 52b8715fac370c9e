/** Entry bundles of C2SP tlog-tiles: for each entry its length as a 16-bit big-endian number, then its bytes. */
import { utf8 } from './bytes.ts'
import { LogError } from './errors.ts'
import { TILE_WIDTH } from './tiles.ts'

/** The largest entry a bundle can hold, in bytes. */
export const MAX_ENTRY_BYTES = 65_535

/** Throws `entry_too_large` for an entry, as bytes or as text, that no bundle can hold. */
export function requireEntrySize(entry: Uint8Array | string): void {
  // A UTF-16 code unit takes at most three bytes of UTF-8: most texts need not be encoded to tell.
  if (entry.length * 3 <= MAX_ENTRY_BYTES) return
  const { length } = typeof entry === 'string' ? utf8(entry) : entry
  if (length > MAX_ENTRY_BYTES) {
    throw new LogError('entry_too_large', `an entry of ${length} bytes is above ${MAX_ENTRY_BYTES}`)
  }
}

/** The bytes of a bundle of at most 256 entries; encodings of parts may simply be joined. Throws `entry_too_large`. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw new LogError('bundle_malformed', 'a bundle has at most 256 entries')
  for (const entry of entries) requireEntrySize(entry)
  const out = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0))
  let at = 0
  for (const entry of entries) {
    out[at] = entry.length >>> 8
    out[at + 1] = entry.length
    out.set(entry, at + 2)
    at += 2 + entry.length
  }
  return out
}

/**
 * The entries of a bundle, as views into `bytes`; exactly `width` of them where it is given.
 * Throws `bundle_malformed` for bytes cut short or left over.
 */
export function decodeBundle(bytes: Uint8Array, width?: number): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at + 2
    if (start > bytes.length) throw new LogError('bundle_malformed', 'a bundle ends within a length')
    at = start + ((bytes[at]! << 8) | bytes[at + 1]!)
    if (at > bytes.length) throw new LogError('bundle_malformed', 'a bundle ends within an entry')
    entries.push(bytes.subarray(start, at))
  }
  if (entries.length > TILE_WIDTH || (width !== undefined && entries.length !== width)) {
    throw new LogError(
      'bundle_malformed',
      `a bundle has ${entries.length} entries, not ${width ?? 'at most 256'}`,
    )
  }
  return entries
}
