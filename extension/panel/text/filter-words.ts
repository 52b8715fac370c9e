/** The filter in words: parts, values, dates. */
import type { Channel, Outcome } from '../../../shared/audit-event.ts'
import type { FilterPart } from '../../../shared/filter.ts'
import { dayOf, type MomentRange, startOfDay } from '../../../shared/time.ts'
import type { DateChoice, DatePreset } from '../../state/filter-dates.ts'
import { daysOfRange } from '../../state/filter-dates.ts'
import type { Chip } from '../../state/filter-model.ts'
import type { NameBook } from '../../state/name-book.ts'
import { type Hours, plainDate, shortTime, spanWords } from './time-words.ts'
import { type MessageKey, t } from './translate.ts'

const partKeys: Record<FilterPart, MessageKey> = {
  action: 'partAction',
  area: 'partArea',
  actor: 'partUser',
  target: 'partTarget',
  outcome: 'partOutcome',
  channel: 'partChannel',
  ip: 'partIp',
  changed: 'partChanged',
  text: 'partText',
}
const outcomeKeys: Record<Outcome, MessageKey> = {
  success: 'outcomeSuccess',
  failure: 'outcomeFailure',
  denied: 'outcomeDenied',
}
const channelKeys: Record<Channel, MessageKey> = {
  web: 'channelWeb',
  api: 'channelApi',
  background: 'channelBackground',
}
const presetKeys: Record<DatePreset, MessageKey> = {
  today: 'today',
  yesterday: 'yesterday',
  '7d': 'last7',
  '30d': 'last30',
  '90d': 'last90',
}

export const partLabel = (part: FilterPart): string => t(partKeys[part])
export const outcomeLabel = (outcome: Outcome): string => t(outcomeKeys[outcome])
export const channelLabel = (channel: Channel): string => t(channelKeys[channel])
export const presetLabel = (preset: DatePreset): string => t(presetKeys[preset])

export function valueLabel(part: FilterPart, value: string, names: NameBook): string {
  if (part === 'outcome' && value in outcomeKeys) return outcomeLabel(value as Outcome)
  if (part === 'channel' && value in channelKeys) return channelLabel(value as Channel)
  if (part === 'text') return `“${value}”`
  return names.labelOf(part, value)
}

/** `User: Maria Jensen`, `Action is not Scan started`. */
export function chipWords(chip: Chip, names: NameBook): string {
  const value = valueLabel(chip.part, chip.value, names)
  return chip.excluded ? t('chipNot', partLabel(chip.part), value) : t('chipIs', partLabel(chip.part), value)
}

export function dateWords(choice: DateChoice, range: MomentRange, zone: string, hours: Hours): string | null {
  if (choice.kind === 'any') return null
  if (choice.kind === 'preset') return presetLabel(choice.preset)
  if (!isWholeDays(range, zone)) return momentWords(range, zone, hours)
  const { first, last } = daysOfRange(range, zone)
  if (first && last)
    return first === last ? plainDate(first) : t('dateFromTo', plainDate(first), plainDate(last))
  return first ? t('dateFrom', plainDate(first)) : t('dateTo', plainDate(last ?? ''))
}

function isWholeDays({ from, to }: MomentRange, zone: string): boolean {
  return [from, to].every(moment => {
    if (moment === undefined) return true
    const ms = Date.parse(moment)
    return startOfDay(dayOf(ms, zone), zone) === ms
  })
}

function momentWords({ from, to }: MomentRange, zone: string, hours: Hours): string {
  if (from !== undefined && to !== undefined) return spanWords(Date.parse(from), Date.parse(to), zone, hours)
  if (from !== undefined) return t('dateFrom', shortTime(Date.parse(from), zone, hours))
  return t('dateTo', shortTime(Date.parse(to ?? ''), zone, hours))
}
