import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeHasher } from '../../server/node-hasher.ts'
import { CompactRange, type NodeReader } from '../log/tree.ts'
import { planRows, proveRows, verifyRows } from './proof.ts'

function treeOf(size: number) {
  const nodes = new Map<string, Uint8Array>()
  const range = new CompactRange(nodeHasher)
  const leafHashes = Array.from({ length: size }, (_, i) => nodeHasher.leafHash(Uint8Array.of(i, i >> 8)))
  for (const leafHash of leafHashes) {
    range.append(leafHash, (level, index, hash) => nodes.set(`${level}/${index}`, hash))
  }
  const getNode: NodeReader = (level, index) => nodes.get(`${level}/${index}`)!
  return { leafHashes, getNode, root: range.root() }
}

function claimOf(size: number, indexes: number[]) {
  const { leafHashes, getNode, root } = treeOf(size)
  const own = indexes.map(index => leafHashes[index]!)
  return { indexes, leafHashes: own, size, root, ...proveRows(indexes, size, getNode) }
}

describe('Z5: the proof of rows', () => {
  test('holds for every set of rows of every tree up to 9, and for no other set', () => {
    for (let size = 0; size <= 9; size++) {
      for (let set = 0; set < 2 ** size; set++) {
        const indexes = Array.from({ length: size }, (_, i) => i).filter(i => set & (1 << i))
        const claim = claimOf(size, indexes)
        verifyRows(nodeHasher, claim)
        const { leafHashes, root, ...rest } = claim
        if (indexes.length === 0) continue
        const fewer = { indexes: indexes.slice(1), leafHashes: leafHashes.slice(1) }
        expect(() => verifyRows(nodeHasher, { ...rest, ...fewer, root })).toThrow()
      }
    }
  })

  test('holds for any rows of any tree, and not with a hash changed, missing or moved', () => {
    const rows = fc.uniqueArray(fc.nat(299), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(rows, fc.nat(300), fc.nat(), (places, more, at) => {
        const indexes = places.sort((a, b) => a - b)
        const claim = claimOf(Math.max(more, indexes.at(-1)! + 1), indexes)
        verifyRows(nodeHasher, claim)
        for (const side of ['left', 'gaps', 'right', 'leafHashes'] as const) {
          const hashes = claim[side]
          if (hashes.length === 0) continue
          const place = at % hashes.length
          const other = hashes.map((hash, i) => (i === place ? hash.map(byte => byte ^ 1) : hash))
          expect(() => verifyRows(nodeHasher, { ...claim, [side]: other })).toThrow(/another root/)
          expect(() => verifyRows(nodeHasher, { ...claim, [side]: hashes.slice(1) })).toThrow()
        }
        const moved = indexes.map((index, i) => (i === 0 ? index + 1 : index))
        expect(() => verifyRows(nodeHasher, { ...claim, indexes: moved })).toThrow()
      }),
      { numRuns: 60 },
    )
  })

  test('refuses rows that do not ascend, stand twice, or lie outside', () => {
    for (const indexes of [[2, 1], [1, 1], [5], [-1], [0.5]]) {
      expect(() => planRows(indexes, 5)).toThrow(/ascend|integer/)
    }
  })

  test('takes 25 hashes at most for the newest 1,000 of 1,000,000, and so many on average anywhere', () => {
    const hashesFrom = (start: number) => {
      const { left, gaps, right } = planRows(
        Array.from({ length: 1000 }, (_, i) => start + i),
        1_000_000,
      )
      expect(gaps).toEqual([])
      return left.length + right.length
    }
    expect(hashesFrom(999_000)).toBeLessThanOrEqual(25)
    const counts = Array.from({ length: 500 }, (_, i) => hashesFrom(i * 1997 + 7))
    expect(counts.reduce((sum, count) => sum + count) / counts.length).toBeLessThanOrEqual(25)
    // No proof can do with fewer where many subtrees end on both sides: at worst beside the middle of the tree.
    expect(hashesFrom(524_287)).toBe(35)
  })

  test('of 1,000 rows scattered over 1,000,000 is far below a hash for each entry left out', () => {
    const { left, gaps, right } = planRows(
      Array.from({ length: 1000 }, (_, i) => i * 1000 + ((i * 7919) % 1000)),
      1_000_000,
    )
    expect(left.length + gaps.length + right.length).toBeLessThan(20_000)
  })
})
