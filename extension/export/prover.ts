/**
 * What proves an export: each row's leaf and disclosures, from the cache where it has them, else from the server, and
 * the hashes of everything that is no row. All of it is checked here before it is handed on.
 */
import { bundleSize, type LogKeys } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { EvidenceRow } from '../../shared/export/evidence.ts'
import { ExportFinding, placeWords } from '../../shared/export/finding.ts'
import { planRows, proveRows, type RowsProof, verifyRows } from '../../shared/export/proof.ts'
import { openRow } from '../../shared/export/verify-part.ts'
import { decodeBundle } from '../../shared/log/bundle.ts'
import { concatBytes, fromBase64, fromUtf8 } from '../../shared/log/bytes.ts'
import { LogError } from '../../shared/log/errors.ts'
import { disclosuresOf } from '../../shared/log/event-leaf.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { loadNodes, type TileId, tileWidth } from '../../shared/log/tiles.ts'
import { HASH_BYTES } from '../../shared/log/tree.ts'
import { FailureError, misbehaved } from '../api/failure.ts'
import type { BundleStore } from '../cache/bundle.ts'
import type { SeenCheckpoint } from '../cache/witness-record.ts'
import { fetchBundle, type LogSource, tilesOf } from '../sync/pull.ts'

export interface ProverOptions {
  store: Pick<BundleStore, 'readWhole'>
  client: LogSource
  hasher: Hasher
  /**
   * What the panel holds the log to at this moment; null before the first contact. `cosigned` is a checkpoint of the same
   * log that enough witnesses cosigned.
   */
  witnessed(): { keys: LogKeys; seen: SeenCheckpoint; cosigned: SeenCheckpoint | null } | null
}

export interface ProvenRow {
  event: AuditEvent
  evidence: EvidenceRow
}

/** The rows of an export under the checkpoint that the panel had verified. */
export interface ExportProof extends RowsProof {
  keys: LogKeys
  checkpoint: SeenCheckpoint
}

/** Of one export: remembers the hashes it met on its way. */
export interface Prover {
  /** The entries at these places, in that order, opened from what proves them. */
  rows(places: readonly number[], signal: AbortSignal): Promise<ProvenRow[]>
  /** That all places asked for are entries of the log. */
  prove(signal: AbortSignal): Promise<ExportProof>
}

/** An opened bundle's evidence, entry by entry. */
type BundleEvidence = Omit<EvidenceRow, 'index'>[]

export function createProver({ store, client, hasher, witnessed }: ProverOptions): Prover {
  const leafHashes = new Map<number, Uint8Array>()
  /** Tiles of level 0, as wide as the bundles they were made of. */
  const tiles = new Map<number, Uint8Array>()

  function checkpoint() {
    const trusted = witnessed()
    if (trusted) return trusted
    throw new FailureError({
      kind: 'unreachable',
      code: 'no_checkpoint',
      detail: 'No checkpoint is verified yet',
    })
  }

  async function openBundle(number: number, signal: AbortSignal): Promise<BundleEvidence> {
    const kept = await store.readWhole(number)
    const opened = kept
      ? kept.leaves.map((leaf, i) => ({
          leaf: fromUtf8(leaf),
          disclosures: disclosuresOf(kept.events[i]!, kept.salts[i]!),
          erased: kept.events[i]!.erased ?? [],
        }))
      : await fetchEvidence(number, signal)
    tiles.set(number, concatBytes(...opened.map(({ leaf }) => hasher.leafHash(leaf))))
    return opened
  }

  async function fetchEvidence(number: number, signal: AbortSignal): Promise<BundleEvidence> {
    const width = tileWidth(checkpoint().seen.size, 0, number)
    const { bytes, disclosures } = await fetchBundle(client, number, width, signal)
    return decodeBundle(bytes).map((leaf, i) => ({
      leaf: fromUtf8(leaf),
      disclosures: disclosures.entries[i] ?? [],
      erased: disclosures.erased?.[i] ?? [],
    }))
  }

  function openEntry(bundle: BundleEvidence, index: number): ProvenRow {
    const entry = bundle[index % bundleSize]
    if (!entry) throw misbehaved('bad_bundle', `Entry ${index} is missing in its bundle`)
    const evidence = { index, ...entry }
    leafHashes.set(index, hasher.leafHash(entry.leaf))
    return { evidence, event: openRow(hasher, evidence, { file: 'log', index }) }
  }

  async function fetchTile(tile: TileId, signal: AbortSignal): Promise<Uint8Array> {
    const known = tile.level === 0 ? tiles.get(tile.index) : undefined
    const bytes = tile.width * HASH_BYTES
    return known && known.length >= bytes ? known.subarray(0, bytes) : tilesOf(client)(tile, signal)
  }

  return {
    rows: (places, signal) =>
      orMisbehaved('bad_bundle', async () => {
        const bundles = new Map<number, BundleEvidence>()
        const rows: ProvenRow[] = []
        for (const index of places) {
          const number = Math.floor(index / bundleSize)
          const bundle = bundles.get(number) ?? (await openBundle(number, signal))
          bundles.set(number, bundle)
          rows.push(openEntry(bundle, index))
        }
        return rows
      }),
    prove: signal =>
      orMisbehaved('bad_proof', async () => {
        const { keys, seen: newest, cosigned } = checkpoint()
        const indexes = [...leafHashes.keys()].sort((a, b) => a - b)
        const last = indexes.at(-1) ?? newest.size
        // A file is for later and for others: better with a quorum than newer.
        const seen = cosigned && last < cosigned.size ? cosigned : newest
        const { size } = seen
        const plan = planRows(indexes, size)
        const subtrees = [...plan.left, ...plan.gaps, ...plan.right]
        const getNode = await loadNodes(hasher, size, subtrees, tile => fetchTile(tile, signal))
        const proof = proveRows(indexes, size, getNode)
        const rows = { indexes, leafHashes: indexes.map(index => leafHashes.get(index)!) }
        verifyRows(hasher, { ...rows, ...proof, size, root: fromBase64(seen.root) })
        return { ...proof, keys, checkpoint: seen }
      }),
  }
}

async function orMisbehaved<T>(code: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof LogError) throw misbehaved(code, `${error.code}: ${error.message}`)
    if (error instanceof ExportFinding) throw misbehaved(code, `${placeWords(error.place)}: ${error.message}`)
    throw error
  }
}
