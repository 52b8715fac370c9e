/**
 * Which entries of the log the platform has listed, as bits by their place in the log: a million entries take 128 kB.
 * Counting them is counting distinct entries, whatever the platform repeats or moves from page to page.
 */
import type { FeedDatabase } from './tables.ts'

const blockBits = 2048

/** One set of a source. */
export interface ListedSet {
  sourceId: string
  number: number
}

/** Marks places as listed. Answers how many of them were not before. */
export async function markListed(
  db: FeedDatabase,
  set: ListedSet,
  indexes: readonly number[],
): Promise<number> {
  const blocks = new Map<number, number[]>()
  for (const index of indexes) {
    const block = Math.floor(index / blockBits)
    blocks.set(block, [...(blocks.get(block) ?? []), index % blockBits])
  }
  let fresh = 0
  for (const [block, places] of blocks) {
    const bits = (await readBlock(db, set, block)) ?? new Uint8Array(blockBits / 8)
    const before = fresh
    for (const place of places) {
      const mask = 1 << (place & 7)
      if (bits[place >> 3]! & mask) continue
      bits[place >> 3]! |= mask
      fresh++
    }
    if (fresh === before) continue
    await db
      .insertInto('listed')
      .values({ ...set, block, bits })
      .onConflict(conflict => conflict.columns(['sourceId', 'number', 'block']).doUpdateSet({ bits }))
      .execute()
  }
  return fresh
}

async function readBlock(db: FeedDatabase, set: ListedSet, block: number): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('listed')
    .select('bits')
    .where('sourceId', '=', set.sourceId)
    .where('number', '=', set.number)
    .where('block', '=', block)
    .executeTakeFirst()
  return row ? new Uint8Array(row.bits) : null
}

/** Forgets every set of the source but these. */
export async function dropOtherSets(
  db: FeedDatabase,
  sourceId: string,
  keep: readonly number[],
): Promise<void> {
  await db
    .deleteFrom('listed')
    .where('sourceId', '=', sourceId)
    .where('number', 'not in', [...keep])
    .execute()
}
