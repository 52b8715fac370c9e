/** How little proves that rows are all that a log holds in their range. */
import { planRows } from '../../../shared/export/proof.ts'
import type { BenchCase } from '../bench.ts'

const rows = 1000

export default {
  about: 'the proof of 1,000 contiguous rows',
  unit: 'entries',
  size: 1_000_000,
  async run({ size }) {
    const hashesFrom = (start: number) => {
      const indexes = Array.from({ length: Math.min(rows, size - start) }, (_, row) => start + row)
      const { left, gaps, right } = planRows(indexes, size)
      return left.length + gaps.length + right.length
    }
    const newest = Math.max(0, size - rows)
    // A prime apart, so that they begin at every kind of place.
    const anywhere = Array.from({ length: 2000 }, (_, i) => hashesFrom((i * 499_979) % (newest + 1)))
    return [
      { name: 'the newest', unit: 'hashes', values: [hashesFrom(newest)], target: { atMost: 25 } },
      { name: 'anywhere', unit: 'hashes', values: anywhere, target: { atMost: 25 } },
    ]
  },
} satisfies BenchCase
