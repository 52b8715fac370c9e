/** Moments and days as people read them, in a zone. Formatters are kept: making one costs more than using it. */
import type { BucketUnit } from '../../../shared/time-buckets.ts'
import type { Settings } from '../../state/settings-model.ts'
import { currentLanguage, t } from './translate.ts'

export type Hours = Settings['hours']

const formats = new Map<string, Intl.DateTimeFormat>()

function format(
  options: Intl.DateTimeFormatOptions,
  zone: string,
  hours: Hours = 'system',
): Intl.DateTimeFormat {
  const cycle: Intl.DateTimeFormatOptions =
    hours === 'system' ? {} : { hourCycle: hours === '12' ? 'h12' : 'h23' }
  const key = `${currentLanguage()} ${zone} ${hours} ${JSON.stringify(options)}`
  let known = formats.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(currentLanguage(), { ...options, ...cycle, timeZone: zone })
    formats.set(key, known)
  }
  return known
}

/** `14:02:31` */
export function clockTime(ms: number, zone: string, hours: Hours): string {
  return format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }, zone, hours).format(ms)
}

/** `14:02` */
export function clockMinute(ms: number, zone: string, hours: Hours): string {
  return format({ hour: '2-digit', minute: '2-digit' }, zone, hours).format(ms)
}

/** `Tue, 3 Nov 2026, 14:02:31.250 GMT+1` */
export function fullTime(ms: number, zone: string, hours: Hours): string {
  return format(
    {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      timeZoneName: 'short',
    },
    zone,
    hours,
  ).format(ms)
}

/** `3 Nov 2026, 14:02` */
export function shortTime(ms: number, zone: string, hours: Hours): string {
  return format(
    { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    zone,
    hours,
  ).format(ms)
}

const dayParts = { day: 'numeric', month: 'short', year: 'numeric' } as const
const minuteParts = { ...dayParts, hour: '2-digit', minute: '2-digit' } as const
const bucketParts: Record<BucketUnit, Intl.DateTimeFormatOptions> = {
  second: { ...minuteParts, second: '2-digit' },
  minute: minuteParts,
  hour: minuteParts,
  day: { weekday: 'short', ...dayParts },
  week: dayParts,
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
}

/** `3 Nov, 14:02`; with the year unless it is the one given. */
export function plainTime(ms: number, zone: string, hours: Hours, thisYear: string): string {
  const isThisYear = format({ year: 'numeric' }, zone).format(ms) === thisYear
  const { year: _, ...short } = minuteParts
  return format(isThisYear ? short : minuteParts, zone, hours).format(ms)
}

/** From one moment up to another, which is no longer in it: `3 Nov 2026, 14:00 – 15:00`. */
export function spanWords(from: number, to: number, zone: string, hours: Hours): string {
  return format(minuteParts, zone, hours).formatRange(from, to)
}

/** The time of one bucket or several: `3 Nov 2026, 14:00 – 17:00`, `Tue, 3 Nov 2026`, `2 – 8 Nov 2026`, `November 2026`. */
export function bucketWords(from: number, to: number, unit: BucketUnit, zone: string, hours: Hours): string {
  const isByClock = unit === 'second' || unit === 'minute' || unit === 'hour'
  // Days and longer name their last one, hours and shorter the moment at which they end.
  return format(bucketParts[unit], zone, hours).formatRange(from, isByClock ? to : to - 1)
}

/** A calendar day (`YYYY-MM-DD`): "Today", "Yesterday", else `Tue, 3 Nov 2026`. */
export function dayName(day: string, today: string, yesterday: string): string {
  if (day === today) return t('today')
  if (day === yesterday) return t('yesterday')
  return dayDate(day)
}

export function dayDate(day: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  return format(options, 'UTC').format(Date.parse(`${day}T00:00:00Z`))
}

/** `3 Nov 2026`; without the year where it is the one given. */
export function plainDate(day: string, thisYear?: string): string {
  const year = day.slice(0, 4) === thisYear ? {} : ({ year: 'numeric' } as const)
  return format({ day: 'numeric', month: 'short', ...year }, 'UTC').format(Date.parse(`${day}T00:00:00Z`))
}

const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

let relative: Intl.RelativeTimeFormat | null = null

/** `5 min ago`; what lies a little in the future because of skewed clocks is "now". */
export function relativeTime(ms: number, now: number): string {
  relative ??= new Intl.RelativeTimeFormat(currentLanguage(), { style: 'narrow', numeric: 'always' })
  const past = now - ms
  if (past < 1_000 && past > -60_000) return t('now')
  const [unit, length] = units.find(([, length]) => Math.abs(past) >= length) ?? units.at(-1)!
  return relative.format(-Math.trunc(past / length), unit)
}

/** How a zone is called for short where it is shown: the city rather than the path. */
export function zoneLabel(zone: string): string {
  return zone.replaceAll('_', ' ')
}
