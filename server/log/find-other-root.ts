/**
 * Where to look when the tiles at the right edge do not lead to the root that was signed: the tree is built anew from
 * the entries and laid beside what is stored.
 */
import { bytesEqual } from '../../shared/log/bytes.ts'
import { growTiles, TILE_WIDTH, type Tile, tileWidth } from '../../shared/log/tiles.ts'
import { CompactRange, HASH_BYTES } from '../../shared/log/tree.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore } from '../store/log-store.ts'
import { Finding, wrongEntry, wrongTile } from './finding.ts'
import { leafHashOf, readBundle } from './stored-bundle.ts'
import type { SignedState } from './stored-checkpoint.ts'

interface OtherRoot {
  org: string
  store: LogStore
  signed: SignedState
  /** Bundles whose content is gone: of them there are the stored hashes only. */
  pruned: ReadonlySet<number>
}

/** The first thing that is wrong. @throws {Finding} for an entry missing or unreadable before that */
export async function findOtherRoot({ org, store, signed, pruned }: OtherRoot): Promise<Finding> {
  let range = new CompactRange(nodeHasher)
  const edge = new Map<number, Uint8Array>()
  let differs: { tile: Tile; stored: Uint8Array | null } | undefined
  for (let start = 0; start < signed.size; start += TILE_WIDTH) {
    const leafHashes = pruned.has(start / TILE_WIDTH)
      ? await storedHashes(store, org, start / TILE_WIDTH)
      : (await readBundle(store, org, start, Math.min(start + TILE_WIDTH, signed.size))).map(leafHashOf)
    const grown = growTiles(range, leafHashes, ({ level }) => edge.get(level)!)
    range = grown.range
    for (const tile of grown.tiles) {
      edge.set(tile.level, tile.bytes)
      if (differs || tile.width < tileWidth(signed.size, tile.level, tile.index)) continue
      const stored = await store.tile(org, tile.level, tile.index)
      if (!stored || !bytesEqual(stored, tile.bytes)) differs = { tile, stored }
    }
  }
  return wordsFor(differs, bytesEqual(range.root(), signed.root))
}

async function storedHashes(store: LogStore, org: string, bundle: number): Promise<Uint8Array[]> {
  const bytes = await store.tile(org, 0, bundle)
  if (bytes?.length !== TILE_WIDTH * HASH_BYTES) throw wrongTile({ level: 0, index: bundle }, 'is missing.')
  return Array.from({ length: TILE_WIDTH }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}

function wordsFor(
  differs: { tile: Tile; stored: Uint8Array | null } | undefined,
  entriesAreRight: boolean,
): Finding {
  if (!differs) {
    const message =
      'Entries and tiles fit each other, but lead to another root than the checkpoint has: ' +
      'the log was rewritten after it was signed, or the checkpoint is not of this log.'
    return new Finding('tampered', 'checkpoint', message)
  }
  const { tile, stored } = differs
  if (entriesAreRight) return wrongTile(tile, 'is not what was signed; the entries are.')
  if (tile.level > 0 || !stored) {
    return wrongTile(tile, 'does not fit what lies below it, and neither leads to the root that was signed.')
  }
  const first = tile.index * TILE_WIDTH
  return wrongEntry(
    first + firstDifference(stored, tile.bytes),
    `and tile 0/${tile.index} contradict each other, and the log does not lead to the root that was signed.`,
  )
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return Math.floor(at / HASH_BYTES)
}
