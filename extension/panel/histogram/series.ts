/** The order of the stack and its colours. */
import type { Picture } from '../../state/histogram-model.ts'
import type { Overview } from '../../worker/protocol.ts'

/** What goes well lies at the bottom; what does not stands out on top of it. */
const outcomes = ['success', 'denied', 'failure']

/** From the bottom up, in an order that stays while the filter changes. */
export function stacked({
  overview,
  by,
  slots,
}: Pick<Picture, 'overview' | 'by' | 'slots'>): Overview['series'] {
  const place = (value: string | null) => {
    if (value === null) return Number.POSITIVE_INFINITY
    return by === 'outcome' ? outcomes.indexOf(value) : (slots.get(value) ?? 0)
  }
  return [...(overview?.series ?? [])].sort((a, b) => place(a.value) - place(b.value))
}

export function seriesClass({ by, slots }: Pick<Picture, 'by' | 'slots'>, value: string | null): string {
  if (value === null) return 'series others'
  return by === 'outcome' ? `series ${value}` : `series slot-${slots.get(value)}`
}
