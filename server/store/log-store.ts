/** The storage contract of the log. The organization's id leads every call: one log each. */
import type { Disclosure } from '../../shared/api.ts'

export interface EventName {
  source: string
  id: string
}

/** One entry to be kept: leaf bytes as hashed, disclosures beside them, and the name it is known by. */
export interface NewEntry extends EventName {
  leaf: Uint8Array
  disclosures: readonly Disclosure[]
}

export interface StoredEntry {
  index: number
  leaf: Uint8Array
  disclosures: Disclosure[]
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
}

export class SizeConflict extends Error {
  override name = 'SizeConflict'
}

export interface LogStore {
  state(org: string): Promise<LogState>
  /** Durable when it resolves. @throws {SizeConflict} */
  commit(org: string, commit: LogCommit): Promise<void>
  /** The same size signed again, for a fresh timestamp. @throws {SizeConflict} */
  putCheckpoint(org: string, size: number, checkpoint: string): Promise<void>
  /** The places of events already kept, in the order asked; null for each unknown one. */
  indexesOf(org: string, names: readonly EventName[]): Promise<(number | null)[]>
  /** Entries `from` (inclusive) to `to` (exclusive), in log order. */
  entries(org: string, from: number, to: number): Promise<StoredEntry[]>
  /** Entries at the given places, in the order asked. */
  entriesAt(org: string, indexes: readonly number[]): Promise<StoredEntry[]>
  tile(org: string, level: number, number: number): Promise<Uint8Array | null>
}
