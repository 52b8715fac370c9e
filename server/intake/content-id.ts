/** Ids for rows that have none: from their content, so that a second import of the same file brings nothing new. */
import { createHash } from 'node:crypto'
import type { Json } from '../../shared/json.ts'

/** At least so many different rows are remembered to tell identical ones apart; those stand close together in any export. */
const rememberedRows = 200_000

/**
 * Answers, for one file, an id for each row in turn: the SHA-256 of its canonical text and, for the second and further
 * rows of the same content, which one it is.
 */
export function createContentIds(): (row: { readonly [name: string]: Json }) => string {
  // Two generations, since deleting the oldest one by one gets slower the longer it goes on.
  let older = new Map<number, number>()
  let newer = new Map<number, number>()
  return row => {
    const digest = createHash('sha256').update(canonicalText(row)).digest()
    const short = digest.readUIntBE(0, 6)
    const ordinal = (newer.get(short) ?? older.get(short) ?? 0) + 1
    newer.set(short, ordinal)
    if (newer.size > rememberedRows) [older, newer] = [newer, new Map()]
    return ordinal === 1 ? digest.toString('hex') : `${digest.toString('hex')}-${ordinal}`
  }
}

/** SHA-256 in hex of any JSON, whatever the order of its names. */
export function contentDigest(value: Json): string {
  return createHash('sha256').update(canonicalText(value)).digest('hex')
}

// Not RFC 8785: rows may hold what that refuses, such as half a surrogate pair, and must still be told apart.
function canonicalText(value: Json): string {
  return JSON.stringify(value, (_name, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
