/**
 * The hashes of a signed tree, from tiles that are believed only as far as they lead to its root: those at the right
 * edge fold to it together, and every full one has its own root in the tile above.
 */
import { bytesEqual, fromBase64, toHex } from '../../shared/log/bytes.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { edgeTiles, resumeFromTiles, TILE_WIDTH, type TileId, tileWidth } from '../../shared/log/tiles.ts'
import { CompactRange, HASH_BYTES } from '../../shared/log/tree.ts'
import type { SeenCheckpoint } from '../cache/witness-record.ts'
import { Misbehaviour } from './checkpoint-check.ts'

/** Answers a tile's bytes, at least as wide as asked. */
export type FetchTile = (tile: TileId, signal: AbortSignal) => Promise<Uint8Array>

/** Full tiles never change: once proven they hold for every later tree. By level and number. */
export type ProvenTiles = Map<string, Uint8Array>

export interface ProvenTree {
  readonly checkpoint: SeenCheckpoint
  /** The proven bytes of a tile, 32 a hash, as many as the tree has. @throws {Misbehaviour} wrong_bundle */
  tile(level: number, index: number, signal: AbortSignal): Promise<Uint8Array>
  /** @throws {Misbehaviour} wrong_bundle, unless these are the leaf hashes of that bundle. */
  requireLeaves(bundle: number, leafHashes: readonly Uint8Array[], signal: AbortSignal): Promise<void>
}

/** Asks for nothing until it must. */
export function createProvenTree(
  hasher: Hasher,
  checkpoint: SeenCheckpoint,
  fetchTile: FetchTile,
  proven: ProvenTiles,
): ProvenTree {
  const { size } = checkpoint
  let edge: Promise<Map<string, Uint8Array>> | null = null

  function edgeOf(signal: AbortSignal) {
    edge ??= fetchEdge(signal).catch(error => {
      edge = null
      throw error
    })
    return edge
  }

  async function fetchEdge(signal: AbortSignal): Promise<Map<string, Uint8Array>> {
    const tiles = edgeTiles(size)
    const bytes = await Promise.all(tiles.map(tile => fetchWhole(tile, signal)))
    const found = new Map(tiles.map((tile, i) => [nameOf(tile), bytes[i]!]))
    const root = resumeFromTiles(hasher, size, tile => found.get(nameOf(tile))!).root()
    requireSame('the tiles at the right edge of the tree', fromBase64(checkpoint.root), root)
    return found
  }

  async function fetchWhole(tile: TileId, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await fetchTile(tile, signal)
    if (bytes.length >= tile.width * HASH_BYTES) return bytes.subarray(0, tile.width * HASH_BYTES)
    throw new Misbehaviour('wrong_bundle', `Tile ${nameOf(tile)} has ${bytes.length} bytes`, {
      shown: checkpoint.note,
    })
  }

  async function tile(level: number, index: number, signal: AbortSignal): Promise<Uint8Array> {
    const width = tileWidth(size, level, index)
    const name = nameOf({ level, index })
    if (width < TILE_WIDTH) return (await edgeOf(signal)).get(name)!
    const known = proven.get(name)
    if (known) return known
    const expected = await rootOf(level, index, signal)
    const bytes = await fetchWhole({ level, index, width }, signal)
    requireSame(`tile ${name}`, expected, foldHashes(hasher, hashesOf(bytes)))
    proven.set(name, bytes)
    return bytes
  }

  /** The hash over a full tile, from the one above it. */
  async function rootOf(level: number, index: number, signal: AbortSignal): Promise<Uint8Array> {
    const above = await tile(level + 1, Math.floor(index / TILE_WIDTH), signal)
    return hashAt(above, index % TILE_WIDTH)
  }

  async function requireLeaves(bundle: number, leafHashes: readonly Uint8Array[], signal: AbortSignal) {
    const isFull = leafHashes.length === TILE_WIDTH
    if (isFull && bytesEqual(foldHashes(hasher, leafHashes), await rootOf(0, bundle, signal))) return
    // One by one, which also tells which entry it is that does not fit.
    const expected = hashesOf(await tile(0, bundle, signal))
    leafHashes.forEach((hash, i) => {
      requireSame(`entry ${bundle * TILE_WIDTH + i}`, expected[i]!, hash)
    })
  }

  function requireSame(what: string, expected: Uint8Array, found: Uint8Array): void {
    if (bytesEqual(expected, found)) return
    const mismatch = { what, expected: toHex(expected), found: toHex(found) }
    const detail = `What the server sent for ${what} is not what the log signed`
    throw new Misbehaviour('wrong_bundle', detail, { shown: checkpoint.note, mismatch })
  }

  return { checkpoint, tile, requireLeaves }
}

function foldHashes(hasher: Hasher, hashes: readonly Uint8Array[]): Uint8Array {
  const range = new CompactRange(hasher)
  for (const hash of hashes) range.append(hash)
  return range.root()
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) => hashAt(bytes, i))
}

function hashAt(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES)
}

function nameOf({ level, index }: Pick<TileId, 'level' | 'index'>): string {
  return `${level}/${index}`
}
