/** Makes the proof that one entry stands in the tree of a believed checkpoint, from parts that are proven themselves. */
import type { LogKeys } from '../../shared/api.ts'
import { toHex } from '../../shared/log/bytes.ts'
import { formatEntryEvidence } from '../../shared/log/entry-evidence.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { planInclusion, proveInclusion } from '../../shared/log/inclusion.ts'
import { loadNodes, TILE_WIDTH } from '../../shared/log/tiles.ts'
import type { Client } from '../api/client.ts'
import type { SeenCheckpoint } from '../cache/witness-record.ts'
import { bundleWidth } from './cache-window.ts'
import { createProvenTree, type ProvenTiles } from './proven-tree.ts'
import { tilesOf } from './pull.ts'
import { verifyBundle } from './verify.ts'

export interface EntryProof {
  index: number
  size: number
  signedAt: string
  /** Hex. */
  leafHash: string
  /** Hex, the leaf's sibling first. */
  path: string[]
  /** All of it in one text, for others to verify. */
  evidence: string
}

export interface ProverOptions {
  client: Pick<Client, 'entryBundle' | 'disclosures' | 'tile'>
  hasher: Hasher
  keys: LogKeys
  checkpoint: SeenCheckpoint
  tiles: ProvenTiles
}

/** @throws {Misbehaviour} wrong_bundle, where the server's parts do not lead to the checkpoint. */
export async function proveEntry(
  options: ProverOptions,
  index: number,
  signal: AbortSignal,
): Promise<EntryProof> {
  const { client, hasher, keys, checkpoint, tiles } = options
  const { size, note, signedAt } = checkpoint
  const tree = createProvenTree(hasher, checkpoint, tilesOf(client), tiles)
  const number = Math.floor(index / TILE_WIDTH)
  const width = bundleWidth(size, number)
  const [bytes, disclosures] = await Promise.all([
    client.entryBundle(number, width, signal),
    client.disclosures(number, signal),
  ])
  const { leaves } = await verifyBundle(hasher, tree, { number, width, bytes, disclosures }, signal)
  const leaf = leaves[index % TILE_WIDTH]!
  const nodes = await loadNodes(hasher, size, planInclusion(index, size).flat(), tile =>
    tree.tile(tile.level, tile.index, signal),
  )
  const proof = proveInclusion(hasher, index, size, nodes)
  const opened = disclosures.entries[index % TILE_WIDTH]!
  return {
    ...{ index, size, signedAt, path: proof.map(toHex), leafHash: toHex(hasher.leafHash(leaf)) },
    evidence: formatEntryEvidence({ index, leaf, disclosures: opened, proof, checkpoint: note, keys }),
  }
}
