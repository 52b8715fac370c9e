/** Times as exports and spreadsheets write them. Read by form alone, never by this machine's language or zone. */
import { formatMoment, parseMoment } from '../../shared/time.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const clock = String.raw`(?:[T ,]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?\s*(?<half>[ap]\.?m\.?)?)?`
const zone = String.raw`\s*(?<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?`
const forms = [
  String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})`,
  String.raw`(?<day>\d{1,2})[.-](?<month>\d{1,2})[.-](?<year>\d{4})`,
  String.raw`(?:[a-z]{3,9},? )?(?<day>\d{1,2})[ -](?<name>[a-z]{3,9})\.?,?[ -](?<year>\d{4})`,
  String.raw`(?:[a-z]{3,9},? )?(?<name>[a-z]{3,9})\.? (?<day>\d{1,2}),? (?<year>\d{4})`,
].map(day => new RegExp(`^${day}${clock}${zone}$`, 'i'))

/**
 * A moment from any common spelling: RFC 3339, `2025-11-15 10:30`, `11/15/2025 10:30 AM` (month first, as the vendor's
 * API writes; day first where the first number exceeds 12), `15.11.2025`, `15 Nov 2025`, `Nov 15, 2025`, seconds or
 * milliseconds since 1970. Without a zone UTC is meant. `isExact` tells whether nothing was assumed. Null where the text is none of these.
 */
export function parseWrittenTime(text: string): { moment: string; isExact: boolean } | null {
  const trimmed = text.trim()
  const exact = parseMoment(trimmed)
  if (exact !== null) return { moment: exact, isExact: true }
  if (trimmed.length > 80) return null
  const epoch = epochMs(trimmed)
  if (epoch !== null) return { moment: formatMoment(epoch), isExact: false }
  for (const form of forms) {
    const parts = form.exec(trimmed)?.groups
    const moment = parts ? momentOf(parts) : null
    if (moment !== null) return { moment, isExact: false }
  }
  return null
}

function epochMs(text: string): number | null {
  if (/^\d{13}$/.test(text)) return Number(text)
  return /^\d{9,10}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1000) : null
}

function momentOf(parts: Record<string, string | undefined>): string | null {
  let month = parts.name ? months.indexOf(parts.name.slice(0, 3).toLowerCase()) + 1 : Number(parts.month)
  let day = Number(parts.day)
  if (month > 12 && day <= 12) [month, day] = [day, month]
  const hour = hourOf(Number(parts.hour ?? 0), parts.half)
  const two = (value: number | string) => String(value).padStart(2, '0')
  const seconds = `${parts.second ?? '00'}.${(parts.fraction ?? '').padEnd(3, '0')}`
  return parseMoment(
    `${parts.year}-${two(month)}-${two(day)}T${two(hour)}:${parts.minute ?? '00'}:${seconds}${offsetOf(parts.zone)}`,
  )
}

function hourOf(hour: number, half: string | undefined): number {
  if (!half || hour > 12) return hour
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0)
}

function offsetOf(text: string | undefined): string {
  const offset = /[+-]\d{2}:?\d{2}$/.exec(text ?? '')?.[0]
  return offset ?? 'Z'
}
