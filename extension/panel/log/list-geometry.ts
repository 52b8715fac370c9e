/** Where rows and day headings stand in the list, from their counts alone: nothing is measured. */
import type { DaySpan } from '../../state/day-spans.ts'

export interface ListGeometry {
  height: number
  rowHeight: number
  headingHeight: number
  topOfRow(offset: number): number
  topOfDay(at: number): number
  /** The row at or next below a height. */
  rowAt(y: number): number
  /** The number of the day at a height; -1 where there are no days. */
  dayAt(y: number): number
}

interface Measures {
  days: readonly DaySpan[]
  total: number
  rowHeight: number
  headingHeight: number
}

export function createListGeometry({ days, total, rowHeight, headingHeight }: Measures): ListGeometry {
  const topOfDay = (at: number) => days[at]!.offset * rowHeight + at * headingHeight
  const lastDay = (holds: (at: number) => boolean): number => {
    let low = -1
    let high = days.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (holds(middle)) low = middle
      else high = middle - 1
    }
    return low
  }
  const dayAt = (y: number) =>
    Math.max(
      days.length ? 0 : -1,
      lastDay(at => topOfDay(at) <= y),
    )
  return {
    height: total * rowHeight + days.length * headingHeight,
    rowHeight,
    headingHeight,
    topOfDay,
    dayAt,
    topOfRow: offset => offset * rowHeight + (lastDay(at => days[at]!.offset <= offset) + 1) * headingHeight,
    rowAt(y) {
      const day = dayAt(y)
      const first = days[day]?.offset ?? 0
      const inDay = day < 0 ? y : y - topOfDay(day) - headingHeight
      const next = days[day + 1]?.offset ?? total
      const row = first + Math.max(0, Math.floor(inDay / rowHeight))
      return Math.max(0, Math.min(row, next - 1, total - 1))
    },
  }
}
