/** Which colour a value has. It keeps it while the filter changes, so that a colour goes on meaning the same. */
import type { Overview } from '../worker/protocol.ts'

/** By value: a number from 0 on. Values that are not named have none. */
export type Slots = ReadonlyMap<string, number>

export function slotsOf(series: Overview['series'], before: Slots, most: number): Slots {
  const values = series.map(({ value }) => value).filter(value => value !== null)
  const slots = new Map<string, number>()
  for (const value of values) {
    const kept = before.get(value)
    if (kept !== undefined) slots.set(value, kept)
  }
  const taken = new Set(slots.values())
  const free = Array.from({ length: most }, (_, slot) => slot).filter(slot => !taken.has(slot))
  // A colour that nobody had is taken before one that meant something else a moment ago.
  const recent = new Set(before.values())
  free.sort((a, b) => Number(recent.has(a)) - Number(recent.has(b)))
  for (const value of values) if (!slots.has(value)) slots.set(value, free.shift()!)
  // Those out of sight keep theirs while nobody needs it.
  const used = new Set(slots.values())
  for (const [value, slot] of before) {
    if (!slots.has(value) && !used.has(slot)) slots.set(value, slot)
  }
  return slots
}
