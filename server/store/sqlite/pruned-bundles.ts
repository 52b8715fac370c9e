/** Bundles whose content was taken: what is left of their names. */
import { bundleSize } from '../../../shared/api.ts'
import type { Database } from './database.ts'

const nameDigestBytes = 16

/** Within the transaction that takes the content. `names` are the entries' name digests in hex, in order. */
export function notePruned(database: Database, place: number, names: readonly string[]): void {
  const digests = Buffer.from(names.map(cutDigest).join(''), 'hex')
  database.prepare('INSERT INTO pruned_bundles VALUES (?, ?)').run(place, digests)
}

/** Whether the entry that was at the place had this name. */
export function hadName(database: Database, place: number, name: string): boolean {
  // The places of every organization begin at a multiple of the bundle's size.
  const at = place % bundleSize
  const select = 'SELECT names FROM pruned_bundles WHERE place = ?'
  const names = database.prepare(select).get(place - at)?.names as Uint8Array | undefined
  const digest = names?.subarray(at * nameDigestBytes, (at + 1) * nameDigestBytes)
  return digest !== undefined && Buffer.from(digest).toString('hex') === cutDigest(name)
}

function cutDigest(name: string): string {
  return name.slice(0, nameDigestBytes * 2)
}
