/** A value's events over the time that the histogram shows, small. The count beside it says the number. */
import { barPaths, slotsAcross } from './bars.ts'

const width = 48
const height = 14

export function Sparkline({ counts }: { counts: readonly number[] | undefined }) {
  return (
    <svg class="sparkline" width={width} height={height} aria-hidden="true" focusable="false">
      {counts && counts.length > 0 && (
        <path d={barPaths([counts], slotsAcross(counts.length, width), height)[0]} />
      )}
    </svg>
  )
}
