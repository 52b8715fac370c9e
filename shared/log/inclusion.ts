/** Inclusion proofs: that a leaf is at an index of a tree. RFC 6962 section 2.1.1, RFC 9162 section 2.1.3. */
import { bytesEqual } from './bytes.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import {
  decompose,
  foldSubtrees,
  HASH_BYTES,
  type NodeReader,
  type ProofPlan,
  requireSize,
  type Subtree,
  splitPoint,
} from './tree.ts'

/** An inclusion proof with all it speaks of. Hashes are 32 bytes; the path goes from the leaf's sibling upward. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** The stored nodes an inclusion proof needs. Throws `number_out_of_range` unless index < size. */
export function planInclusion(index: number, size: number): ProofPlan {
  requireSize(size, 'size')
  requireSize(index, 'index')
  if (index >= size) throw new LogError('number_out_of_range', `index ${index} is outside a tree of ${size}`)
  const path: Subtree[][] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      path.push(decompose(middle, end))
      end = middle
    } else {
      path.push(decompose(start, middle))
      start = middle
    }
  }
  return path.reverse()
}

/** The inclusion proof of leaf `index` in the tree of `size`. */
export function proveInclusion(
  hasher: Hasher,
  index: number,
  size: number,
  getNode: NodeReader,
): Uint8Array[] {
  return planInclusion(index, size).map(subtrees => foldSubtrees(hasher, subtrees, getNode))
}

/**
 * Returns when the claim holds; throws `inclusion_failed` when it does not, and `number_out_of_range` for numbers
 * that cannot be handled exactly.
 */
export function verifyInclusion(hasher: Hasher, claim: InclusionClaim): void {
  requireSize(claim.size, 'size')
  requireSize(claim.index, 'index')
  if (claim.index >= claim.size) fail('the index is outside the tree')
  if (![claim.leafHash, claim.root, ...claim.proof].every(hash => hash.length === HASH_BYTES)) {
    fail('a hash is not 32 bytes')
  }
  if (!bytesEqual(foldPath(hasher, claim), claim.root)) fail('the path leads to another root')
}

function foldPath(hasher: Hasher, { index, size, leafHash, proof }: InclusionClaim): Uint8Array {
  let [position, last, hash] = [index, size - 1, leafHash]
  for (const sibling of proof) {
    if (last === 0) fail('the path is too long')
    if (position % 2 === 1 || position === last) {
      hash = hasher.nodeHash(sibling, hash)
      // A right-edge node without a sibling is promoted unchanged through these levels.
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)]
    } else {
      hash = hasher.nodeHash(hash, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) fail('the path is too short')
  return hash
}

function fail(reason: string): never {
  throw new LogError('inclusion_failed', `inclusion is not proven: ${reason}`)
}
