import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLeaves, flipBit, hasher, nodesOf, referenceTree } from '../../test/support/reference-tree.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { fromBase64, toHex } from './bytes.ts'
import { LogError } from './errors.ts'
import { type InclusionClaim, planInclusion, proveInclusion, verifyInclusion } from './inclusion.ts'

const MAX = 100
const leaves = byteLeaves(MAX)
const reference = referenceTree(leaves)
const getNode = nodesOf(leaves)
const failed = expect.objectContaining({ code: 'inclusion_failed', kind: 'misbehaved' })
const outOfRange = expect.objectContaining({ code: 'number_out_of_range', kind: 'malformed' })

function claimOf(index: number, size: number): InclusionClaim {
  const proof = proveInclusion(hasher, index, size, getNode)
  return { index, size, leafHash: leaves[index]!, proof, root: reference.root(size) }
}

function holds(claim: InclusionClaim): boolean {
  try {
    verifyInclusion(hasher, claim)
    return true
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

function* wrongClaims(claim: InclusionClaim, bit: number): Generator<InclusionClaim> {
  const { proof, root, leafHash } = claim
  for (const [i, hash] of proof.entries()) yield { ...claim, proof: proof.with(i, flipBit(hash, bit)) }
  if (proof.length > 0) {
    yield { ...claim, proof: proof.slice(1) }
    yield { ...claim, proof: proof.slice(0, -1) }
  }
  yield { ...claim, proof: [...proof, root] }
  yield { ...claim, proof: [leafHash, ...proof] }
  yield { ...claim, leafHash: flipBit(leafHash, bit) }
  yield { ...claim, root: flipBit(root, bit) }
}

const vectors = `${sharedFolder()}/vectors/merkle/inclusion.json`
const missing = !existsSync(vectors)

interface PublishedCase {
  case: string
  leafIdx: number
  treeSize: number
  root: string | null
  leafHash: string | null
  proof: string[] | null
  wantErr: boolean
}

describe('inclusion proofs', () => {
  describe.skipIf(missing)('published vectors (skipped when the shared folder is absent)', () => {
    const cases: PublishedCase[] = missing ? [] : JSON.parse(readFileSync(vectors, 'utf8'))
    const bytes = (text: string | null) => fromBase64(text ?? '')

    it('I2: has all 98 of them', () => expect(cases.length).toBe(98))

    it.each(cases)(
      'I2: $case, refused: $wantErr',
      ({ leafIdx, treeSize, root, leafHash, proof, wantErr }) => {
        const claim = {
          index: leafIdx,
          size: treeSize,
          root: bytes(root),
          leafHash: bytes(leafHash),
          proof: (proof ?? []).map(bytes),
        }
        expect(holds(claim)).toBe(!wantErr)
      },
    )
  })

  it('I1: are those of the plain definition for every leaf of every size to 100', () => {
    for (let size = 1; size <= MAX; size++) {
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(hasher, index, size, getNode)
        expect(proof.map(toHex).join()).toBe(reference.path(index, size).map(toHex).join())
      }
    }
  })

  it('I2: hold for every leaf of every size to 100, and for none with any hash changed, missing or added', () => {
    for (let size = 1; size <= MAX; size++) {
      for (let index = 0; index < size; index++) {
        const claim = claimOf(index, size)
        verifyInclusion(hasher, claim)
        expect([...wrongClaims(claim, (size * 31 + index * 7) % 256)].filter(holds)).toEqual([])
      }
    }
  })

  it('I2: hold at no other index of the same tree', () => {
    for (let size = 2; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const claim = claimOf(index, size)
        const claims = Array.from({ length: size + 1 }, (_, other) => ({ ...claim, index: other }))
        expect(claims.filter(holds).map(other => other.index)).toEqual([index])
      }
    }
  })

  it('I2: fail in a tree as large as its index or smaller, and in the empty one', () => {
    expect(() => verifyInclusion(hasher, { ...claimOf(3, 7), size: 3 })).toThrow(failed)
    expect(() => verifyInclusion(hasher, { ...claimOf(3, 7), size: 0 })).toThrow(failed)
  })

  it.each([0, 31, 33, 64])('I2: fail with a hash of %i bytes anywhere', length => {
    const claim = claimOf(3, 7)
    const odd = new Uint8Array(length)
    expect(() => verifyInclusion(hasher, { ...claim, leafHash: odd })).toThrow(failed)
    expect(() => verifyInclusion(hasher, { ...claim, root: odd })).toThrow(failed)
    expect(() => verifyInclusion(hasher, { ...claim, proof: [odd, ...claim.proof.slice(1)] })).toThrow(failed)
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53, 2 ** 64])('M4: refuse the number %s', number => {
    expect(() => verifyInclusion(hasher, { ...claimOf(0, 2), index: number })).toThrow(outOfRange)
    expect(() => verifyInclusion(hasher, { ...claimOf(0, 2), size: number })).toThrow(outOfRange)
    expect(() => planInclusion(0, number)).toThrow(outOfRange)
    expect(() => planInclusion(number, 5)).toThrow(outOfRange)
  })

  it('I1: cannot be made for an index outside the tree', () => {
    expect(() => planInclusion(5, 5)).toThrow(outOfRange)
    expect(() => planInclusion(0, 0)).toThrow(outOfRange)
  })

  it('M4: have the right length in trees far beyond 32 bits', () => {
    const claim = { ...claimOf(0, 1), size: 2 ** 52, proof: new Array<Uint8Array>(52).fill(leaves[1]!) }
    expect(planInclusion(2 ** 51 + 1, 2 ** 52).length).toBe(52)
    let root = leaves[0]!
    for (const hash of claim.proof) root = hasher.nodeHash(root, hash)
    expect(holds({ ...claim, root })).toBe(true)
    expect(holds({ ...claim, root, size: 2 ** 51 })).toBe(false)
  })

  it('I2: hold under no random hashes', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(fc.nat(MAX - 1), fc.nat(MAX), fc.array(hash, { maxLength: 8 }), (index, size, proof) => {
        const claim = { index, size, leafHash: leaves[index]!, proof, root: reference.root(size) }
        fc.pre(!(size === 1 && proof.length === 0))
        expect(holds(claim)).toBe(false)
      }),
    )
  })
})
