/**
 * The Merkle tree of RFC 6962 section 2.1, without storage: perfect subtrees, the compact range that appends,
 * and roots read back from stored nodes. Sizes and indexes are numbers up to 2^53-1; no 32-bit operators on them.
 */
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'

export const HASH_BYTES = 32

/** The perfect subtree over the leaves [index * 2^level, (index + 1) * 2^level). Level 0 is a leaf hash. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** Answers the 32-byte hash of a complete perfect subtree, from tiles or any other store. */
export type NodeReader = (level: number, index: number) => Uint8Array

/** Called for every perfect subtree an append completes, the leaf itself included. */
export type NodeListener = (level: number, index: number, hash: Uint8Array) => void

/** What a proof is made of: one entry a hash, each folded from the listed perfect subtrees, left to right. */
export type ProofPlan = readonly (readonly Subtree[])[]

/** Throws `number_out_of_range` unless `value` is an integer from 0 to 2^53-1. Always called before arithmetic. */
export function requireSize(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new LogError('number_out_of_range', `${what} is not an integer from 0 to 2^53-1`)
  }
}

/** The largest power of two strictly below `n`, for n >= 2: where RFC 6962 splits a tree. */
export function splitPoint(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** The minimal perfect subtrees that cover the leaves [start, end), left to right. */
export function decompose(start: number, end: number): Subtree[] {
  const out: Subtree[] = []
  let at = start
  while (at < end) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && 2 ** (level + 1) <= end - at) level++
    out.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return out
}

/** The hash over adjacent perfect subtrees of falling size, folded from the right. Needs at least one. */
export function foldSubtrees(hasher: Hasher, subtrees: readonly Subtree[], getNode: NodeReader): Uint8Array {
  return foldHashes(
    hasher,
    subtrees.map(({ level, index }) => getNode(level, index)),
  )
}

/** The root at `size`, from stored nodes. */
export function treeRoot(hasher: Hasher, size: number, getNode: NodeReader): Uint8Array {
  requireSize(size, 'size')
  return size === 0 ? hasher.emptyRoot : foldSubtrees(hasher, decompose(0, size), getNode)
}

function foldHashes(hasher: Hasher, hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => hasher.nodeHash(left, right))
}

/** How many perfect subtrees cover the first `size` leaves: the ones in its binary digits. */
function subtreeCount(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/**
 * The right edge of a tree: the roots of the perfect subtrees over its leaves, widest first.
 * Appending n leaves costs n - 1 node hashes at most; the state is at most 53 hashes.
 */
export class CompactRange {
  readonly hasher: Hasher
  #size: number
  #hashes: Uint8Array[]

  /** An empty tree, or one resumed from `size` and its `hashes`. Throws `number_out_of_range`. */
  constructor(hasher: Hasher, size = 0, hashes: readonly Uint8Array[] = []) {
    requireSize(size, 'size')
    if (hashes.length !== subtreeCount(size)) {
      throw new LogError('number_out_of_range', `a tree of ${size} has another number of perfect subtrees`)
    }
    this.hasher = hasher
    this.#size = size
    this.#hashes = [...hashes]
  }

  get size(): number {
    return this.#size
  }

  /** The roots of `decompose(0, size)`, in that order: what the constructor takes back. */
  get hashes(): readonly Uint8Array[] {
    return this.#hashes
  }

  /** An independent copy, so that a batch can be tried and dropped. */
  clone(): CompactRange {
    return new CompactRange(this.hasher, this.#size, this.#hashes)
  }

  /** Adds one leaf hash; `onNode` hears of it and of every subtree it completes. */
  append(leafHash: Uint8Array, onNode?: NodeListener): void {
    this.push(0, leafHash, onNode)
  }

  /** Adds a whole perfect subtree; the size must be a multiple of its width. Throws `number_out_of_range`. */
  push(level: number, hash: Uint8Array, onNode?: NodeListener): void {
    const width = 2 ** level
    if (this.#size % width !== 0) {
      throw new LogError('number_out_of_range', `no subtree of ${width} starts here`)
    }
    requireSize(this.#size + width, 'size')
    let [at, index, node] = [level, this.#size / width, hash]
    onNode?.(at, index, node)
    while (index % 2 === 1) {
      node = this.hasher.nodeHash(this.#hashes.pop()!, node)
      index = (index - 1) / 2
      onNode?.(++at, index, node)
    }
    this.#hashes.push(node)
    this.#size += width
  }

  /** The root hash of RFC 6962 section 2.1. */
  root(): Uint8Array {
    return this.#size === 0 ? this.hasher.emptyRoot : foldHashes(this.hasher, this.#hashes)
  }
}
