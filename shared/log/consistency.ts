/** Consistency proofs: that a tree only grew. RFC 6962 section 2.1.2, RFC 9162 section 2.1.4. */
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

/** A consistency proof with all it speaks of; hashes are 32 bytes. */
export interface ConsistencyClaim {
  readonly oldSize: number
  readonly newSize: number
  readonly oldRoot: Uint8Array
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** The stored nodes a consistency proof needs; none when the sizes are equal. Needs 0 < oldSize <= newSize. */
export function planConsistency(oldSize: number, newSize: number): ProofPlan {
  requireOrder(oldSize, newSize)
  const path: Subtree[][] = []
  let [start, end] = [0, newSize]
  while (oldSize !== end) {
    const middle = start + splitPoint(end - start)
    if (oldSize <= middle) {
      path.push(decompose(middle, end))
      end = middle
    } else {
      path.push(decompose(start, middle))
      start = middle
    }
  }
  // Still at the left edge, this subtree is the whole old tree, whose root the verifier already has.
  if (start > 0) path.push(decompose(start, end))
  return path.reverse()
}

/** The proof that the tree of `newSize` starts with the tree of `oldSize`. */
export function proveConsistency(
  hasher: Hasher,
  oldSize: number,
  newSize: number,
  getNode: NodeReader,
): Uint8Array[] {
  return planConsistency(oldSize, newSize).map(subtrees => foldSubtrees(hasher, subtrees, getNode))
}

/**
 * Returns when the new tree provably starts with the old one. Throws `consistency_failed` when it does not,
 * `consistency_undefined` for an empty old tree (first contact, which proves nothing: the caller decides), and
 * `number_out_of_range` for numbers that cannot be handled exactly.
 */
export function verifyConsistency(hasher: Hasher, claim: ConsistencyClaim): void {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim
  requireSize(oldSize, 'old size')
  requireSize(newSize, 'new size')
  if (oldSize > newSize) fail('the tree shrank')
  if (oldSize === 0) {
    throw new LogError('consistency_undefined', 'nothing can be proven about an empty old tree')
  }
  if (![oldRoot, newRoot, ...proof].every(hash => hash.length === HASH_BYTES)) fail('a hash is not 32 bytes')
  if (oldSize === newSize) {
    if (proof.length > 0) fail('equal sizes need an empty proof')
    if (!bytesEqual(oldRoot, newRoot)) fail('one size, two roots')
    return
  }
  const folded = foldProof(hasher, claim)
  if (!bytesEqual(folded.oldRoot, oldRoot)) fail('the proof leads to another old root')
  if (!bytesEqual(folded.newRoot, newRoot)) fail('the proof leads to another new root')
}

function foldProof(hasher: Hasher, claim: ConsistencyClaim): { oldRoot: Uint8Array; newRoot: Uint8Array } {
  if (claim.proof.length === 0) fail('the proof is missing')
  let [position, last] = [claim.oldSize - 1, claim.newSize - 1]
  while (position % 2 === 1) [position, last] = [(position - 1) / 2, Math.floor(last / 2)]
  // An old size that is a power of two leaves nothing above position 0: its root is the proof's implied first hash.
  const [first, ...rest] = position === 0 ? [claim.oldRoot, ...claim.proof] : claim.proof
  let [oldRoot, newRoot] = [first!, first!]
  for (const hash of rest) {
    if (last === 0) fail('the proof is too long')
    if (position % 2 === 1 || position === last) {
      oldRoot = hasher.nodeHash(hash, oldRoot)
      newRoot = hasher.nodeHash(hash, newRoot)
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)]
    } else {
      newRoot = hasher.nodeHash(newRoot, hash)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) fail('the proof is too short')
  return { oldRoot, newRoot }
}

function requireOrder(oldSize: number, newSize: number): void {
  requireSize(oldSize, 'old size')
  requireSize(newSize, 'new size')
  if (oldSize > newSize) throw new LogError('number_out_of_range', `old size ${oldSize} is above ${newSize}`)
  if (oldSize === 0) {
    throw new LogError('consistency_undefined', 'nothing can be proven about an empty old tree')
  }
}

function fail(reason: string): never {
  throw new LogError('consistency_failed', `consistency is not proven: ${reason}`)
}
