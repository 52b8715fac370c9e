import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLeaves, flipBit, hasher, nodesOf, referenceTree } from '../../test/support/reference-tree.ts'
import { toHex } from './bytes.ts'
import { type ConsistencyClaim, planConsistency, proveConsistency, verifyConsistency } from './consistency.ts'
import { LogError } from './errors.ts'

const MAX = 100
const leaves = byteLeaves(MAX)
const reference = referenceTree(leaves)
const getNode = nodesOf(leaves)
const failed = expect.objectContaining({ code: 'consistency_failed', kind: 'misbehaved' })
const outOfRange = expect.objectContaining({ code: 'number_out_of_range' })
const undefinedForEmpty = expect.objectContaining({ code: 'consistency_undefined' })

function claimOf(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = proveConsistency(hasher, oldSize, newSize, getNode)
  return { oldSize, newSize, oldRoot: reference.root(oldSize), newRoot: reference.root(newSize), proof }
}

function holds(claim: ConsistencyClaim): boolean {
  try {
    verifyConsistency(hasher, claim)
    return true
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

function* wrongClaims(claim: ConsistencyClaim, bit: number): Generator<ConsistencyClaim> {
  const { proof, oldRoot, newRoot } = claim
  for (const [i, hash] of proof.entries()) yield { ...claim, proof: proof.with(i, flipBit(hash, bit)) }
  yield { ...claim, proof: proof.slice(1) }
  yield { ...claim, proof: proof.slice(0, -1) }
  yield { ...claim, proof: [...proof, newRoot] }
  yield { ...claim, proof: [oldRoot, ...proof] }
  yield { ...claim, oldRoot: flipBit(oldRoot, bit) }
  yield { ...claim, newRoot: flipBit(newRoot, bit) }
  yield { ...claim, oldRoot: newRoot, newRoot: oldRoot }
}

describe('consistency proofs', () => {
  it('C1: are those of the plain definition for every pair of sizes to 100', () => {
    for (let newSize = 1; newSize <= MAX; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = proveConsistency(hasher, oldSize, newSize, getNode)
        expect(proof.map(toHex).join()).toBe(reference.consistency(oldSize, newSize).map(toHex).join())
      }
    }
  })

  it('C2: hold for every pair of sizes to 100, and for none with any hash changed, missing or added', () => {
    for (let newSize = 2; newSize <= MAX; newSize++) {
      for (let oldSize = 1; oldSize < newSize; oldSize++) {
        const claim = claimOf(oldSize, newSize)
        verifyConsistency(hasher, claim)
        expect([...wrongClaims(claim, (newSize * 31 + oldSize * 7) % 256)].filter(holds)).toEqual([])
      }
    }
  })

  it('C2: do not connect a tree with a rewritten one', () => {
    const rewritten = leaves.with(10, hasher.leafHash(Uint8Array.of(200)))
    const otherNode = nodesOf(rewritten)
    for (let newSize = 21; newSize <= 60; newSize++) {
      const proof = proveConsistency(hasher, 20, newSize, otherNode)
      const newRoot = referenceTree(rewritten).root(newSize)
      expect(holds({ oldSize: 20, newSize, oldRoot: reference.root(20), newRoot, proof })).toBe(false)
    }
  })

  it('C2: fail when the tree shrank', () => {
    const { proof } = claimOf(5, 9)
    const claim = { oldSize: 9, newSize: 5, oldRoot: reference.root(9), newRoot: reference.root(5), proof }
    expect(() => verifyConsistency(hasher, claim)).toThrow(failed)
  })

  it('C2: fail when the proof is missing', () => {
    expect(() => verifyConsistency(hasher, { ...claimOf(4, 9), proof: [] })).toThrow(failed)
  })

  it.each([0, 31, 33])('C2: fail with a hash of %i bytes anywhere', length => {
    const odd = new Uint8Array(length)
    const claim = claimOf(5, 9)
    expect(() => verifyConsistency(hasher, { ...claim, oldRoot: odd })).toThrow(failed)
    expect(() => verifyConsistency(hasher, { ...claim, newRoot: odd })).toThrow(failed)
    expect(() => verifyConsistency(hasher, { ...claim, proof: [...claim.proof.slice(1), odd] })).toThrow(
      failed,
    )
    expect(() => verifyConsistency(hasher, { ...claimOf(9, 9), oldRoot: odd, newRoot: odd })).toThrow(failed)
  })

  it('C3: between equal sizes are empty, and hold for equal roots only', () => {
    for (let size = 1; size <= MAX; size++) {
      const claim = claimOf(size, size)
      expect(claim.proof).toEqual([])
      expect(holds(claim)).toBe(true)
      expect(holds({ ...claim, proof: [claim.newRoot] })).toBe(false)
      expect(holds({ ...claim, newRoot: flipBit(claim.newRoot, size) })).toBe(false)
    }
  })

  it('C4: from an empty tree are refused, equal roots or not', () => {
    const empty = { oldSize: 0, oldRoot: hasher.emptyRoot, proof: [] }
    expect(() => verifyConsistency(hasher, { ...empty, newSize: 0, newRoot: hasher.emptyRoot })).toThrow(
      undefinedForEmpty,
    )
    expect(() => verifyConsistency(hasher, { ...empty, newSize: 5, newRoot: reference.root(5) })).toThrow(
      undefinedForEmpty,
    )
    expect(() => planConsistency(0, 5)).toThrow(undefinedForEmpty)
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53, 2 ** 64])('M4: refuse the number %s', number => {
    expect(() => verifyConsistency(hasher, { ...claimOf(1, 2), oldSize: number })).toThrow(outOfRange)
    expect(() => verifyConsistency(hasher, { ...claimOf(1, 2), newSize: number })).toThrow(outOfRange)
    expect(() => planConsistency(1, number)).toThrow(outOfRange)
  })

  it('C1: cannot be made for a shrunk tree', () => {
    expect(() => planConsistency(6, 5)).toThrow(outOfRange)
  })

  it('M4: are planned exactly beyond 32 bits', () => {
    expect(planConsistency(2 ** 40, 2 ** 41)).toEqual([[{ level: 40, index: 1 }]])
    expect(planConsistency(2 ** 40 + 1, 2 ** 41).length).toBe(42)
  })

  it('C2: hold under no random hashes', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(
        fc.nat(MAX),
        fc.nat(MAX),
        fc.array(hash, { minLength: 1, maxLength: 9 }),
        (oldSize, newSize, proof) => {
          const claim = {
            oldSize,
            newSize,
            oldRoot: reference.root(oldSize),
            newRoot: reference.root(newSize),
            proof,
          }
          expect(holds(claim)).toBe(false)
        },
      ),
    )
  })
})
