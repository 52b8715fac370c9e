/** Stored entries as the events they are, cut to what a reader may see. */
import type { Scope } from '../../shared/access.ts'
import type { Disclosure } from '../../shared/api.ts'
import { type AuditEvent, personalFields } from '../../shared/audit-event.ts'
import type { Json } from '../../shared/json.ts'
import { assembleEvent, COMMITTED_FIELDS, type EventLeaf } from '../../shared/log/event-leaf.ts'
import type { StoredEntry } from '../store/log-store.ts'

const personal: ReadonlySet<string> = new Set(personalFields)

/** Checks no commitment: what the store gave is what the store was given, or `verify` and the panels will find it. */
export function storedEvent(entry: StoredEntry, scope: Scope): AuditEvent {
  const values = new Map<string, Json>()
  for (const [name, value] of entry.values) if (maySee(name, scope)) values.set(name, value)
  const withheld = COMMITTED_FIELDS.filter(name => !values.has(name))
  const event = assembleEvent(entry.open as unknown as EventLeaf, values, withheld, entry.index)
  return entry.erased.length > 0 ? { ...event, erased: [...entry.erased] } : event
}

export function visibleDisclosures(entry: StoredEntry, scope: Scope): Disclosure[] {
  return entry.disclosures.filter(({ name }) => maySee(name, scope))
}

function maySee(name: string, scope: Scope): boolean {
  return scope.personal || !personal.has(name)
}
