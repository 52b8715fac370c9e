/** Days and moments as the query language writes them, read in a zone. */
import type { Filter } from '../filter.ts'
import {
  addDays,
  dayOf,
  formatMoment,
  lastDays,
  type MomentRange,
  parseMoment,
  rangeOfDays,
  startOfDay,
  zoneOffsetMs,
} from '../time.ts'
import type { DateKey } from './vocabulary.ts'

export interface DateContext {
  /** The zone that days are cut by. */
  zone: string
  /** The present, in milliseconds, for what is said relative to it. */
  now: number
}

/** What a date term asks for, and whether it moves with the days: `today`, `yesterday`, `7d`. */
export interface DateMeaning {
  range: MomentRange
  moving: string | null
}

/** Null where the text is no date that the key can have. */
export function readDate(key: DateKey, text: string, { zone, now }: DateContext): DateMeaning | null {
  if (key === 'last') return readLast(text, zone, now)
  const span = spanOf(text, zone, now)
  if (!span) return null
  if (key === 'on') return isSpan(span) ? { range: span, moving: movingName(text) } : null
  return { range: key === 'after' ? { from: span.from } : { to: span.from }, moving: null }
}

function readLast(text: string, zone: string, now: number): DateMeaning | null {
  const days = /^(\d{1,4})d$/i.exec(text)?.[1]
  if (!days || Number(days) === 0 || Number(days) > 3660) return null
  return { range: lastDays(Number(days), now, zone), moving: `${Number(days)}d` }
}

interface Span {
  from: string
  /** Absent for a moment, which is no day to be on. */
  to?: string
}

const isSpan = (span: Span): span is Required<Span> => span.to !== undefined

function movingName(text: string): string | null {
  const word = text.toLowerCase()
  return word === 'today' || word === 'yesterday' ? word : null
}

function spanOf(text: string, zone: string, now: number): Span | null {
  const word = movingName(text)
  if (word) {
    const day = addDays(dayOf(now, zone), word === 'today' ? 0 : -1)
    return rangeOfDays(day, day, zone)
  }
  if (isDay(text)) return rangeOfDays(text, text, zone)
  if (isDay(`${text}-01`)) return rangeOfDays(`${text}-01`, lastDayOfMonth(text), zone)
  const moment = parseMoment(text) ?? localMoment(text, zone)
  return moment === null ? null : { from: moment }
}

/** A calendar day that exists. Other years than these have days that zones know nothing of. */
export function isDay(text: string): boolean {
  const year = /^(\d{4})-\d{2}-\d{2}$/.exec(text)?.[1]
  if (year === undefined || year < '1000' || year > '9998') return false
  return parseMoment(`${text}T00:00:00Z`) !== null
}

function lastDayOfMonth(month: string): string {
  return addDays(`${addDays(`${month}-01`, 31).slice(0, 7)}-01`, -1)
}

/** `2026-10-01T14:00`: a time of the day in the zone. */
function localMoment(text: string, zone: string): string | null {
  const [, day, time, seconds = ':00'] = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(:\d{2})?$/.exec(text) ?? []
  if (day === undefined || !isDay(day)) return null
  const utc = parseMoment(`${day}T${time}${seconds}Z`)
  if (utc === null) return null
  const ms = Date.parse(utc)
  return formatMoment(ms - zoneOffsetMs(ms - zoneOffsetMs(ms, zone), zone))
}

/** The range as terms, in days where they say it. */
export function writeDates({ from, to }: Pick<Filter, 'from' | 'to'>, zone: string): string[] {
  const [first, end] = [from, to].map(moment => (moment === undefined ? null : dayStarting(moment, zone)))
  if (first && end && addDays(first, 1) === end) return [`on:${first}`]
  return [
    ...(from === undefined ? [] : [`after:${first ?? shortMoment(from)}`]),
    ...(to === undefined ? [] : [`before:${end ?? shortMoment(to)}`]),
  ]
}

/** The day that begins at the moment; null where none does. */
function dayStarting(moment: string, zone: string): string | null {
  const day = dayOf(Date.parse(moment), zone)
  return isDay(day) && formatMoment(startOfDay(day, zone)) === moment ? day : null
}

function shortMoment(moment: string): string {
  return moment.replace(/\.000Z$/, 'Z')
}

/** The date that a slip may have meant: its parts in the right order and with all their digits. */
export function nearDate(key: DateKey, text: string): string | null {
  if (key === 'last') {
    const days = /^(\d{1,4})\s*(?:d|day|days)?$/i.exec(text)?.[1]
    return days && Number(days) > 0 ? `${Number(days)}d` : null
  }
  const [, year, month, day] = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text) ?? []
  if (year === undefined) return null
  const written = [year, month!.padStart(2, '0'), day!.padStart(2, '0')].join('-')
  return isDay(written) ? written : null
}
