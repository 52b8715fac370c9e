import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasher, nodesOf } from '../../test/support/reference-tree.ts'
import { toHex } from './bytes.ts'
import { planConsistency, proveConsistency, verifyConsistency } from './consistency.ts'
import { planInclusion, proveInclusion, verifyInclusion } from './inclusion.ts'
import { proveRange, verifyRange } from './range.ts'
import {
  createTileNodeReader,
  edgeTiles,
  formatBundlePath,
  formatTilePath,
  growTiles,
  loadNodes,
  parseTilePath,
  resumeFromTiles,
  type Tile,
  type TileId,
  tileOfNode,
  tileWidth,
  touchedTiles,
} from './tiles.ts'
import { CompactRange, treeRoot } from './tree.ts'

const malformed = expect.objectContaining({ code: 'tile_malformed', kind: 'malformed' })
const outOfRange = expect.objectContaining({ code: 'number_out_of_range' })

const leaves = Array.from({ length: 70_000 }, (_, i) =>
  hasher.leafHash(Uint8Array.of(i >> 16, (i >> 8) & 255, i & 255)),
)

/** A store of tiles that keeps only the widest of each, as the real one does. */
class TileShelf {
  readonly tiles = new Map<string, Uint8Array>()
  reads = 0

  readonly read = ({ level, index }: TileId): Uint8Array => {
    this.reads++
    const bytes = this.tiles.get(`${level}/${index}`)
    if (!bytes) throw new Error(`no tile ${level}/${index}`)
    return bytes
  }

  write(tiles: readonly Tile[]): void {
    for (const { level, index, bytes } of tiles) this.tiles.set(`${level}/${index}`, bytes)
  }
}

function grow(shelf: TileShelf, range: CompactRange, count: number): CompactRange {
  const grown = growTiles(range, leaves.slice(range.size, range.size + count), shelf.read)
  shelf.write(grown.tiles)
  return grown.range
}

const whole = new TileShelf()
const wholeRange = grow(whole, new CompactRange(hasher), leaves.length)

describe('paths of tiles', () => {
  it.each<[string, TileId]>([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/1/999.p/255', { level: 1, index: 999, width: 255 }],
    ['tile/2/x001/000.p/1', { level: 2, index: 1000, width: 1 }],
    ['tile/63/x009/x007/x199/x254/x740/991', { level: 63, index: 2 ** 53 - 1, width: 256 }],
  ])('T3: %s', (path, tile) => {
    expect(formatTilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual({ kind: 'tile', ...tile })
  })

  it('B1: of bundles have entries for a level', () => {
    expect(formatBundlePath({ index: 1234, width: 7 })).toBe('tile/entries/x001/234.p/7')
    expect(parseTilePath('tile/entries/x001/234.p/7')).toEqual({ kind: 'entries', index: 1234, width: 7 })
  })

  it.each([
    '',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/x1/000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    '/tile/0/000',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/entries',
    'tile/Entries/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    'tile/0/../000',
    'tile/0/٠٠٠',
  ])('T3: refuses %j', path => {
    expect(() => parseTilePath(path)).toThrow(malformed)
  })

  it('T3: come back unchanged', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(formatTilePath({ level, index, width }))).toEqual({
          kind: 'tile',
          level,
          index,
          width,
        })
      }),
    )
  })
})

describe('tiles of a tree', () => {
  it('T2: of 70,000 leaves are 273 full and one of 112, one full and one of 17, and one of 1', () => {
    const tiles = touchedTiles(0, 70_000)
    const partial = tiles.filter(tile => tile.width < 256)
    expect(tiles.filter(tile => tile.level === 0 && tile.width === 256).length).toBe(273)
    expect(partial).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ])
    expect(edgeTiles(70_000)).toEqual(partial)
    expect(tiles.length).toBe(277)
  })

  it('T2: of 256 leaves are one full and one of 1', () => {
    expect(touchedTiles(255, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ])
    expect(edgeTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }])
  })

  it('T2: of no leaves are none', () => {
    expect(touchedTiles(0, 0)).toEqual([])
    expect(touchedTiles(300, 300)).toEqual([])
    expect(edgeTiles(0)).toEqual([])
    expect(tileWidth(0, 0, 0)).toBe(0)
    expect(tileWidth(256, 1, 1)).toBe(0)
  })

  it('T1: hold the hashes of the perfect subtrees they stand for', () => {
    const getNode = nodesOf(leaves)
    for (const { level, index, width } of touchedTiles(0, 70_000)) {
      const expected = Array.from({ length: width }, (_, i) => toHex(getNode(level * 8, index * 256 + i)))
      expect(toHex(whole.read({ level, index, width }))).toBe(expected.join(''))
    }
  })

  it('T5: give every node back', () => {
    const getNode = nodesOf(leaves.slice(0, 1000))
    const fromTiles = createTileNodeReader(hasher, 1000, whole.read)
    for (let level = 0; 2 ** level <= 1000; level++) {
      for (let index = 0; (index + 1) * 2 ** level <= 1000; index++) {
        expect(toHex(fromTiles(level, index))).toBe(toHex(getNode(level, index)))
      }
    }
  })

  it('T5: give no node that is not complete', () => {
    expect(tileOfNode(9, 0, 1000)).toEqual({ level: 1, index: 0, width: 3 })
    expect(() => tileOfNode(9, 1, 1000)).toThrow(outOfRange)
    expect(() => tileOfNode(0, 1000, 1000)).toThrow(outOfRange)
    expect(() => tileOfNode(16, 0, 65_535)).toThrow(outOfRange)
  })

  it('T4: serve an older, smaller tree just as well', () => {
    const getNode = createTileNodeReader(hasher, 300, whole.read)
    expect(treeRoot(hasher, 300, getNode)).toEqual(treeRoot(hasher, 300, nodesOf(leaves.slice(0, 300))))
  })

  it.each([0, 31, 32, 64 * 32 + 1, 257 * 32])(
    'T4: are refused with %i bytes where 100 hashes are due',
    length => {
      const getNode = createTileNodeReader(hasher, 100, () => new Uint8Array(length))
      expect(() => getNode(0, 0)).toThrow(malformed)
    },
  )
})

describe('growing a tree by tiles', () => {
  it('T1: gives the same tiles in batches of any size as at once', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, batches => {
        const shelf = new TileShelf()
        let range = new CompactRange(hasher)
        for (const count of batches) range = grow(shelf, range, count)
        const once = new TileShelf()
        const atOnce = grow(once, new CompactRange(hasher), range.size)
        expect(toHex(range.root())).toBe(toHex(atOnce.root()))
        expect([...shelf.tiles].map(([path, bytes]) => path + toHex(bytes)).sort()).toEqual(
          [...once.tiles].map(([path, bytes]) => path + toHex(bytes)).sort(),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('T2: crosses the end of a full tile two levels up', () => {
    const shelf = new TileShelf()
    const range = grow(shelf, grow(shelf, new CompactRange(hasher), 65_535), 2)
    expect(range.size).toBe(65_537)
    expect(shelf.tiles.get('1/0')!.length).toBe(8192)
    expect(shelf.tiles.get('2/0')).toEqual(createTileNodeReader(hasher, 65_537, whole.read)(16, 0))
    expect(shelf.tiles.get('0/256')).toEqual(leaves[65_536])
  })

  it('T2: reads the partial tiles at the edge and no others', () => {
    const asked: TileId[] = []
    growTiles(wholeRange, [leaves[0]!], tile => {
      asked.push(tile)
      return whole.read(tile)
    })
    expect(asked).toEqual([{ level: 0, index: 273, width: 112 }])
    const shelf = new TileShelf()
    const range = grow(shelf, new CompactRange(hasher), 256)
    shelf.reads = 0
    grow(shelf, range, 5)
    expect(shelf.reads).toBe(0)
  })

  it('M5: leaves the range it started from alone', () => {
    const range = new CompactRange(hasher)
    growTiles(range, leaves.slice(0, 5), whole.read)
    expect(range.size).toBe(0)
  })

  it('M5: resumes from the tiles at the edge', () => {
    for (const size of [0, 1, 255, 256, 257, 65_536, 69_999, 70_000]) {
      const range = resumeFromTiles(hasher, size, whole.read)
      expect(range.size).toBe(size)
      expect(range.root()).toEqual(treeRoot(hasher, size, createTileNodeReader(hasher, size, whole.read)))
    }
    expect(resumeFromTiles(hasher, 70_000, whole.read).root()).toEqual(wholeRange.root())
  })
})

describe('proofs made from tiles alone', () => {
  const root = wholeRange.root()
  const getNode = createTileNodeReader(hasher, 70_000, whole.read)

  it.each([0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999])('I1: prove leaf %i of 70,000', index => {
    const proof = proveInclusion(hasher, index, 70_000, getNode)
    verifyInclusion(hasher, { index, size: 70_000, leafHash: leaves[index]!, proof, root })
  })

  it.each([1, 255, 256, 257, 4096, 65_535, 65_536, 65_537, 69_999])(
    'C1: prove growth from %i to 70,000',
    oldSize => {
      const oldRoot = resumeFromTiles(hasher, oldSize, whole.read).root()
      const proof = proveConsistency(hasher, oldSize, 70_000, getNode)
      verifyConsistency(hasher, { oldSize, newSize: 70_000, oldRoot, newRoot: root, proof })
    },
  )

  it('R2: prove every bundle complete', () => {
    for (let start = 0; start < 70_000; start += 256) {
      const end = Math.min(start + 256, 70_000)
      const proof = proveRange(start, end, 70_000, getNode)
      verifyRange(hasher, { start, end, size: 70_000, leafHashes: leaves.slice(start, end), ...proof, root })
    }
  })

  it('T5: come from tiles fetched beforehand, each once', async () => {
    const fetched: string[] = []
    const fetchTile = async (tile: TileId) => {
      fetched.push(formatTilePath(tile))
      return whole.read(tile)
    }
    const plan = [...planInclusion(12_345, 70_000), ...planConsistency(300, 70_000)].flat()
    const loaded = await loadNodes(hasher, 70_000, plan, fetchTile)
    expect(proveInclusion(hasher, 12_345, 70_000, loaded)).toEqual(
      proveInclusion(hasher, 12_345, 70_000, getNode),
    )
    expect(proveConsistency(hasher, 300, 70_000, loaded)).toEqual(
      proveConsistency(hasher, 300, 70_000, getNode),
    )
    expect(new Set(fetched).size).toBe(fetched.length)
  })
})
