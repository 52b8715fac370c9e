/** JSON export: an array of whole audit events, field for field as the API gives them, one a line. */
import { AuditEvent } from '../audit-event.ts'

const fields = Object.keys(AuditEvent.shape) as (keyof AuditEvent)[]

/** A whole file, valid JSON also where a text holds half a surrogate pair (written as an escape). */
export function writeJson(events: readonly AuditEvent[]): string {
  return events.length === 0 ? '[]\n' : `[\n${events.map(line).join(',\n')}\n]\n`
}

/** The schema's order of fields, wherever the event came from: equal events give equal bytes. */
function line(event: AuditEvent): string {
  const ordered: Partial<Record<keyof AuditEvent, unknown>> = {}
  for (const field of fields) ordered[field] = event[field]
  return JSON.stringify(ordered)
}

export function jsonFields(event: AuditEvent): [name: string, value: unknown][] {
  return fields.map(field => [field, event[field]])
}
