/** Brings what is held up to the log's end, newest bundles first. May be stopped anywhere and goes on from there. */
import { bundleSize, type ErasedBundles } from '../../shared/api.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { type IndexRange, isIn } from '../../shared/log/removal.ts'
import type { Client } from '../api/client.ts'
import { FailureError } from '../api/failure.ts'
import { type BundleStore, type BundleSummary, type KeptBundle, summaryOf } from '../cache/bundle.ts'
import { bundleWidth, type CacheWindow, lowestBundle, newestMissing } from './cache-window.ts'
import { Misbehaviour } from './checkpoint-check.ts'
import { createProvenTree, type FetchTile, type ProvenTiles, type ProvenTree } from './proven-tree.ts'
import { type ClaimedRemoval, requireTold, untold } from './removal-check.ts'
import { type FetchedBundle, verifyBundle } from './verify.ts'
import type { Witness } from './witness.ts'

export type LogSource = Pick<Client, 'entryBundle' | 'disclosures' | 'tile'>

export interface Puller {
  client: LogSource & Pick<Client, 'erasures'>
  witness: Witness
  /** Kept over rounds; grows with what is asked for. */
  tiles: ProvenTiles
  store: BundleStore
  hasher: Hasher
  window: CacheWindow
  now(): number
  /** What the store holds, by number; kept current here. */
  held: Map<number, BundleSummary>
  /** The size is known and contact was made; `missing` tells whether bundles are to be fetched. */
  onSize(size: number, missing: boolean): void
  /** Called after the bundle is on disk. */
  onKept(bundle: KeptBundle): void
  /** The same for a bundle that was held with what the log has forgotten since. */
  onReplaced(bundle: KeptBundle): void
  /** What retention removed from the log; kept current here. */
  removed: { ranges: IndexRange[] }
  /** These entries were removed from the log, and from what is held on disk. */
  onRemoved(ranges: IndexRange[]): void
  /** The log has forgotten something, and nothing of it is held any more; these bundles were replaced. */
  onForgotten(numbers: number[]): void
}

export interface Pulled {
  size: number
  /** The version of the log's erasures that what is held was brought to. */
  erasures: number
}

/** Requests under way at a time: enough to hide the way to the server, few enough to be no burden. */
const ahead = 4

/** Bundles may go while they are fetched; a server that takes away for ever what it just offered has none to give. */
const attempts = 5

/**
 * `askErasures` where nothing else would tell that the log has forgotten something.
 * @throws {FailureError} whatever kept it from the end; all that was kept until then stays.
 */
export async function pull(puller: Puller, askErasures: boolean, signal: AbortSignal): Promise<Pulled> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return await pullOnce(puller, askErasures || attempt > 0, signal)
    } catch (error) {
      if (!(error instanceof FailureError && error.failure.code === 'removed_by_retention')) throw error
    }
  }
  throw untold('The server has removed bundles, and does not say that it has')
}

async function pullOnce(puller: Puller, askErasures: boolean, signal: AbortSignal): Promise<Pulled> {
  const { store, now, witness, client } = puller
  let checkpoint = await witness.check(signal)
  const before = await store.forgotten()
  puller.removed.ranges = before.removed
  const erased: ErasedBundles = askErasures
    ? await client.erasures(before.version, signal)
    : { version: before.version, bundles: [] }
  // What tells of a removal may be younger than the checkpoint.
  if (erased.removed && erased.removed.told >= checkpoint.size) checkpoint = await witness.check(signal)
  const { size, note } = checkpoint
  const tree = createProvenTree(puller.hasher, checkpoint, tilesOf(puller.client), puller.tiles)
  await store.noteContact({ at: new Date(now()).toISOString(), size, checkpoint: note })
  puller.onSize(size, nextMissing(puller, size, Number.POSITIVE_INFINITY) !== null)
  if (erased.version !== before.version) await forget(puller, tree, erased, signal)
  for await (const fetched of fetchMissing(puller, size, signal)) {
    puller.onKept(await keep(puller, tree, fetched, signal))
  }
  await evict(puller, size)
  return { size, erasures: erased.version }
}

async function keep(puller: Puller, tree: ProvenTree, fetched: FetchedBundle, signal: AbortSignal) {
  const bundle = await verified(puller, tree, fetched, signal)
  signal.throwIfAborted()
  await puller.store.write(bundle)
  puller.held.set(bundle.number, summaryOf(bundle))
  return bundle
}

/** What was erased or removed goes from disk and memory. Only then the version counts as reached. */
async function forget(
  puller: Puller,
  tree: ProvenTree,
  { version, bundles, removed }: ErasedBundles,
  signal: AbortSignal,
): Promise<void> {
  const { size } = tree.checkpoint
  if (removed) await dropRemoved(puller, tree, removed, signal)
  const numbers = bundles.filter(number => puller.held.has(number)).sort((a, b) => b - a)
  const waiting = [...numbers]
  for await (const fetched of fetchAhead(puller.client, size, () => waiting.shift() ?? null, signal)) {
    puller.onReplaced(await keep(puller, tree, fetched, signal))
  }
  await puller.store.noteForgotten({ version, removed: puller.removed.ranges })
  if (bundles.length > 0) puller.onForgotten(numbers)
}

/** Goes at once, once the log's own account of it is proven. */
async function dropRemoved(puller: Puller, tree: ProvenTree, claimed: ClaimedRemoval, signal: AbortSignal) {
  const ranges = requireTold(claimed, await eventsAround(puller, tree, claimed.told, signal))
  puller.removed.ranges = ranges
  const gone = [...puller.held.keys()].filter(number => isIn(ranges, number * bundleSize))
  await puller.store.drop(gone)
  for (const number of gone) puller.held.delete(number)
  puller.onRemoved(ranges)
}

/** The proven events of the bundle that has the entry, which is kept with it. */
async function eventsAround(puller: Puller, tree: ProvenTree, index: number, signal: AbortSignal) {
  const number = Math.floor(index / bundleSize)
  const held = await puller.store.read(number)
  if (held && index % bundleSize < held.length) return held
  const width = bundleWidth(tree.checkpoint.size, number)
  if (index % bundleSize >= width) return []
  const bundle = await keep(puller, tree, await fetchBundle(puller.client, number, width, signal), signal)
  puller.onKept(bundle)
  return bundle.events
}

async function verified(puller: Puller, tree: ProvenTree, fetched: FetchedBundle, signal: AbortSignal) {
  try {
    return await verifyBundle(puller.hasher, tree, fetched, signal)
  } catch (error) {
    throw error instanceof Misbehaviour ? await puller.witness.accuse(error) : error
  }
}

function nextMissing(puller: Puller, size: number, below: number): number | null {
  const { held, window, now } = puller
  const lowest = lowestBundle(size, held.values(), now(), window)
  const widthOf = (number: number) =>
    isIn(puller.removed.ranges, number * bundleSize) ? bundleSize : (held.get(number)?.width ?? 0)
  return newestMissing(size, widthOf, below, lowest)
}

/** Newest first. Ends where the window ends, which fetched bundles may show. */
async function* fetchMissing(puller: Puller, size: number, signal: AbortSignal) {
  let below = Number.POSITIVE_INFINITY
  const next = () => {
    const number = nextMissing(puller, size, below)
    if (number !== null) below = number
    return number
  }
  for await (const fetched of fetchAhead(puller.client, size, next, signal)) {
    const { held, now, window } = puller
    if (fetched.number >= lowestBundle(size, held.values(), now(), window)) yield fetched
  }
}

/** One bundle after the other as `next` names them, the following few already under way. */
async function* fetchAhead(
  client: LogSource,
  size: number,
  next: () => number | null,
  signal: AbortSignal,
): AsyncGenerator<FetchedBundle> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const underWay: Promise<FetchedBundle>[] = []
  try {
    for (;;) {
      let number = underWay.length < ahead ? next() : null
      while (number !== null) {
        const bundle = fetchBundle(client, number, bundleWidth(size, number), either)
        bundle.catch(() => {})
        underWay.push(bundle)
        number = underWay.length < ahead ? next() : null
      }
      const first = underWay.shift()
      if (!first) return
      yield await first
    }
  } finally {
    stop.abort()
  }
}

/** At least so many entries, unverified. */
export async function fetchBundle(
  client: LogSource,
  number: number,
  width: number,
  signal: AbortSignal,
): Promise<FetchedBundle> {
  const [bytes, disclosures] = await Promise.all([
    partialOrFull(width, asked => client.entryBundle(number, asked, signal)),
    client.disclosures(number, signal),
  ])
  return { number, width, bytes, disclosures }
}

export function tilesOf(client: Pick<Client, 'tile'>): FetchTile {
  return (tile, signal) => partialOrFull(tile.width, width => client.tile({ ...tile, width }, signal))
}

/** A log may stop serving a partial bundle or tile once the full one exists. */
async function partialOrFull(width: number, fetch: (width: number) => Promise<Uint8Array>) {
  try {
    return await fetch(width)
  } catch (error) {
    const gone = error instanceof FailureError && error.failure.status === 404
    if (!gone || width === bundleSize) throw error
    return fetch(bundleSize)
  }
}

async function evict({ store, held, now, window }: Puller, size: number): Promise<void> {
  const lowest = lowestBundle(size, held.values(), now(), window)
  const out = [...held.keys()].filter(number => number < lowest)
  if (out.length === 0) return
  await store.evictBelow(lowest)
  for (const number of out) held.delete(number)
}
