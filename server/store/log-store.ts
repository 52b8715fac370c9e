/** The storage contract of the log. The organization's id leads every call: one log each. */
import type { Disclosure } from '../../shared/api.ts'
import type { Json } from '../../shared/json.ts'
import type { SealedLeaf } from '../../shared/log/leaf.ts'

export interface EventName {
  source: string
  id: string
}

/** One entry to be kept: its leaf with all that opens it, and the name it is known by (which the leaf carries too). */
export interface NewEntry extends EventName {
  leaf: SealedLeaf
}

/** An entry as kept; each part is made when asked for, since most readers want one of them only. */
export interface StoredEntry {
  readonly index: number
  /** The bytes that were hashed. */
  readonly leaf: Uint8Array
  readonly disclosures: Disclosure[]
  /** The leaf's fields, for readers who need no proof; `c` may be empty here. */
  readonly open: { readonly [field: string]: Json }
  /** The disclosed values by name. */
  readonly values: ReadonlyMap<string, Json>
  /** Committed fields whose disclosures were erased. */
  readonly erased: readonly string[]
}

/** A tile at (level, number) with 1 to 256 hashes of 32 bytes (C2SP tlog-tiles). */
export interface StoredTile {
  level: number
  number: number
  hashes: Uint8Array
}

export interface LogState {
  size: number
  /** The latest signed checkpoint note; null before the first. */
  checkpoint: string | null
}

/** Everything one commit changes; it is kept whole or not at all. */
export interface LogCommit {
  /** Compare-and-swap: the commit fails with `SizeConflict` when the log has another size. */
  expectedSize: number
  entries: readonly NewEntry[]
  /** Tiles whose content grew, each with all its hashes so far. */
  tiles: readonly StoredTile[]
  checkpoint: string
  /** The proof of a change of keys that these entries tell of: kept for ever as it is. */
  transition?: string
}

/** Fields of an entry to forget. */
export interface Removal {
  index: number
  fields: readonly string[]
}

/** A piece of work that must be finished once it has begun, kept as whoever began it wrote it. */
export interface StoredTask {
  id: string
  task: string
}

/** How many rows of each kind there are, wanted or not. */
export interface LogCensus {
  /** Bundles whose content was taken. */
  pruned: number
  entries: number
  disclosures: number
  names: number
  tiles: number
}

export class SizeConflict extends Error {
  override name = 'SizeConflict'
}

export interface LogStore {
  /** Every organization that has a log here. */
  organizations(): Promise<string[]>
  state(org: string): Promise<LogState>
  /** Durable when it resolves. @throws {SizeConflict} */
  commit(org: string, commit: LogCommit): Promise<void>
  /** The same size signed again, for a fresh timestamp. @throws {SizeConflict} */
  putCheckpoint(org: string, size: number, checkpoint: string): Promise<void>
  /** The places of events already kept, in the order asked; null for each unknown one. */
  indexesOf(org: string, names: readonly EventName[]): Promise<(number | null)[]>
  /** Entries `from` (inclusive) to `to` (exclusive), in log order. */
  entries(org: string, from: number, to: number): Promise<StoredEntry[]>
  /** Entries at the given places, in the order asked; places that hold none are left out. */
  entriesAt(org: string, indexes: readonly number[]): Promise<StoredEntry[]>
  /**
   * Forgets the disclosed values (and salts) of the named fields, for good, of all entries or of none. Leaves stay as
   * they were hashed. Answers how many entries had anything to forget.
   */
  erase(org: string, removals: readonly Removal[]): Promise<number>
  /**
   * Takes the content of whole bundles for good, leaves and disclosures, of all or of none; hashes stay, and names as
   * far as de-duplication needs them. A bundle that is not full, or was taken before, is left as it is.
   */
  prune(org: string, bundles: readonly number[]): Promise<void>
  /** Bundles whose content was taken, ascending. */
  prunedBundles(org: string): Promise<number[]>
  /** Leaves nothing of what was erased in the journal. False while a reader of an older state is in the way. */
  emptyJournal(): Promise<boolean>
  /**
   * Bundles that lost disclosures after version `since` of the log's erasures, ascending. The version counts up with
   * every `erase` or `prune` that took anything, from 0.
   */
  erasedBundles(org: string, since: number): Promise<{ version: number; bundles: number[] }>
  /** Keeps a task, or puts it in the place of the one with its id. Durable when it resolves. */
  putTask(org: string, task: StoredTask): Promise<void>
  /** Tasks not finished, oldest first. */
  tasks(org: string): Promise<StoredTask[]>
  dropTask(org: string, id: string): Promise<void>
  /** The proofs of all changes of keys, oldest first. */
  transitions(org: string): Promise<string[]>
  /** A setting of the workspace, as whoever keeps it wrote it; null before the first. */
  setting(org: string, name: string): Promise<string | null>
  /** Durable when it resolves. */
  putSetting(org: string, name: string, value: string): Promise<void>
  tile(org: string, level: number, number: number): Promise<Uint8Array | null>
  /** Counts what is really there: only a check of everything asks. */
  census(org: string): Promise<LogCensus>
}
