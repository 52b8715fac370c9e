/** Moments, days and zones. A moment is ISO 8601 UTC with milliseconds, ending in Z, so that text order is time order. */

const momentPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/

/**
 * Normalises an RFC 3339 time (any fraction, any offset) to UTC milliseconds.
 * Digits below the millisecond are dropped. Returns null where the text is not such a time,
 * lacks an offset, names a day that does not exist or lies outside the years 0000 to 9999 in UTC.
 */
export function parseMoment(text: string): string | null {
  const match = momentPattern.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = match
  const ms = (fraction ?? '').padEnd(3, '0').slice(0, 3)
  // Not `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999.
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
  if (new Date(local).getUTCDate() !== +day! || +hour! > 23) return null
  if (+(offsetHour ?? 0) > 23 || +(offsetMinute ?? 0) > 59) return null
  const offset = (sign === '-' ? -1 : 1) * (+(offsetHour ?? 0) * 60 + +(offsetMinute ?? 0)) * 60_000
  const moment = formatMoment(local - (sign ? offset : 0))
  // Years outside these have a sign and more digits: their text order is not time order.
  return moment.length === 24 ? moment : null
}

/** Milliseconds since 1970 as the one text form used everywhere. */
export function formatMoment(ms: number): string {
  return new Date(ms).toISOString()
}

export const dayMs = 86_400_000

const partsFormats = new Map<string, Intl.DateTimeFormat>()

function partsFormat(zone: string): Intl.DateTimeFormat {
  let format = partsFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    partsFormats.set(zone, format)
  }
  return format
}

/** The zone's offset from UTC at that moment, in milliseconds; positive east of Greenwich. */
export function zoneOffsetMs(ms: number, zone: string): number {
  const at: Record<string, number> = {}
  for (const part of partsFormat(zone).formatToParts(ms)) at[part.type] = Number(part.value)
  const local = Date.UTC(at.year!, at.month! - 1, at.day!, at.hour!, at.minute!, at.second!)
  return local - Math.floor(ms / 1000) * 1000
}

/** The calendar day, `YYYY-MM-DD`, in the zone at that moment. */
export function dayOf(ms: number, zone: string): string {
  return formatMoment(ms + zoneOffsetMs(ms, zone)).slice(0, 10)
}

/**
 * The first moment of a calendar day in the zone, in milliseconds. Right across changes to and from summer
 * time, also where they skip midnight itself or a whole day.
 */
export function startOfDay(day: string, zone: string): number {
  const key = `${zone} ${day}`
  let start = knownStarts.get(key)
  if (start === undefined) {
    start = findStart(day, zone)
    if (knownStarts.size >= mostKnownStarts) knownStarts.clear()
    knownStarts.set(key, start)
  }
  return start
}

/** Asking for a zone's offset is slow, and every picture of some months asks for the same days again. */
const knownStarts = new Map<string, number>()
const mostKnownStarts = 8_192

function findStart(day: string, zone: string): number {
  const utc = Date.parse(`${day}T00:00:00.000Z`)
  const [earlier, later] = [utc - dayMs, utc + dayMs]
    .map(ms => utc - zoneOffsetMs(ms, zone))
    .sort((a, b) => a - b) as [number, number]
  return dayOf(earlier, zone) >= day ? earlier : later
}

/** Adds whole calendar days to `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return formatMoment(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).slice(0, 10)
}

/** A half-open range of moments: `from` belongs to it, `to` does not. An absent end is open. */
export interface MomentRange {
  from?: string
  to?: string
}

/** From the first to the last calendar day, both included, as seen in the zone. */
export function rangeOfDays(first: string, last: string, zone: string): Required<MomentRange> {
  return {
    from: formatMoment(startOfDay(first, zone)),
    to: formatMoment(startOfDay(addDays(last, 1), zone)),
  }
}

/** The last `days` calendar days in the zone, today included whole. */
export function lastDays(days: number, now: number, zone: string): Required<MomentRange> {
  const today = dayOf(now, zone)
  return rangeOfDays(addDays(today, 1 - days), today, zone)
}
