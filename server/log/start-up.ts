/**
 * Taking up a log where it was left: the right edge (last entries, last tiles, signed checkpoint) must fit together,
 * or nothing is written to it. What lies further back, `verify` checks.
 */
import { bytesEqual, toBase64 } from '../../shared/log/bytes.ts'
import { LogError } from '../../shared/log/errors.ts'
import {
  edgeTiles,
  growTiles,
  resumeFromTiles,
  TILE_WIDTH,
  type TileId,
  type TileReader,
} from '../../shared/log/tiles.ts'
import { CompactRange, HASH_BYTES } from '../../shared/log/tree.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import type { LogKey } from './log-key.ts'

/** The stored log contradicts itself or its signature. */
export class DamagedLogError extends Error {
  override name = 'DamagedLogError'
}

/** What a writer goes on from. */
export interface ResumedLog {
  range: CompactRange
  /** The partial tiles, by level. */
  edge: Map<number, Uint8Array>
  /** Milliseconds since 1970; 0 for an empty log. */
  lastReceivedAt: number
}

/** @throws {DamagedLogError} with words for the person who starts the server. */
export async function resumeLog(store: LogStore, org: string, key: LogKey): Promise<ResumedLog> {
  const { size, checkpoint } = await store.state(org)
  if (checkpoint === null) {
    if (size > 0) throw new DamagedLogError(`The log has ${size} entries and no signed checkpoint.`)
    return { range: new CompactRange(nodeHasher), edge: new Map(), lastReceivedAt: 0 }
  }
  const signed = await openSigned(key, checkpoint)
  if (signed.size !== size) {
    throw new DamagedLogError(
      `The log has ${size} entries, but its signed checkpoint speaks of ${signed.size}.`,
    )
  }
  const last = await lastBundle(store, org, size)
  const range = await checkEdge(store, org, { size, root: signed.root, last })
  const edge = await readTiles(store, org, edgeTiles(size))
  return {
    range,
    edge: new Map([...edge.values()].map(({ tile, bytes }) => [tile.level, bytes])),
    lastReceivedAt: Date.parse(String(last.at(-1)?.open.rx ?? '')) || 0,
  }
}

/** The root hash of the first `size` entries in base64, by the tiles. @throws {DamagedLogError} */
export async function rootAt(store: LogStore, org: string, size: number): Promise<string> {
  const tiles = await readTiles(store, org, edgeTiles(size))
  return toBase64(resumeFromTiles(nodeHasher, size, tileReader(tiles)).root())
}

async function openSigned(key: LogKey, checkpoint: string) {
  try {
    return await key.open(checkpoint)
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new DamagedLogError(
      `The log's checkpoint is not one that its key signed (${error.message}). ` +
        'Database and key must be of the same log; restore both from one backup.',
    )
  }
}

async function lastBundle(store: LogStore, org: string, size: number): Promise<StoredEntry[]> {
  const start = bundleStart(size)
  const entries = await store.entries(org, start, size)
  entries.forEach((entry, i) => {
    if (entry.index !== start + i) throw new DamagedLogError(`Entry ${start + i} of the log is missing.`)
  })
  if (entries.length < size - start)
    throw new DamagedLogError(`Entry ${start + entries.length} of the log is missing.`)
  return entries
}

interface Edge {
  size: number
  /** As signed. */
  root: Uint8Array
  last: readonly StoredEntry[]
}

/**
 * Builds the tree from the tiles left of the last bundle, then twice over that bundle: by its entries, by its tile.
 * Which of the two leads to the signed root tells which is wrong.
 */
async function checkEdge(store: LogStore, org: string, { size, root, last }: Edge): Promise<CompactRange> {
  const start = bundleStart(size)
  const before = await readTiles(store, org, edgeTiles(start))
  const leafHashes = last.map(entry => hashOfEntry(entry))
  const readBefore = tileReader(before)
  const grown = growTiles(resumeFromTiles(nodeHasher, start, readBefore), leafHashes, readBefore)
  const now = await readTiles(store, org, grown.tiles)
  if (!bytesEqual(grown.range.root(), root))
    throw new DamagedLogError(await findWrongEntry(store, org, { size, root, last }, leafHashes))
  for (const { bytes, ...tile } of grown.tiles) {
    if (!bytesEqual(tileReader(now)(tile).subarray(0, bytes.length), bytes))
      throw new DamagedLogError(wrongTile(tile))
  }
  return grown.range
}

/** The entries do not lead to the signed root: the first that its tile contradicts, if the tile does. */
async function findWrongEntry(
  store: LogStore,
  org: string,
  { size, root, last }: Edge,
  leafHashes: Uint8Array[],
) {
  const tile = { level: 0, index: bundleStart(size) / TILE_WIDTH, width: size - bundleStart(size) }
  const bytes = tileReader(await readTiles(store, org, [tile]))(tile)
  const stored = last.map((_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
  const before = tileReader(await readTiles(store, org, edgeTiles(bundleStart(size))))
  const byTile = growTiles(
    resumeFromTiles(nodeHasher, bundleStart(size), before),
    stored,
    before,
  ).range.root()
  const wrong = leafHashes.findIndex((hash, i) => !bytesEqual(hash, stored[i]!))
  if (wrong >= 0 && bytesEqual(byTile, root)) {
    return `Entry ${bundleStart(size) + wrong} of the log is not what was signed: it was changed after it was kept.`
  }
  return 'The tiles at the right edge of the log do not lead to the root that was signed.'
}

function hashOfEntry(entry: StoredEntry): Uint8Array {
  try {
    return nodeHasher.leafHash(entry.leaf)
  } catch (error) {
    throw new DamagedLogError(`Entry ${entry.index} of the log cannot be read (${(error as Error).message}).`)
  }
}

type ReadTiles = Map<string, { tile: TileId; bytes: Uint8Array }>

async function readTiles(store: LogStore, org: string, tiles: readonly TileId[]): Promise<ReadTiles> {
  const read: ReadTiles = new Map()
  for (const { level, index, width } of tiles) {
    const bytes = await store.tile(org, level, index)
    if (!bytes || bytes.length < width * HASH_BYTES)
      throw new DamagedLogError(wrongTile({ level, index, width }))
    read.set(tileName({ level, index }), {
      tile: { level, index, width },
      bytes: bytes.subarray(0, width * HASH_BYTES),
    })
  }
  return read
}

function tileReader(tiles: ReadTiles): TileReader {
  return tile => tiles.get(tileName(tile))!.bytes
}

function tileName({ level, index }: Pick<TileId, 'level' | 'index'>): string {
  return `${level}/${index}`
}

function wrongTile({ level, index }: TileId): string {
  return `Tile ${level}/${index} of the log is missing or not what was signed.`
}

function bundleStart(size: number): number {
  return size === 0 ? 0 : Math.floor((size - 1) / TILE_WIDTH) * TILE_WIDTH
}
