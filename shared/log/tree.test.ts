import { createHash, type Hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { byteLeaves, hasher, nodesOf, referenceTree } from '../../test/support/reference-tree.ts'
import { toHex, utf8 } from './bytes.ts'
import { proveConsistency } from './consistency.ts'
import { createHasher } from './hasher.ts'
import { proveInclusion } from './inclusion.ts'
import { proveRange } from './range.ts'
import { CompactRange, decompose, foldSubtrees, splitPoint, treeRoot } from './tree.ts'

const leaves = byteLeaves(130)
const getNode = nodesOf(leaves)
const reference = referenceTree(leaves)
const outOfRange = expect.objectContaining({ code: 'number_out_of_range' })

/** The digest over lines of text, one for each case of a fold. */
function fold(write: (line: (...words: unknown[]) => void) => void): string {
  const digest: Hash = createHash('sha256')
  write((...words) => digest.update(`${words.join(' ')}\n`))
  return digest.digest('hex')
}

/** The subtrees [s, e) that tree certificates may name, by their end, then by their start. */
function* validSubtrees(limit: number): Generator<[number, number]> {
  for (let end = 0; end <= limit; end++) {
    for (let start = 0; start <= end; start++) {
      let width = 1
      while (width < end - start) width *= 2
      if (start === end || start % width === 0) yield [start, end]
    }
  }
}

describe('hashes of the tree', () => {
  it('M1: gives the empty tree the hash of nothing', () => {
    expect(toHex(new CompactRange(hasher).root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(treeRoot(hasher, 0, getNode)).toEqual(hasher.emptyRoot)
  })

  it('M2: marks leaves, M3: marks nodes', () => {
    expect(toHex(hasher.leafHash(utf8('')))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    expect(toHex(hasher.leafHash(utf8('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    )
    // The published example hashes inputs that are not 32 bytes, which `nodeHash` has no need to take.
    const pair = hasher.hash(utf8('\u0001N123N456'))
    expect(toHex(pair)).toBe('aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb')
    const [left, right] = [leaves[0]!, leaves[1]!]
    const joined = hasher.hash(Uint8Array.of(1, ...left, ...right))
    expect(hasher.nodeHash(left, right)).toEqual(joined)
  })

  it('M2: is the same through node:crypto', () => {
    const other = createHasher(bytes => createHash('sha256').update(bytes).digest())
    expect(toHex(other.leafHash(utf8('a')))).toBe(toHex(hasher.leafHash(utf8('a'))))
    expect(toHex(other.nodeHash(leaves[0]!, leaves[1]!))).toBe(toHex(hasher.nodeHash(leaves[0]!, leaves[1]!)))
  })

  it('M3: gives the published roots for sizes 1 to 8', () => {
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ]
    const range = new CompactRange(hasher)
    const roots = entries.map(entry => {
      range.append(hasher.leafHash(Buffer.from(entry, 'hex')))
      return toHex(range.root())
    })
    expect(roots).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })
})

describe('published folds over all trees of up to 130 leaves', () => {
  it('M3: roots', () => {
    const digest = fold(line => {
      for (let n = 0; n <= 130; n++) line(n, toHex(treeRoot(hasher, n, getNode)))
    })
    expect(digest).toBe('9c67f07f906103b6bf201842a50ff0b8c91fca9b3e211334a6b7aa3133165dec')
  })

  it('I1: inclusion proofs', () => {
    const digest = fold(line => {
      for (let n = 1; n <= 130; n++) {
        for (let i = 0; i < n; i++) line(i, n, ...proveInclusion(hasher, i, n, getNode).map(toHex))
      }
    })
    expect(digest).toBe('893ce6eea61adc33c22c0e3a952498b76dfa3c282e78ac659f6fcc0ea44f9983')
  })

  it('C1: consistency proofs', () => {
    const digest = fold(line => {
      for (let n = 1; n <= 130; n++) {
        for (let m = 1; m <= n; m++) line(m, n, ...proveConsistency(hasher, m, n, getNode).map(toHex))
      }
    })
    expect(digest).toBe('2498232e1aebe8d1aa8d339d897fc471f4495fe0b8a55ac08f7dae3d88bc4c2a')
  })

  it('R2: range proofs of up to 70 leaves', () => {
    const digest = fold(line => {
      for (let n = 1; n <= 70; n++) {
        for (let a = 0; a <= n; a++) {
          for (let b = a; b <= n; b++) {
            const { left, right } = proveRange(a, b, n, getNode)
            line(a, b, n, ...left.map(toHex), ...right.map(toHex))
          }
        }
      }
    })
    expect(digest).toBe('5c4c3ffeb05ca60bd730eb64d2d2e374d850704daaf1b82965d967ef4537281f')
  })

  it('M3: subtree hashes', () => {
    const digest = fold(line => {
      for (const [start, end] of validSubtrees(130)) {
        const hash = start === end ? hasher.emptyRoot : foldSubtrees(hasher, decompose(start, end), getNode)
        line(`[${start},`, `${end})`, toHex(hash))
      }
    })
    expect(digest).toBe('b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81')
  })

  it('I1: subtree inclusion proofs', () => {
    const digest = fold(line => {
      for (const [start, end] of validSubtrees(130)) {
        const inner = nodesOf(leaves.slice(start, end))
        for (let i = start; i < end; i++) {
          const path = proveInclusion(hasher, i - start, end - start, inner)
          line(i, `[${start},`, `${end})`, ...path.map(toHex))
        }
      }
    })
    expect(digest).toBe('ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f')
  })
})

describe('the compact range', () => {
  it('M5: has the root of the plain definition after every append', () => {
    const range = new CompactRange(hasher)
    for (let n = 1; n <= 100; n++) {
      range.append(leaves[n - 1]!)
      expect(range.root()).toEqual(reference.root(n))
      expect(range.hashes).toEqual(decompose(0, n).map(({ level, index }) => getNode(level, index)))
    }
  })

  it('M5: resumes from its hashes and leaves the original alone', () => {
    const range = new CompactRange(hasher)
    for (const leaf of leaves.slice(0, 77)) range.append(leaf)
    const resumed = new CompactRange(hasher, 77, range.hashes)
    resumed.append(leaves[77]!)
    expect(resumed.root()).toEqual(reference.root(78))
    expect(range.root()).toEqual(reference.root(77))
  })

  it('M5: refuses hashes that do not fit its size', () => {
    expect(() => new CompactRange(hasher, 3, [leaves[0]!])).toThrow(outOfRange)
    expect(() => new CompactRange(hasher, 0, [leaves[0]!])).toThrow(outOfRange)
  })

  it('M5: refuses a subtree where none can start', () => {
    const range = new CompactRange(hasher, 1, [leaves[0]!])
    expect(() => range.push(1, leaves[1]!)).toThrow(outOfRange)
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 18446744073709551615n as never])(
    'M4: refuses the size %s',
    size => {
      expect(() => new CompactRange(hasher, size)).toThrow(outOfRange)
      expect(() => treeRoot(hasher, size, getNode)).toThrow(outOfRange)
    },
  )

  it('M4: stays exact beyond 32 bits', () => {
    const size = 2 ** 52 + 2 ** 33 + 5
    expect(decompose(0, size).map(({ level }) => level)).toEqual([52, 33, 2, 0])
    expect(decompose(2 ** 33 + 5, 2 ** 34).reduce((sum, { level }) => sum + 2 ** level, 0)).toBe(2 ** 33 - 5)
    expect(splitPoint(size)).toBe(2 ** 52)
    const full = new CompactRange(hasher, 2 ** 53 - 1, new Array(53).fill(leaves[0]!))
    expect(() => full.append(leaves[1]!)).toThrow(outOfRange)
  })
})
