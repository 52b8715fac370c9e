/** The date part of the filter as a person chose it: a preset that moves with the days, or fixed moments. */
import type { Filter } from '../../shared/filter.ts'
import type { WrittenFilter } from '../../shared/query/format.ts'
import { addDays, dayOf, lastDays, type MomentRange, rangeOfDays, startOfDay } from '../../shared/time.ts'

export const datePresets = ['today', 'yesterday', '7d', '30d', '90d'] as const
export type DatePreset = (typeof datePresets)[number]

export type DateChoice =
  | { kind: 'any' }
  | { kind: 'preset'; preset: DatePreset }
  | { kind: 'range'; range: MomentRange }

/** Calendar days, both included, as the date fields show them. */
export interface DayRange {
  first: string
  last: string
}

const presetParameter = 'range'
const presetDays: Partial<Record<DatePreset, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90 }

export function rangeOfChoice(choice: DateChoice, now: number, zone: string): MomentRange {
  if (choice.kind === 'any') return {}
  if (choice.kind === 'range') return choice.range
  const days = presetDays[choice.preset]
  if (days !== undefined) return lastDays(days, now, zone)
  const yesterday = addDays(dayOf(now, zone), -1)
  return rangeOfDays(yesterday, yesterday, zone)
}

export function parseDateChoice(parameters: URLSearchParams, filter: Filter): DateChoice {
  return dateChoiceOf({ filter, moving: parameters.get(presetParameter) })
}

/** The dates of a filter as it is written down. A span that no preset knows stays fixed where it lies now. */
export function dateChoiceOf({ filter, moving }: WrittenFilter): DateChoice {
  const preset = datePresets.find(known => known === moving)
  if (preset) return { kind: 'preset', preset }
  const range = rangeOf(filter)
  return range.from === undefined && range.to === undefined ? { kind: 'any' } : { kind: 'range', range }
}

export function writeDateChoice(choice: DateChoice, parameters: URLSearchParams): void {
  if (choice.kind === 'preset') parameters.set(presetParameter, choice.preset)
}

export function rangeOf({ from, to }: Pick<Filter, 'from' | 'to'>): MomentRange {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** The days a range covers in the zone. An end that is open stays null. */
export function daysOfRange(
  { from, to }: MomentRange,
  zone: string,
): { [Key in keyof DayRange]: string | null } {
  return {
    first: from === undefined ? null : dayOf(Date.parse(from), zone),
    last: to === undefined ? null : dayOf(Date.parse(to) - 1, zone),
  }
}

/** Days that were whole in one zone stay the same calendar days in another; other moments stay as they are. */
export function moveRange(range: MomentRange, before: string, after: string): MomentRange {
  const move = (moment: string): string => {
    const ms = Date.parse(moment)
    const day = dayOf(ms, before)
    return startOfDay(day, before) === ms ? new Date(startOfDay(day, after)).toISOString() : moment
  }
  return rangeOf({
    ...(range.from === undefined ? {} : { from: move(range.from) }),
    ...(range.to === undefined ? {} : { to: move(range.to) }),
  })
}
