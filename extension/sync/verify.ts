/**
 * What must hold before a bundle is kept or shown: its entries are those of the signed tree, they are canonical, and
 * the disclosures open their commitments.
 */
import { type BundleDisclosures, bundleSize } from '../../shared/api.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { decodeBundle } from '../../shared/log/bundle.ts'
import { LogError } from '../../shared/log/errors.ts'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { parseMoment } from '../../shared/time.ts'
import { misbehaved } from '../api/failure.ts'
import type { KeptBundle } from '../cache/bundle.ts'
import { Misbehaviour } from './checkpoint-check.ts'
import type { ProvenTree } from './proven-tree.ts'

/** What the server sent for one bundle; `width` entries of it are wanted. */
export interface FetchedBundle {
  number: number
  width: number
  bytes: Uint8Array
  disclosures: BundleDisclosures
}

/**
 * The bundle, opened, every entry of it proven to be in the tree.
 * @throws {Misbehaviour} wrong_bundle @throws {FailureError} bad_bundle, for bytes that cannot be read
 */
export async function verifyBundle(
  hasher: Hasher,
  tree: ProvenTree,
  fetched: FetchedBundle,
  signal: AbortSignal,
): Promise<KeptBundle> {
  const { number, width, disclosures } = fetched
  const leaves = readable(() => decodeBundle(fetched.bytes).slice(0, width))
  if (leaves.length < width) throw misbehaved('bad_bundle', `Bundle ${number} has not its ${width} entries`)
  const leafHashes = leaves.map(hasher.leafHash)
  await tree.requireLeaves(number, leafHashes, signal)
  return readable(() => openBundle(hasher, leaves, disclosures, number), tree)
}

function openBundle(
  hasher: Hasher,
  leaves: Uint8Array[],
  disclosures: BundleDisclosures,
  number: number,
): KeptBundle {
  const start = number * bundleSize
  if (disclosures.entries.length < leaves.length || disclosures.start !== start) {
    throw new LogError('bundle_malformed', `the disclosures of bundle ${number} are of other entries`)
  }
  const opened = disclosures.entries.slice(0, leaves.length)
  const events = leaves.map((leaf, i) => {
    const event = checkedEvent(leafToEvent(hasher, leaf, opened[i]!, start + i))
    return withErased(event, disclosures.erased?.[i] ?? [])
  })
  const salts = opened.map(entry => Object.fromEntries(entry.map(({ name, salt }) => [name, salt])))
  return { number, events, leaves, salts }
}

/** Nothing proves what the server says was erased; what it discloses at the same time was not. */
function withErased(event: AuditEvent, named: readonly string[]): AuditEvent {
  const erased = named.filter(name => event.withheld.includes(name))
  return erased.length > 0 ? { ...event, erased } : event
}

/** The log's proofs say nothing of an open field's meaning: its values are checked here. */
function checkedEvent(event: AuditEvent): AuditEvent {
  const isEvent = AuditEvent.safeParse(event).success
  if (isEvent && [event.occurredAt, event.receivedAt].every(time => parseMoment(time) === time)) return event
  throw new LogError('leaf_malformed', `entry ${event.index} is no audit event`)
}

/** Values that contradict what was committed to accuse the server; bytes that cannot be read accuse nobody. */
function readable<T>(read: () => T, tree?: ProvenTree): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    if (!tree || error.kind !== 'misbehaved') {
      throw misbehaved('bad_bundle', `${error.code}: ${error.message}`)
    }
    throw new Misbehaviour('wrong_bundle', error.message, { shown: tree.checkpoint.note })
  }
}
