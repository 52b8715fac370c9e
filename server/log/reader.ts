/** What the log shows: tiles, bundles, proofs and events, from the store. */
import type { Scope } from '../../shared/access.ts'
import type { BundleDisclosures } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { BundleId, TileId } from '../../shared/log/tiles.ts'
import type { LogStore } from '../store/log-store.ts'

export function createLogReader(_options: { org: string; store: LogStore }): LogReader {
  throw new Error('not yet')
}

export interface LogReader {
  /** The latest signed checkpoint note. */
  checkpoint(): Promise<string>
  /** A tile's bytes; null where the log has none of that width. */
  tile(tile: TileId): Promise<Uint8Array | null>
  /** An entry bundle as C2SP tlog-tiles encodes it; null where the log has none of that width. */
  entryBundle(bundle: BundleId): Promise<Uint8Array | null>
  /** What a reader of this scope may see behind the commitments of a bundle; null where there is no such bundle. */
  disclosures(bundle: number, scope: Scope): Promise<BundleDisclosures | null>
  /** Events by their places, in the order asked; places the log does not hold are left out. */
  events(indexes: readonly number[], scope: Scope): Promise<AuditEvent[]>
  /** Base64 hashes. @throws {ProblemError} malformed for sizes the log never had */
  consistency(from: number, to: number): Promise<string[]>
  /** Base64 hashes. @throws {ProblemError} malformed for places and sizes the log does not have */
  inclusion(index: number, size: number): Promise<string[]>
  /** The offline receipt (C2SP tlog-proof) of an entry; null where there is none. */
  receipt(index: number): Promise<string | null>
}
