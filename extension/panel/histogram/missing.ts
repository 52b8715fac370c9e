/** Where entries are missing here, as stretches of the plot. */
import type { TimeBuckets } from '../../../shared/time-buckets.ts'
import type { Overview } from '../../worker/protocol.ts'
import type { Slot } from './bars.ts'

/** What is missing lies before or after all that is drawn: its side is marked all the same. */
const leastWidth = 6

export function missingStretches({ buckets, gaps }: Overview, width: number): Slot[] {
  return gaps.map(({ from, to }) => {
    const left = from === null ? 0 : placeOf(from, buckets, width)
    const right = to === null ? width : placeOf(to, buckets, width)
    if (right - left >= leastWidth) return { left, width: right - left }
    return { left: Math.max(0, Math.min(left, width - leastWidth)), width: leastWidth }
  })
}

/** Buckets are drawn equally wide, however long: a moment lies in proportion within its own. */
function placeOf(ms: number, { starts, end }: TimeBuckets, width: number): number {
  if (ms <= starts[0]!) return 0
  if (ms >= end) return width
  const at = starts.findLastIndex(start => start <= ms)
  const share = (ms - starts[at]!) / ((starts[at + 1] ?? end) - starts[at]!)
  return Math.round(((at + share) / starts.length) * width)
}
