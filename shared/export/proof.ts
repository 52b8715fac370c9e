/**
 * Proof that rows are entries of a tree, and that from the first to the last of them none was dropped or added: the
 * rows' own leaf hashes, and for everything before, between and after them the roots of the perfect subtrees that
 * cover it. Rows without a gap need about twenty hashes.
 *
 * An entry between two rows is covered by a subtree's root instead of by its own leaf hash: both say that something
 * else stands there and neither says what, and a run of a thousand takes a dozen hashes instead of a thousand.
 */
import { bytesEqual } from '../log/bytes.ts'
import { LogError } from '../log/errors.ts'
import type { Hasher } from '../log/hasher.ts'
import {
  CompactRange,
  decompose,
  HASH_BYTES,
  type NodeReader,
  requireSize,
  type Subtree,
} from '../log/tree.ts'

/** The hashes over [0, first row), over the gaps between rows, and over [after the last row, size); in log order. */
export interface RowsProof {
  readonly left: readonly Uint8Array[]
  readonly gaps: readonly Uint8Array[]
  readonly right: readonly Uint8Array[]
}

/** The stored nodes such a proof is made of. */
export type RowsPlan = { readonly [Side in keyof RowsProof]: readonly Subtree[] }

/** A proof with all it speaks of: `leafHashes` are those of the entries at `indexes`. */
export interface RowsClaim extends RowsProof {
  readonly indexes: readonly number[]
  readonly leafHashes: readonly Uint8Array[]
  readonly size: number
  readonly root: Uint8Array
}

/** Throws `number_out_of_range` unless the indexes ascend, none twice, and lie below `size`. */
export function planRows(indexes: readonly number[], size: number): RowsPlan {
  requireSize(size, 'size')
  const gaps: Subtree[] = []
  const start = indexes[0] ?? 0
  let at = start
  for (const index of indexes) {
    requireSize(index, 'an index')
    if (index < at || index >= size) {
      throw new LogError('number_out_of_range', 'rows ascend and lie within the log')
    }
    gaps.push(...decompose(at, index))
    at = index + 1
  }
  return { left: decompose(0, start), gaps, right: decompose(at, size) }
}

export function proveRows(indexes: readonly number[], size: number, getNode: NodeReader): RowsProof {
  const plan = planRows(indexes, size)
  const read = ({ level, index }: Subtree) => getNode(level, index)
  return { left: plan.left.map(read), gaps: plan.gaps.map(read), right: plan.right.map(read) }
}

/** Returns when the claim holds; throws `range_failed` when it does not, `number_out_of_range` for bad numbers. */
export function verifyRows(hasher: Hasher, claim: RowsClaim): void {
  const { indexes, leafHashes, size, root, left, gaps, right } = claim
  const plan = planRows(indexes, size)
  if (leafHashes.length !== indexes.length) fail('not as many leaves as rows')
  for (const side of ['left', 'gaps', 'right'] as const) {
    if (claim[side].length !== plan[side].length) fail(`${plan[side].length} hashes are needed: ${side}`)
  }
  for (const hashes of [left, gaps, right, leafHashes, [root]]) {
    if (!hashes.every(hash => hash.length === HASH_BYTES)) fail('a hash is not 32 bytes')
  }
  const tree = new CompactRange(hasher, indexes[0] ?? 0, left)
  let gap = 0
  for (const [row, index] of indexes.entries()) {
    for (; tree.size < index; gap++) tree.push(plan.gaps[gap]!.level, gaps[gap]!)
    tree.append(leafHashes[row]!)
  }
  for (const [i, { level }] of plan.right.entries()) tree.push(level, right[i]!)
  if (!bytesEqual(tree.root(), root)) fail('the rows lead to another root')
}

function fail(reason: string): never {
  throw new LogError('range_failed', `the rows are not proven: ${reason}`)
}
