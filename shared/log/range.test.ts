import { describe, expect, it } from 'vitest'
import { byteLeaves, flipBit, hasher, nodesOf, referenceTree } from '../../test/support/reference-tree.ts'
import { LogError } from './errors.ts'
import { planRange, proveRange, type RangeClaim, verifyRange } from './range.ts'

const MAX = 40
const leaves = byteLeaves(MAX)
const reference = referenceTree(leaves)
const getNode = nodesOf(leaves)
const failed = expect.objectContaining({ code: 'range_failed', kind: 'misbehaved' })
const outOfRange = expect.objectContaining({ code: 'number_out_of_range' })

function claimOf(start: number, end: number, size: number): RangeClaim {
  const proof = proveRange(start, end, size, getNode)
  return { start, end, size, ...proof, leafHashes: leaves.slice(start, end), root: reference.root(size) }
}

function holds(claim: RangeClaim): boolean {
  try {
    verifyRange(hasher, claim)
    return true
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

/** The claim with each of its hashes changed in turn. */
function* changedHashes(claim: RangeClaim, bit: number): Generator<RangeClaim> {
  for (const part of ['leafHashes', 'left', 'right'] as const) {
    for (const [i, hash] of claim[part].entries()) {
      yield { ...claim, [part]: claim[part].with(i, flipBit(hash, bit)) }
    }
  }
  yield { ...claim, root: flipBit(claim.root, bit) }
}

/** The claim with a leaf dropped, doubled, swapped or moved to the proof. */
function* movedHashes(claim: RangeClaim): Generator<RangeClaim> {
  const { leafHashes, left, right } = claim
  yield { ...claim, leafHashes: leafHashes.slice(1) }
  yield { ...claim, leafHashes: [...leafHashes, leafHashes.at(-1)!] }
  yield { ...claim, leafHashes: leafHashes.slice(0, -1), right: [leafHashes.at(-1)!, ...right] }
  yield { ...claim, leafHashes: leafHashes.slice(1), left: [...left, leafHashes[0]!] }
  yield { ...claim, end: claim.end - 1, leafHashes: leafHashes.slice(0, -1) }
  yield { ...claim, leafHashes: leafHashes.toReversed() }
}

describe('range proofs', () => {
  it('R3: hold for every range of every size to 40', () => {
    for (let size = 0; size <= MAX; size++) {
      for (let start = 0; start <= size; start++) {
        for (let end = start; end <= size; end++) verifyRange(hasher, claimOf(start, end, size))
      }
    }
  })

  it('R3: hold with no hash changed', () => {
    for (let size = 1; size <= 20; size++) {
      for (let start = 0; start <= size; start++) {
        for (let end = start; end <= size; end++) {
          const wrong = [...changedHashes(claimOf(start, end, size), (size * 7 + start) % 256)]
          expect(wrong.filter(holds)).toEqual([])
        }
      }
    }
  })

  it('R3: hold with no leaf dropped, doubled, reordered or hidden in the proof', () => {
    for (let start = 0; start < 20; start++) {
      for (let end = start + 2; end <= 20; end++) {
        expect([...movedHashes(claimOf(start, end, 20))].filter(holds)).toEqual([])
      }
    }
  })

  it('R3: fail with a hash that is not 32 bytes', () => {
    const claim = claimOf(3, 5, 9)
    const odd = new Uint8Array(31)
    expect(() => verifyRange(hasher, { ...claim, leafHashes: [odd, odd] })).toThrow(failed)
    expect(() => verifyRange(hasher, { ...claim, left: [odd, odd] })).toThrow(failed)
    expect(() => verifyRange(hasher, { ...claim, root: odd })).toThrow(failed)
  })

  it('R3: refuse a range turned round or beyond the tree', () => {
    expect(() => planRange(5, 4, 9)).toThrow(outOfRange)
    expect(() => planRange(5, 10, 9)).toThrow(outOfRange)
    expect(() => verifyRange(hasher, { ...claimOf(3, 5, 9), start: -1 })).toThrow(outOfRange)
    expect(() => verifyRange(hasher, { ...claimOf(3, 5, 9), size: 2 ** 53 })).toThrow(outOfRange)
  })

  it('R2: take few hashes however long the range', () => {
    const { left, right } = planRange(400_000, 401_000, 1_000_000)
    expect(left.length + right.length).toBeLessThanOrEqual(40)
  })
})
