/** The columns an export may have: what each is called, holds, and how it reads an event. */
import type { AuditEvent } from '../audit-event.ts'
import { actionLabel, areaLabel } from '../catalogue.ts'
import type { Json } from '../json.ts'
import { dayMs, formatMoment, zoneOffsetMs } from '../time.ts'

export type ExportFormat = 'csv' | 'json'

export interface Column {
  /** Stable; what `ExportRequest.columns`, the manifest and the log's record of an export name. */
  id: string
  /** The header in the file. */
  label: string
  /** In the file unless the user chooses otherwise. */
  byDefault: boolean
  /** Empty text where the event has nothing there. */
  read(event: AuditEvent, zone: string): string
}

export const columns: readonly Column[] = [
  column('time', 'Date', true, (event, zone) => formatInZone(event.occurredAt, zone)),
  column('time_utc', 'Date (UTC)', true, event => event.occurredAt),
  column('action', 'Action', true, event => actionLabel(event.action)),
  column('action_id', 'Action ID', true, event => event.action),
  column('area', 'Area', true, event => areaLabel(event.area)),
  column('area_id', 'Area ID', false, event => event.area),
  column('user', 'User', true, event => event.actor.name ?? ''),
  column('user_email', 'User e-mail', true, event => event.actor.email ?? ''),
  column('user_id', 'User ID', true, event => event.actor.id),
  column('user_type', 'User type', false, event => event.actor.type),
  column('on_behalf_of', 'On behalf of', true, behalfOf),
  column('targets', 'Target', true, event =>
    event.targets.map(target => target.name ?? target.id).join('; '),
  ),
  column('target_ids', 'Target IDs', true, event =>
    event.targets.map(target => `${target.type}:${target.id}`).join('; '),
  ),
  column('outcome', 'Outcome', true, event => event.outcome),
  column('changes', 'Changes (JSON)', true, event => jsonUnlessEmpty(event.changes, event.changes.length)),
  column('ip', 'IP address', true, event => event.context.ip ?? ''),
  column('location', 'Location', false, event => event.context.location ?? ''),
  column('user_agent', 'User agent', true, event => event.context.userAgent ?? ''),
  column('channel', 'Channel', true, event => event.context.channel ?? ''),
  column('request_id', 'Request ID', false, event => event.context.requestId ?? ''),
  column('session_id', 'Session ID', false, event => event.context.sessionId ?? ''),
  column('metadata', 'Metadata (JSON)', true, event =>
    jsonUnlessEmpty(event.metadata, Object.keys(event.metadata).length),
  ),
  column('withheld', 'Withheld fields', false, event => event.withheld.join('; ')),
  column('received_utc', 'Received (UTC)', false, event => event.receivedAt),
  column('source', 'Source', true, event => event.source),
  column('event_id', 'Event ID', true, event => event.id),
  column('index', 'Log index', true, event => String(event.index)),
]

export const columnIds: readonly string[] = columns.map(({ id }) => id)
export const defaultColumnIds: readonly string[] = columns.filter(c => c.byDefault).map(({ id }) => id)

/** The named columns in the order named. @throws {RangeError} for an unknown or repeated name, or none. */
export function columnsNamed(ids: readonly string[]): Column[] {
  if (ids.length === 0) throw new RangeError('An export needs at least one column')
  if (new Set(ids).size < ids.length) throw new RangeError('A column is named twice')
  return ids.map(id => {
    const found = columns.find(column => column.id === id)
    if (!found) throw new RangeError(`There is no column ${id}`)
    return found
  })
}

/** `2026-11-23T10:15:30.000+01:00`: the wall clock of the zone with its offset then. */
export function formatInZone(moment: string, zone: string): string {
  const ms = Date.parse(moment)
  const offset = offsetAt(ms, zone)
  const minutes = Math.abs(Math.round(offset / 60_000))
  const clock = formatMoment(ms + offset).slice(0, -1)
  return `${clock}${offset < 0 ? '-' : '+'}${twoDigits(minutes / 60)}:${twoDigits(minutes % 60)}`
}

let known = { zone: '', day: Number.NaN, offset: 0 }

/**
 * Rows come in the order of time, and asking for an offset costs as much as all the rest of a row. No zone sets its
 * clocks and sets them back within a day.
 */
function offsetAt(ms: number, zone: string): number {
  const day = Math.floor(ms / dayMs)
  if (known.day === day && known.zone === zone) return known.offset
  const offset = zoneOffsetMs(ms, zone)
  const ends = [day * dayMs, (day + 1) * dayMs - 1]
  if (ends.every(end => zoneOffsetMs(end, zone) === offset)) known = { zone, day, offset }
  return offset
}

function column(id: string, label: string, byDefault: boolean, read: Column['read']): Column {
  return { id, label, byDefault, read }
}

function behalfOf({ actor }: AuditEvent): string {
  const person = actor.onBehalfOf
  return person ? (person.name ?? person.email ?? person.id) : ''
}

function jsonUnlessEmpty(value: Json, size: number): string {
  return size === 0 ? '' : JSON.stringify(value)
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}
