/** Range proofs: that given leaves are exactly the entries [start, end) of a tree, none missing, none added. */
import { bytesEqual } from './bytes.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import { CompactRange, decompose, HASH_BYTES, type NodeReader, requireSize, type Subtree } from './tree.ts'

/** The roots of the perfect subtrees left of the range (over [0, start)) and right of it (over [end, size)). */
export interface RangeProof {
  readonly left: readonly Uint8Array[]
  readonly right: readonly Uint8Array[]
}

/** A range proof with all it speaks of: `leafHashes` are those of start, start + 1, ... end - 1. */
export interface RangeClaim extends RangeProof {
  readonly start: number
  readonly end: number
  readonly size: number
  readonly leafHashes: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** The stored nodes a range proof is made of. Throws `number_out_of_range` unless start <= end <= size. */
export function planRange(start: number, end: number, size: number): { left: Subtree[]; right: Subtree[] } {
  requireSize(start, 'start')
  requireSize(end, 'end')
  requireSize(size, 'size')
  if (start > end || end > size) {
    throw new LogError('number_out_of_range', 'a range needs start <= end <= size')
  }
  return { left: decompose(0, start), right: decompose(end, size) }
}

/** The proof that the entries [start, end) of the tree of `size` are complete. */
export function proveRange(start: number, end: number, size: number, getNode: NodeReader): RangeProof {
  const plan = planRange(start, end, size)
  const read = ({ level, index }: Subtree) => getNode(level, index)
  return { left: plan.left.map(read), right: plan.right.map(read) }
}

/** Returns when the claim holds; throws `range_failed` when it does not, `number_out_of_range` for bad numbers. */
export function verifyRange(hasher: Hasher, claim: RangeClaim): void {
  const { start, end, size, leafHashes, left, right, root } = claim
  const plan = planRange(start, end, size)
  if (leafHashes.length !== end - start) fail('the number of leaves is not that of the range')
  if (left.length !== plan.left.length || right.length !== plan.right.length) fail('wrong number of hashes')
  for (const hashes of [leafHashes, left, right, [root]]) {
    if (!hashes.every(hash => hash.length === HASH_BYTES)) fail('a hash is not 32 bytes')
  }
  const tree = new CompactRange(hasher, start, left)
  for (const hash of leafHashes) tree.append(hash)
  for (const [i, { level }] of plan.right.entries()) tree.push(level, right[i]!)
  if (!bytesEqual(tree.root(), root)) fail('the leaves lead to another root')
}

function fail(reason: string): never {
  throw new LogError('range_failed', `the range is not proven: ${reason}`)
}
