/**
 * A stored log recomputed from its bytes: every leaf, tile and disclosure, up to the root that was signed. Reads
 * only; memory stays the same however long the log is. Stops at the first thing that is wrong.
 */
import type { Disclosure } from '../../shared/api.ts'
import { bytesEqual, toBase64 } from '../../shared/log/bytes.ts'
import { LogError } from '../../shared/log/errors.ts'
import { assembleEvent, type EventLeaf, parseEventLeaf } from '../../shared/log/event-leaf.ts'
import { tellsOfNewKeys } from '../../shared/log/key-transition.ts'
import { openDisclosures } from '../../shared/log/leaf.ts'
import { TILE_WIDTH, tileWidth } from '../../shared/log/tiles.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import { AuthenticTiles, foldHashes, hashAt } from './authentic-tiles.ts'
import { checkWitnessed } from './check-witnessed.ts'
import {
  type Accounts,
  type ErasuresTold,
  isRemovalTold,
  readAccounts,
  unaccounted,
} from './erasures-told.ts'
import { findOtherRoot } from './find-other-root.ts'
import { Finding, type FindingKind, kindOf, wrongEntry } from './finding.ts'
import { leafHashOf, readBundle } from './stored-bundle.ts'
import { openStoredCheckpoint, type SignedState, type Trust } from './stored-checkpoint.ts'
import { checkTransitions } from './verify-transitions.ts'

export interface VerifyReport {
  outcome: 'verified' | 'redacted' | FindingKind
  /** What is wrong first, and how; null where nothing is. */
  place: string | null
  words: string | null
  org: string
  origin: string | null
  size: number
  /** Base64; null where no signed checkpoint could be opened. */
  root: string | null
  signedAtMs: number | null
  witnesses: string[]
  /** How many entries the policy's quorum covers, where it is not on the newest checkpoint. */
  witnessedSize: number | null
  /** The changes of the log's keys, oldest first; `signedAtMs` by the new time key. */
  keyChanges: { index: number; signedAtMs: number; before: string; after: string }[]
  /** Entries found right before the check ended. */
  entriesChecked: number
  /** Entries that lost disclosures to an erasure, and how many lost each field. */
  redacted: { entries: number; fields: Record<string, number> }
  /** Entries whose content retention removed: their hashes were found right. */
  removed: number
}

export interface VerifyOptions {
  org: string
  store: LogStore
  trust: Trust
  /** Told now and then how many entries were found right. */
  onProgress?: (done: number, total: number) => void
}

/** Never throws for what a log can be: that is in the report. */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const report: VerifyReport = {
    outcome: 'verified',
    ...{ place: null, words: null, org: options.org, origin: null, size: 0, root: null, signedAtMs: null },
    ...{ witnesses: [], witnessedSize: null, keyChanges: [], entriesChecked: 0 },
    ...{ redacted: { entries: 0, fields: {} }, removed: 0 },
  }
  try {
    await verify(options, report)
    if (report.redacted.entries > 0 || report.removed > 0) report.outcome = 'redacted'
  } catch (error) {
    if (!(error instanceof Finding)) throw error
    Object.assign(report, { outcome: error.kind, place: error.place, words: error.message })
  }
  return report
}

async function verify({ org, store, trust, onProgress }: VerifyOptions, report: VerifyReport): Promise<void> {
  const { size, checkpoint } = await store.state(org)
  report.size = size
  if (checkpoint === null) throw new Finding('malformed', 'checkpoint', 'The log has no signed checkpoint.')
  const texts = await store.transitions(org)
  const signed = await openStoredCheckpoint(checkpoint, trust, texts)
  const { origin, signedAtMs, witnesses } = signed
  Object.assign(report, { origin, signedAtMs, witnesses, root: toBase64(signed.root) })
  await checkSize(store, org, size, signed)
  const read = (level: number, index: number) => store.tile(org, level, index)
  const tiles = await AuthenticTiles.open(size, signed.root, read)
  const pruned = new Set(await store.prunedBundles(org))
  if (!tiles) throw await findOtherRoot({ org, store, signed, pruned })
  if (signed.witnessed) await checkWitnessed({ org, store, size, tiles }, signed.witnessed, report)
  let accounts: Accounts | undefined
  const keysToldAt: number[] = []
  for (let start = 0; start < size; start += TILE_WIDTH) {
    const bundle = start / TILE_WIDTH
    if (pruned.has(bundle)) {
      accounts ??= await readAccounts(store, org, { size, pruned })
      await checkRemoved(tiles, bundle, accounts)
      report.removed += TILE_WIDTH
      report.entriesChecked += TILE_WIDTH
      onProgress?.(report.entriesChecked, size)
      continue
    }
    const entries = await readBundle(store, org, start, Math.min(start + TILE_WIDTH, size))
    await checkLeafHashes(tiles, start, entries)
    await checkNames(store, org, entries)
    for (const entry of entries) {
      checkContent(entry, org)
      if (entry.erased.length > 0) accounts ??= await readAccounts(store, org, { size, pruned })
      countRedaction(entry, report, accounts?.erasures ?? [])
      if (tellsOfNewKeys(entry.open)) keysToldAt.push(entry.index)
      report.entriesChecked++
    }
    onProgress?.(report.entriesChecked, size)
  }
  const steps = await checkTransitions({ texts, told: keysToldAt, checkpoint, size, tiles })
  report.keyChanges = steps.map(({ index, signedAt, before, after }) => {
    return { index, signedAtMs: signedAt * 1000, before: before.log, after: after.log }
  })
  await checkCensus(store, org, size)
}

/** The hashes of a bundle whose content is gone, and that the log tells of its going. */
async function checkRemoved(tiles: AuthenticTiles, bundle: number, accounts: Accounts): Promise<void> {
  await tiles.tile(0, bundle)
  if (isRemovalTold(accounts, bundle)) return
  const first = bundle * TILE_WIDTH
  const words = `and those up to ${first + TILE_WIDTH - 1} are gone, and no retention that the log tells of removed them.`
  throw wrongEntry(first, words)
}

async function checkSize(store: LogStore, org: string, size: number, signed: SignedState): Promise<void> {
  if (signed.size < size) {
    throw wrongEntry(
      signed.size,
      `lies beyond the signed checkpoint, which speaks of ${signed.size} entries.`,
    )
  }
  if (signed.size > size) {
    throw wrongEntry(
      size,
      `is missing: the log has ${size} entries, its signed checkpoint speaks of ${signed.size}.`,
    )
  }
  const [beyond] = await store.entries(org, size, size + 1)
  if (beyond) throw wrongEntry(beyond.index, `lies beyond the ${size} entries that were signed.`)
}

async function checkLeafHashes(
  tiles: AuthenticTiles,
  start: number,
  entries: readonly StoredEntry[],
): Promise<void> {
  const number = start / TILE_WIDTH
  const hashes = entries.map(leafHashOf)
  const tile = await tiles.tile(0, number).catch(async error => {
    throw (await wereChangedTogether(tiles, number, hashes)) ? changedTogether(number) : error
  })
  const wrong = hashes.findIndex((hash, i) => !bytesEqual(hash, hashAt(tile, i)))
  if (wrong >= 0) {
    throw wrongEntry(start + wrong, 'is not what was signed: it was changed after it was kept.')
  }
}

/** Whether, where a full tile of leaf hashes is wrong, the entries are too. */
async function wereChangedTogether(tiles: AuthenticTiles, number: number, hashes: readonly Uint8Array[]) {
  return hashes.length === TILE_WIDTH && !bytesEqual(foldHashes(hashes), await tiles.rootOf(0, number))
}

function changedTogether(number: number): Finding {
  const first = number * TILE_WIDTH
  return new Finding(
    'tampered',
    `tile 0/${number}`,
    `Tile 0/${number} is not what was signed, and neither are all of its entries ${first} to ${first + 255}: they were changed after they were kept.`,
  )
}

/** Finds each entry by its name, as de-duplication does. */
async function checkNames(store: LogStore, org: string, entries: readonly StoredEntry[]): Promise<void> {
  const names = entries.map(({ open }) => ({ source: String(open.source), id: String(open.id) }))
  const found = await store.indexesOf(org, names)
  entries.forEach(({ index }, i) => {
    if (found[i] === null)
      throw wrongEntry(index, 'is not found by its source and id: a repeat could come in.')
    if (found[i] !== index) throw wrongEntry(index, `has the source and id of entry ${found[i]}.`)
  })
}

/** Leaf and disclosures by their formats and against each other; the leaf's hash is known to be right. */
function checkContent(entry: StoredEntry, org: string): void {
  const { index } = entry
  const leaf = asFinding(index, () => parseEventLeaf(entry.leaf))
  if (leaf.tenant !== org)
    throw wrongEntry(index, `belongs to the organization ${leaf.tenant}, not to ${org}.`)
  const missing = asFinding(index, () => openValues(leaf, entry.disclosures, index))
  const vanished = missing.find(name => !entry.erased.includes(name))
  if (vanished) throw wrongEntry(index, `has lost ${vanished}, and nothing says that it was erased.`)
}

/** Names of the fields that no disclosure opens. */
function openValues(leaf: EventLeaf, disclosures: readonly Disclosure[], index: number): string[] {
  const { values, withheld } = openDisclosures(nodeHasher, leaf, disclosures)
  assembleEvent(leaf, values, withheld, index)
  return withheld
}

function asFinding<T>(index: number, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new Finding(kindOf(error), `entry ${index}`, `Entry ${index} is wrong: ${error.message}.`)
  }
}

function countRedaction(entry: StoredEntry, { redacted }: VerifyReport, told: ErasuresTold): void {
  const { erased, index } = entry
  const stolen = erased.length > 0 ? unaccounted(entry, told) : undefined
  if (stolen) throw wrongEntry(index, `has lost ${stolen}, and no erasure that the log tells of took it.`)
  if (erased.length > 0) redacted.entries++
  for (const name of erased) redacted.fields[name] = (redacted.fields[name] ?? 0) + 1
}

/** Rows that no entry accounts for. */
async function checkCensus(store: LogStore, org: string, size: number): Promise<void> {
  const census = await store.census(org)
  const tiles = tileCount(size)
  if (census.tiles !== tiles) {
    throw new Finding(
      'tampered',
      'log',
      `There are ${census.tiles} tiles, where a log of ${size} has ${tiles}.`,
    )
  }
  const left = size - census.pruned * TILE_WIDTH
  for (const [rows, expected] of [
    ['entries', left],
    ['disclosures', left],
    ['names', size],
  ] as const) {
    if (census[rows] === expected) continue
    throw new Finding(
      'tampered',
      'log',
      `There are ${census[rows]} rows of ${rows}, where ${expected} were signed.`,
    )
  }
}

function tileCount(size: number): number {
  let count = 0
  for (let level = 0; tileWidth(size, level, 0) > 0; level++) {
    count += Math.ceil(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH)
  }
  return count
}
