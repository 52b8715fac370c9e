/**
 * Tiles of C2SP tlog-tiles: 256 hashes of one level in a file. Tile n of level l holds the hashes of the perfect
 * subtrees of 256^l leaves number n * 256 to n * 256 + 255. Bundles of entries share the numbering of level 0.
 */
import { concatBytes } from './bytes.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import { CompactRange, decompose, HASH_BYTES, type NodeReader, requireSize, type Subtree } from './tree.ts'

export const TILE_WIDTH = 256
const TILE_LEVELS = 8

/** A tile by level (0 to 63), number and width in hashes: 256 when full, 1 to 255 when partial. */
export interface TileId {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** A bundle of entries by number and width in entries. */
export type BundleId = Omit<TileId, 'level'>

/** A tile with its bytes, 32 a hash. */
export interface Tile extends TileId {
  readonly bytes: Uint8Array
}

/** Answers a tile's bytes: at least `width` hashes, so a reader may fall back from a partial tile to the full one. */
export type TileReader = (tile: TileId) => Uint8Array

/** What a path asks for. */
export type TilePath = ({ readonly kind: 'tile' } & TileId) | ({ readonly kind: 'entries' } & BundleId)

/** `tile/<level>/<number>[.p/<width>]`, below the log's prefix. */
export function formatTilePath({ level, index, width }: TileId): string {
  return `tile/${level}/${formatNumber(index)}${formatWidth(width)}`
}

/** `tile/entries/<number>[.p/<width>]`, below the log's prefix. */
export function formatBundlePath({ index, width }: BundleId): string {
  return `tile/entries/${formatNumber(index)}${formatWidth(width)}`
}

/** The tile or bundle a path names. Throws `tile_malformed` for every spelling the formatters do not write. */
export function parseTilePath(path: string): TilePath {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (!match) throw new LogError('tile_malformed', 'not the path of a tile')
  const index = Number(match[2]!.replaceAll(/[x/]/g, ''))
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3])
  const parsed: TilePath =
    match[1] === 'entries'
      ? { kind: 'entries', index, width }
      : { kind: 'tile', level: Number(match[1]), index, width }
  const level = parsed.kind === 'tile' ? parsed.level : 0
  if (!Number.isSafeInteger(index) || level > 63 || width < 1 || width > TILE_WIDTH) {
    throw new LogError('tile_malformed', 'a tile number, level or width is out of range')
  }
  // Written again and compared, so that leading zeros and a spelled-out full width are refused.
  const again = parsed.kind === 'tile' ? formatTilePath(parsed) : formatBundlePath(parsed)
  if (again !== path) throw new LogError('tile_malformed', 'not the canonical path of a tile')
  return parsed
}

/** How many hashes tile `index` of `level` holds in a tree of `size`: 0 when there is no such tile, at most 256. */
export function tileWidth(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level)
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/** Every tile that growing from `oldSize` to `newSize` writes, as it stands at `newSize`; lower levels first. */
export function touchedTiles(oldSize: number, newSize: number): TileId[] {
  requireSize(oldSize, 'old size')
  requireSize(newSize, 'new size')
  const tiles: TileId[] = []
  for (let level = 0; Math.floor(newSize / TILE_WIDTH ** level) > 0; level++) {
    const from = Math.floor(oldSize / TILE_WIDTH ** level)
    const to = Math.floor(newSize / TILE_WIDTH ** level)
    if (from === to) continue
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index++) {
      tiles.push({ level, index, width: tileWidth(newSize, level, index) })
    }
  }
  return tiles
}

/** The partial tiles at the right edge of a tree of `size`: what growing it, or resuming it, reads. */
export function edgeTiles(size: number): TileId[] {
  requireSize(size, 'size')
  const tiles: TileId[] = []
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1))
    const width = tileWidth(size, level, index)
    if (width > 0) tiles.push({ level, index, width })
  }
  return tiles
}

/** The tile that gives the hash of a perfect subtree of a tree of `size`. Throws `number_out_of_range`. */
export function tileOfNode(level: number, index: number, size: number): TileId {
  const tileLevel = Math.floor(level / TILE_LEVELS)
  const first = index * 2 ** (level % TILE_LEVELS)
  const tileIndex = Math.floor(first / TILE_WIDTH)
  const width = tileWidth(size, tileLevel, tileIndex)
  if ((first % TILE_WIDTH) + 2 ** (level % TILE_LEVELS) > width) {
    throw new LogError(
      'number_out_of_range',
      `subtree ${level}/${index} is not complete in a tree of ${size}`,
    )
  }
  return { level: tileLevel, index: tileIndex, width }
}

/** Reads any complete perfect subtree of the tree of `size` from its tiles. */
export function createTileNodeReader(hasher: Hasher, size: number, readTile: TileReader): NodeReader {
  return (level, index) => {
    const tile = tileOfNode(level, index, size)
    const bytes = checkedTile(tile, readTile(tile))
    const count = 2 ** (level % TILE_LEVELS)
    const first = (index * count) % TILE_WIDTH
    const range = new CompactRange(hasher)
    for (let i = first; i < first + count; i++) range.append(hashAt(bytes, i))
    return range.root()
  }
}

/**
 * A reader of just these subtrees, for stores that answer later: their tiles are fetched first, each once.
 *
 *     const getNode = await loadNodes(hasher, size, planInclusion(index, size).flat(), fetchTile)
 */
export async function loadNodes(
  hasher: Hasher,
  size: number,
  subtrees: readonly Subtree[],
  fetchTile: (tile: TileId) => Promise<Uint8Array>,
): Promise<NodeReader> {
  const fetched = new Map<string, Promise<Uint8Array>>()
  for (const { level, index } of subtrees) {
    const tile = tileOfNode(level, index, size)
    const path = formatTilePath(tile)
    if (!fetched.has(path)) fetched.set(path, fetchTile(tile))
  }
  const bytes = new Map<string, Uint8Array>()
  for (const [path, answer] of fetched) bytes.set(path, await answer)
  return createTileNodeReader(hasher, size, tile => bytes.get(formatTilePath(tile))!)
}

/** The compact range of the tree of `size`, from its edge tiles: how a writer resumes. */
export function resumeFromTiles(hasher: Hasher, size: number, readTile: TileReader): CompactRange {
  requireSize(size, 'size')
  const getNode = createTileNodeReader(hasher, size, readTile)
  return new CompactRange(
    hasher,
    size,
    decompose(0, size).map(({ level, index }) => getNode(level, index)),
  )
}

/**
 * Appends leaf hashes to the tree that `range` stands for. `range` stays as it is; the answer has the grown one and
 * every tile that changed, complete with its bytes. `readTile` is asked for `edgeTiles(range.size)` only.
 */
export function growTiles(
  range: CompactRange,
  leafHashes: readonly Uint8Array[],
  readTile: TileReader,
): { range: CompactRange; tiles: Tile[] } {
  const grown = range.clone()
  const added: Uint8Array[][] = []
  for (const leafHash of leafHashes) {
    grown.append(leafHash, (level, _index, hash) => {
      if (level % TILE_LEVELS !== 0) return
      const row = level / TILE_LEVELS
      added[row] ??= []
      added[row].push(hash)
    })
  }
  const tiles = touchedTiles(range.size, grown.size).map(tile => fillTile(tile, range.size, added, readTile))
  return { range: grown, tiles }
}

function fillTile(tile: TileId, oldSize: number, added: Uint8Array[][], readTile: TileReader): Tile {
  const oldHashes = Math.floor(oldSize / TILE_WIDTH ** tile.level)
  const oldWidth = tileWidth(oldSize, tile.level, tile.index)
  const start = Math.max(0, tile.index * TILE_WIDTH - oldHashes)
  const fresh = added[tile.level]!.slice(start, start + tile.width - oldWidth)
  if (oldWidth === 0) return { ...tile, bytes: concatBytes(...fresh) }
  const old = { ...tile, width: oldWidth }
  const kept = checkedTile(old, readTile(old)).subarray(0, oldWidth * HASH_BYTES)
  return { ...tile, bytes: concatBytes(kept, ...fresh) }
}

function checkedTile({ width }: TileId, bytes: Uint8Array): Uint8Array {
  if (
    bytes.length % HASH_BYTES !== 0 ||
    bytes.length < width * HASH_BYTES ||
    bytes.length > TILE_WIDTH * HASH_BYTES
  ) {
    throw new LogError('tile_malformed', `a tile of ${width} hashes cannot have ${bytes.length} bytes`)
  }
  return bytes
}

function hashAt(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
}

function formatWidth(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`
}

function formatNumber(index: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
}
