/** Brings what is held up to the log's end, newest bundles first. May be stopped anywhere and goes on from there. */
import { bundleSize } from '../../shared/api.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import type { Client } from '../api/client.ts'
import { FailureError } from '../api/failure.ts'
import { type BundleStore, type BundleSummary, type KeptBundle, summaryOf } from '../cache/bundle.ts'
import { bundleWidth, type CacheWindow, lowestBundle, newestMissing } from './cache-window.ts'
import { Misbehaviour } from './checkpoint-check.ts'
import { createProvenTree, type FetchTile, type ProvenTiles, type ProvenTree } from './proven-tree.ts'
import { type FetchedBundle, verifyBundle } from './verify.ts'
import type { Witness } from './witness.ts'

export type LogSource = Pick<Client, 'entryBundle' | 'disclosures' | 'tile'>

export interface Puller {
  client: LogSource
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
}

/** Requests under way at a time: enough to hide the way to the server, few enough to be no burden. */
const ahead = 4

/** @throws {FailureError} whatever kept it from the end; all that was kept until then stays. */
export async function pull(puller: Puller, signal: AbortSignal): Promise<number> {
  const { store, held, now, witness } = puller
  const checkpoint = await witness.check(signal)
  const { size, note } = checkpoint
  const tree = createProvenTree(puller.hasher, checkpoint, tilesOf(puller.client), puller.tiles)
  await store.noteContact({ at: new Date(now()).toISOString(), size, checkpoint: note })
  puller.onSize(size, nextMissing(puller, size, Number.POSITIVE_INFINITY) !== null)
  for await (const fetched of fetchMissing(puller, size, signal)) {
    const bundle = await verified(puller, tree, fetched, signal)
    signal.throwIfAborted()
    await store.write(bundle)
    held.set(bundle.number, summaryOf(bundle))
    puller.onKept(bundle)
  }
  await evict(puller, size)
  return size
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
  return newestMissing(size, number => held.get(number)?.width ?? 0, below, lowest)
}

/** Newest first, the next few already under way. Ends where the window ends, which fetched bundles may show. */
async function* fetchMissing(puller: Puller, size: number, signal: AbortSignal) {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const underWay: { number: number; bundle: Promise<FetchedBundle> }[] = []
  let below = Number.POSITIVE_INFINITY
  try {
    for (;;) {
      let number = underWay.length < ahead ? nextMissing(puller, size, below) : null
      while (number !== null) {
        const bundle = fetchBundle(puller.client, number, bundleWidth(size, number), either)
        bundle.catch(() => {})
        underWay.push({ number, bundle })
        below = number
        number = underWay.length < ahead ? nextMissing(puller, size, below) : null
      }
      const first = underWay.shift()
      if (!first) return
      const { held, now, window } = puller
      if (first.number >= lowestBundle(size, held.values(), now(), window)) yield await first.bundle
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
