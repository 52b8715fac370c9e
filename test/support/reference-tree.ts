/** RFC 6962 section 2.1 in its own recursive words, slow and plain: what the log's tree code is measured against. */
import { createHasher } from '../../shared/log/hasher.ts'
import { CompactRange, type NodeReader } from '../../shared/log/tree.ts'

export const hasher = createHasher()

/** Leaf i is the single byte i, as in the published folds. */
export function byteLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => hasher.leafHash(Uint8Array.of(i)))
}

/** MTH, PATH and PROOF over given leaf hashes, by leaf numbers; roots are remembered, since all sizes are asked for. */
export function referenceTree(leaves: readonly Uint8Array[]) {
  const roots = new Map<string, Uint8Array>()

  /** MTH(D[start:end]). */
  function root(start: number, end: number): Uint8Array {
    if (end === start) return hasher.emptyRoot
    if (end - start === 1) return leaves[start]!
    const key = `${start}-${end}`
    const middle = start + split(end - start)
    const known = roots.get(key) ?? hasher.nodeHash(root(start, middle), root(middle, end))
    roots.set(key, known)
    return known
  }

  /** PATH(index - start, D[start:end]). */
  function path(index: number, end: number, start = 0): Uint8Array[] {
    if (end - start <= 1) return []
    const middle = start + split(end - start)
    return index < middle
      ? [...path(index, middle, start), root(middle, end)]
      : [...path(index, end, middle), root(start, middle)]
  }

  /** SUBPROOF(size - start, D[start:end], whole). */
  function consistency(size: number, end: number, start = 0, whole = true): Uint8Array[] {
    if (size === end) return whole ? [] : [root(start, end)]
    const middle = start + split(end - start)
    return size <= middle
      ? [...consistency(size, middle, start, whole), root(middle, end)]
      : [...consistency(size, end, middle, false), root(start, middle)]
  }

  return { root: (size: number) => root(0, size), path, consistency }
}

/** Every completed node of the tree over these leaf hashes. */
export function nodesOf(leaves: readonly Uint8Array[]): NodeReader {
  const nodes = new Map<string, Uint8Array>()
  const range = new CompactRange(hasher)
  for (const leaf of leaves) range.append(leaf, (level, index, hash) => nodes.set(`${level}/${index}`, hash))
  return (level, index) => {
    const node = nodes.get(`${level}/${index}`)
    if (!node) throw new Error(`node ${level}/${index} is not complete`)
    return node
  }
}

/** A copy with one bit changed. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
  return copy
}

function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
