/**
 * Tiles of a stored log, each checked on its way from the signed root down: the partial ones at the right edge lead to
 * the root together, and every full one has its own root in the tile above.
 */
import { bytesEqual } from '../../shared/log/bytes.ts'
import { edgeTiles, resumeFromTiles, TILE_WIDTH, type TileId, tileWidth } from '../../shared/log/tiles.ts'
import { CompactRange, HASH_BYTES } from '../../shared/log/tree.ts'
import { nodeHasher } from '../node-hasher.ts'
import { wrongTile } from './finding.ts'

/** Answers a tile's bytes as stored; null where there is none. */
export type ReadStoredTile = (level: number, index: number) => Promise<Uint8Array | null>

export class AuthenticTiles {
  readonly #size: number
  readonly #read: ReadStoredTile
  readonly #edge: ReadonlyMap<string, Uint8Array>
  /** The tile of each level that was asked for last: whoever goes through the log in order needs no other. */
  readonly #last = new Map<number, { index: number; bytes: Uint8Array }>()

  private constructor(size: number, read: ReadStoredTile, edge: ReadonlyMap<string, Uint8Array>) {
    this.#size = size
    this.#read = read
    this.#edge = edge
  }

  /** Null where the right edge does not lead to the root. @throws {Finding} for a tile missing or of wrong length */
  static async open(size: number, root: Uint8Array, read: ReadStoredTile): Promise<AuthenticTiles | null> {
    const edge = new Map<string, Uint8Array>()
    for (const tile of edgeTiles(size)) edge.set(nameOf(tile), await readWhole(tile, read))
    const range = resumeFromTiles(nodeHasher, size, tile => edge.get(nameOf(tile))!)
    return bytesEqual(range.root(), root) ? new AuthenticTiles(size, read, edge) : null
  }

  /** All hashes of a tile that the log has. @throws {Finding} unless they are those that were signed */
  async tile(level: number, index: number): Promise<Uint8Array> {
    const last = this.#last.get(level)
    if (last?.index === index) return last.bytes
    const bytes = this.#edge.get(nameOf({ level, index })) ?? (await this.#full(level, index))
    this.#last.set(level, { index, bytes })
    return bytes
  }

  /** The hash over a full tile, from the one above it. */
  async rootOf(level: number, index: number): Promise<Uint8Array> {
    const above = await this.tile(level + 1, Math.floor(index / TILE_WIDTH))
    return hashAt(above, index % TILE_WIDTH)
  }

  async #full(level: number, index: number): Promise<Uint8Array> {
    const expected = await this.rootOf(level, index)
    const bytes = await readWhole({ level, index, width: tileWidth(this.#size, level, index) }, this.#read)
    if (!bytesEqual(foldTile(bytes), expected)) {
      throw wrongTile({ level, index }, 'is not what was signed: it does not fit the tile above it.')
    }
    return bytes
  }
}

/** The root over a tile's hashes. */
export function foldTile(bytes: Uint8Array): Uint8Array {
  return foldHashes(Array.from({ length: bytes.length / HASH_BYTES }, (_, i) => hashAt(bytes, i)))
}

export function foldHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const range = new CompactRange(nodeHasher)
  for (const hash of hashes) range.append(hash)
  return range.root()
}

export function hashAt(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES)
}

async function readWhole(tile: TileId, read: ReadStoredTile): Promise<Uint8Array> {
  const bytes = await read(tile.level, tile.index)
  if (!bytes) throw wrongTile(tile, 'is missing.')
  if (bytes.length !== tile.width * HASH_BYTES) {
    throw wrongTile(tile, `has ${bytes.length} bytes, where ${tile.width} hashes belong.`)
  }
  return bytes
}

function nameOf({ level, index }: Pick<TileId, 'level' | 'index'>): string {
  return `${level}/${index}`
}
