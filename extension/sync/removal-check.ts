/** What must hold before a panel believes that entries were removed: the log itself tells of it, by a proven entry. */
import { bundleSize, type ErasedBundles } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { type IndexRange, isCovered, removalTold } from '../../shared/log/removal.ts'
import { misbehaved } from '../api/failure.ts'

export type ClaimedRemoval = NonNullable<ErasedBundles['removed']>

/**
 * The ranges, if the event tells of all of them. `events` are those of the bundle that has it, proven.
 * @throws {FailureError} bad_removal
 */
export function requireTold({ ranges, told }: ClaimedRemoval, events: readonly AuditEvent[]): IndexRange[] {
  const event = events[told % bundleSize]
  const account = event?.index === told ? removalTold(event) : null
  if (account && ranges.every(range => isCovered(account, range))) return ranges
  throw untold(`Entry ${told} does not tell of all that the server says was removed`)
}

/** Entries are missing, and nothing in the log says why. */
export function untold(detail: string) {
  return misbehaved('bad_removal', detail)
}
