/**
 * What must hold before anything is kept or shown. Today: the checkpoint reads, leaves are canonical, disclosures open
 * their commitments, and there are as many entries as the checkpoint says. Here is also the place for what comes
 * next: the log's pinned key, consistency with every checkpoint seen before, and bundle hashes against its root.
 */

import { type BundleDisclosures, bundleSize } from '../../shared/api.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { decodeBundle } from '../../shared/log/bundle.ts'
import { type Checkpoint, parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { LogError } from '../../shared/log/errors.ts'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { parseNote } from '../../shared/log/note.ts'
import { parseMoment } from '../../shared/time.ts'
import { misbehaved } from '../api/failure.ts'
import type { KeptBundle } from '../cache/bundle.ts'

/** What the server sent for one bundle; `width` entries of it are wanted. */
export interface FetchedBundle {
  number: number
  width: number
  bytes: Uint8Array
  disclosures: BundleDisclosures
}

/** @throws {FailureError} misbehaved where the note is none, or the log is smaller than it was. */
export function verifyCheckpoint(note: string, knownSize: number): Checkpoint {
  const checkpoint = orMisbehaved('bad_checkpoint', () => parseCheckpoint(parseNote(note).text))
  if (checkpoint.size >= knownSize) return checkpoint
  throw misbehaved('log_shrank', `The log has ${checkpoint.size} entries; it had ${knownSize} before`)
}

/** The bundle, opened. @throws {FailureError} misbehaved */
export function verifyBundle(hasher: Hasher, fetched: FetchedBundle): KeptBundle {
  const { number, width, disclosures } = fetched
  const start = number * bundleSize
  return orMisbehaved('bad_bundle', () => {
    const leaves = decodeBundle(fetched.bytes).slice(0, width)
    if (leaves.length < width || disclosures.entries.length < width || disclosures.start !== start) {
      throw new LogError('bundle_malformed', `bundle ${number} does not hold its ${width} entries`)
    }
    const opened = disclosures.entries.slice(0, width)
    const events = leaves.map((leaf, i) => checkedEvent(leafToEvent(hasher, leaf, opened[i]!, start + i)))
    const salts = opened.map(entry => Object.fromEntries(entry.map(({ name, salt }) => [name, salt])))
    return { number, events, leaves, salts }
  })
}

/** The log's proofs say nothing of an open field's meaning: its values are checked here. */
function checkedEvent(event: AuditEvent): AuditEvent {
  const isEvent = AuditEvent.safeParse(event).success
  if (isEvent && [event.occurredAt, event.receivedAt].every(time => parseMoment(time) === time)) return event
  throw new LogError('leaf_malformed', `entry ${event.index} is no audit event`)
}

function orMisbehaved<T>(code: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof LogError) throw misbehaved(code, `${error.code}: ${error.message}`)
    throw error
  }
}
