/** A verified bundle as it is kept, and what a place that keeps bundles can do. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { IndexRange } from '../../shared/log/removal.ts'

export interface KeptBundle {
  /** Entries `number * 256` and on. */
  number: number
  events: AuditEvent[]
  /** What proofs are made of: the leaf bytes as hashed, and for each the salts of what was disclosed. */
  leaves: Uint8Array[]
  salts: Record<string, string>[]
}

/** What is known of a kept bundle without opening it. `receivedAt` of its first and last entry, in ms. */
export interface BundleSummary {
  number: number
  /** Entries it holds: 256 when sealed, after which it never changes. */
  width: number
  oldestMs: number
  newestMs: number
}

/** The last good contact with the server: what can be said of the log without asking. */
export interface LastContact {
  /** ISO time. */
  at: string
  size: number
  /** The signed note of that size, as it came. */
  checkpoint: string
}

/** What the log has forgotten, as far as what is held was brought to it. */
export interface Forgotten {
  /** Of the log's erasures; 0 before the first. */
  version: number
  /** Entries that retention removed. */
  removed: IndexRange[]
}

export interface BundleStore {
  held(): Promise<BundleSummary[]>
  /** The events of a bundle; null where it is not held, or was damaged and is therefore no longer held. */
  read(number: number): Promise<AuditEvent[] | null>
  /** The bundle with all that proofs are made of; null as for `read`. */
  readWhole(number: number): Promise<KeptBundle | null>
  /** Kept when it resolves. A wider bundle replaces the narrower one of its number. */
  write(bundle: KeptBundle): Promise<void>
  /** Forgets all bundles below that number. */
  evictBelow(number: number): Promise<void>
  /** Forgets these bundles. */
  drop(numbers: readonly number[]): Promise<void>
  forgotten(): Promise<Forgotten>
  noteForgotten(forgotten: Forgotten): Promise<void>
  lastContact(): Promise<LastContact | null>
  noteContact(contact: LastContact): Promise<void>
  /** Deletes everything. */
  purge(): Promise<void>
  close(): void
}

export function summaryOf({ number, events }: KeptBundle): BundleSummary {
  return {
    number,
    width: events.length,
    oldestMs: Date.parse(events[0]!.receivedAt),
    newestMs: Date.parse(events.at(-1)!.receivedAt),
  }
}
