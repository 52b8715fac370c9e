/** What the log shows: tiles, bundles, proofs and events, from the store. */
import type { Scope } from '../../shared/access.ts'
import { type BundleDisclosures, bundleSize, type ErasedBundles } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { encodeBundle } from '../../shared/log/bundle.ts'
import { toBase64 } from '../../shared/log/bytes.ts'
import { planConsistency, proveConsistency } from '../../shared/log/consistency.ts'
import { planInclusion, proveInclusion } from '../../shared/log/inclusion.ts'
import { formatReceipt } from '../../shared/log/proof.ts'
import { rangesOfBundles } from '../../shared/log/removal.ts'
import {
  type BundleId,
  createTileNodeReader,
  type TileId,
  tileOfNode,
  tileWidth,
} from '../../shared/log/tiles.ts'
import { HASH_BYTES, type NodeReader, type ProofPlan } from '../../shared/log/tree.ts'
import { ProblemError } from '../../shared/problem.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { EventName, LogStore } from '../store/log-store.ts'
import { removalToldAt } from './retention.ts'
import { storedEvent, visibleDisclosures } from './stored-event.ts'

export interface LogReader {
  /** The latest signed checkpoint note, with the cosignatures that it has. */
  checkpoint(): Promise<string>
  /** The latest checkpoint note that enough witnesses cosigned; null where none is. */
  cosignedCheckpoint(): Promise<string | null>
  /** A tile's bytes; null where the log has none of that width. */
  tile(tile: TileId): Promise<Uint8Array | null>
  /**
   * An entry bundle as C2SP tlog-tiles encodes it; null where the log has none of that width.
   * @throws {ProblemError} removed_by_retention, as the next two
   */
  entryBundle(bundle: BundleId): Promise<Uint8Array | null>
  /** What a reader of this scope may see behind the commitments of a bundle; null where there is no such bundle. */
  disclosures(bundle: number, scope: Scope): Promise<BundleDisclosures | null>
  /** Bundles whose disclosures are fewer than at version `since` of the log's erasures. */
  erasures(since: number): Promise<ErasedBundles>
  /** The proofs of all changes of keys, oldest first. */
  transitions(): Promise<string[]>
  /** One event; null where the log has none at this place. */
  event(index: number, scope: Scope): Promise<AuditEvent | null>
  /** Events by their places, in the order asked; places the log does not hold are left out. */
  events(indexes: readonly number[], scope: Scope): Promise<AuditEvent[]>
  /** The places of events by their names, in the order asked; null for each the log does not hold. */
  placesOf(names: readonly EventName[]): Promise<(number | null)[]>
  /** Base64 hashes. @throws {ProblemError} malformed for sizes the log never had */
  consistency(from: number, to: number): Promise<string[]>
  /** Base64 hashes. @throws {ProblemError} malformed for places and sizes the log does not have */
  inclusion(index: number, size: number): Promise<string[]>
  /** The offline receipt (C2SP tlog-proof) of an entry; null where there is none. */
  receipt(index: number): Promise<string | null>
}

/** What witnesses cosigned of a log, by a note of it. */
export interface CosignedNotes {
  /** The note with the cosignatures that its checkpoint has. */
  addTo(note: string): string
  /** The newest checkpoint of the same log with a quorum. */
  withQuorum(note: string): { size: number; note: string } | null
}

export interface LogReaderOptions {
  org: string
  store: LogStore
  /** Without it, nobody but the log signs. */
  cosigned?: CosignedNotes
}

const nobodyCosigned: CosignedNotes = { addTo: note => note, withQuorum: () => null }

export function createLogReader({ org, store, cosigned = nobodyCosigned }: LogReaderOptions): LogReader {
  const sizeNow = async () => (await store.state(org)).size

  async function signedNote(): Promise<string> {
    const state = await store.state(org)
    if (state.checkpoint === null) throw new ProblemError('unavailable', 'The log is not signed yet.')
    return state.checkpoint
  }

  const checkpoint = async () => cosigned.addTo(await signedNote())
  const cosignedCheckpoint = async () => cosigned.withQuorum(await signedNote())?.note ?? null

  async function tile({ level, index, width }: TileId): Promise<Uint8Array | null> {
    if (width > tileWidth(await sizeNow(), level, index)) return null
    const hashes = await store.tile(org, level, index)
    return hashes?.slice(0, width * HASH_BYTES) ?? null
  }

  async function entryBundle({ index, width }: BundleId): Promise<Uint8Array | null> {
    const start = index * bundleSize
    const entries = await store.entries(org, start, start + width)
    if (entries.length === width) return encodeBundle(entries.map(entry => entry.leaf))
    await requireKept(index)
    return null
  }

  async function disclosures(bundle: number, scope: Scope): Promise<BundleDisclosures | null> {
    const start = bundle * bundleSize
    const entries = await store.entries(org, start, start + bundleSize)
    if (entries.length === 0) {
      await requireKept(bundle)
      return null
    }
    const visible = { start, entries: entries.map(entry => visibleDisclosures(entry, scope)) }
    const erased = entries.map(entry => [...entry.erased])
    return erased.some(names => names.length > 0) ? { ...visible, erased } : visible
  }

  async function events(indexes: readonly number[], scope: Scope): Promise<AuditEvent[]> {
    return (await store.entriesAt(org, indexes)).map(entry => storedEvent(entry, scope))
  }

  async function event(index: number, scope: Scope): Promise<AuditEvent | null> {
    const [found] = await events([index], scope)
    if (!found) await requireKept(Math.floor(index / bundleSize))
    return found ?? null
  }

  /** That something is missing is one thing, that it was removed is another. */
  async function requireKept(bundle: number): Promise<void> {
    const pruned = await store.prunedBundles(org)
    const range = rangesOfBundles(pruned).find(
      ({ from, to }) => from <= bundle * bundleSize && bundle * bundleSize < to,
    )
    if (!range) return
    throw new ProblemError(
      'removed_by_retention',
      `The content of entries ${range.from} to ${range.to - 1} was removed by retention; their hashes stay.`,
    )
  }

  async function erasures(since: number): Promise<ErasedBundles> {
    const erased = await store.erasedBundles(org, since)
    const told = await removalToldAt(store, org)
    if (told === null) return erased
    return { ...erased, removed: { ranges: rangesOfBundles(await store.prunedBundles(org)), told } }
  }

  /** Reads the tiles a proof needs beforehand, since proofs themselves are made without waiting. */
  async function nodesOf(plan: ProofPlan, size: number): Promise<NodeReader> {
    const needed = new Map<string, TileId>()
    for (const { level, index } of plan.flat()) {
      const found = tileOfNode(level, index, size)
      needed.set(`${found.level}/${found.index}`, found)
    }
    const tiles = new Map<string, Uint8Array>()
    for (const [name, { level, index }] of needed) {
      const hashes = await store.tile(org, level, index)
      if (!hashes) throw new Error(`tile ${name} of the log is missing`)
      tiles.set(name, hashes)
    }
    return createTileNodeReader(nodeHasher, size, ({ level, index }) => tiles.get(`${level}/${index}`)!)
  }

  async function proveInclusionAt(index: number, size: number): Promise<Uint8Array[]> {
    return proveInclusion(nodeHasher, index, size, await nodesOf(planInclusion(index, size), size))
  }

  async function consistency(from: number, to: number): Promise<string[]> {
    const size = await sizeNow()
    if (![from, to].every(Number.isSafeInteger) || !(from >= 1 && from <= to && to <= size)) {
      throw new ProblemError('malformed', `Both sizes must be from 1 to ${size}, the smaller one first.`)
    }
    const nodes = await nodesOf(planConsistency(from, to), to)
    return proveConsistency(nodeHasher, from, to, nodes).map(toBase64)
  }

  async function inclusion(index: number, size: number): Promise<string[]> {
    const held = await sizeNow()
    if (![index, size].every(Number.isSafeInteger) || !(index >= 0 && index < size && size <= held)) {
      throw new ProblemError('malformed', `The log has ${held} entries; index and size must fit it.`)
    }
    return (await proveInclusionAt(index, size)).map(toBase64)
  }

  async function receipt(index: number): Promise<string | null> {
    const state = await store.state(org)
    if (state.checkpoint === null || index >= state.size) return null
    const quorum = cosigned.withQuorum(state.checkpoint)
    // A receipt is for later and for others: better with a quorum than newer.
    const covering =
      quorum && index < quorum.size ? quorum : { ...state, note: cosigned.addTo(state.checkpoint) }
    const proof = await proveInclusionAt(index, covering.size)
    return formatReceipt({ extra: null, index, proof, checkpoint: covering.note })
  }

  return {
    ...{ checkpoint, cosignedCheckpoint, tile, entryBundle, disclosures, event, events, erasures },
    ...{ consistency, inclusion, receipt },
    placesOf: names => store.indexesOf(org, names),
    transitions: () => store.transitions(org),
  }
}
