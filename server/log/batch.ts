/** From incoming events to what one commit keeps, and to each event's answer. */
import type { IntakeItem } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { toBase64 } from '../../shared/log/bytes.ts'
import { LogError } from '../../shared/log/errors.ts'
import { eventToLeaf } from '../../shared/log/event-leaf.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { NewEntry } from '../store/log-store.ts'

/** An event as it comes in: everything but what its place in the log decides. */
export type IncomingEvent = Omit<AuditEvent, 'index' | 'receivedAt' | 'withheld' | 'erased'>

export interface Batch {
  /** One answer for each incoming event, true once the entries are kept. */
  items: IntakeItem[]
  entries: NewEntry[]
  leafHashes: Uint8Array[]
  /** The events of the entries as they will stand in the log. */
  events: AuditEvent[]
}

export interface BatchPlace {
  org: string
  /** Entries the log has before. */
  size: number
  receivedAt: string
  /** The place of each incoming event that the log has already, else null. */
  known: readonly (number | null)[]
  randomBytes: (length: number) => Uint8Array
}

export function prepareBatch(incoming: readonly IncomingEvent[], place: BatchPlace): Batch {
  const batch: Batch = { items: [], entries: [], leafHashes: [], events: [] }
  const within = new Map<string, number>()
  for (const [i, event] of incoming.entries()) {
    const name = `${event.source.length} ${event.source}${event.id}`
    const index = place.known[i] ?? within.get(name)
    if (index !== undefined) batch.items.push({ status: 'duplicate', index })
    else if (addEvent(batch, event, place)) within.set(name, place.size + batch.entries.length - 1)
  }
  return batch
}

/** Adds the event and its answer; false where no entry can be made of it. */
function addEvent(
  batch: Batch,
  incoming: IncomingEvent,
  { org, size, receivedAt, randomBytes }: BatchPlace,
): boolean {
  const index = size + batch.entries.length
  const event = loggedEvent(incoming, index, receivedAt)
  try {
    const leaf = eventToLeaf(nodeHasher, event, { tenant: org }, randomBytes)
    const leafHash = nodeHasher.leafHash(leaf.text)
    batch.entries.push({ source: event.source, id: event.id, leaf })
    batch.leafHashes.push(leafHash)
    batch.events.push(event)
    batch.items.push({ status: 'accepted', index, leafHash: toBase64(leafHash) })
    return true
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    batch.items.push({ status: 'rejected', reason: error.code, path: '' })
    return false
  }
}

/** Field by field: to spread what a sender's parser has put together takes as long as five hashes. */
function loggedEvent(incoming: IncomingEvent, index: number, receivedAt: string): AuditEvent {
  return {
    id: incoming.id,
    source: incoming.source,
    index,
    occurredAt: incoming.occurredAt,
    receivedAt,
    action: incoming.action,
    area: incoming.area,
    actor: incoming.actor,
    targets: incoming.targets,
    outcome: incoming.outcome,
    changes: incoming.changes,
    context: incoming.context,
    metadata: incoming.metadata,
    withheld: [],
  }
}
