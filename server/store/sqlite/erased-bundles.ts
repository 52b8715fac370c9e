/** Which bundles lost disclosures when, by a version that counts up: what a follower has to fetch again. */
import { bundleSize } from '../../../shared/api.ts'
import type { Database } from './database.ts'

/** 0 before anything was erased. */
export function erasureVersion(database: Database, org: number): number {
  const select = 'SELECT coalesce(max(version), 0) AS version FROM erased_bundles WHERE org = ?'
  return Number(database.prepare(select).get(org)!.version)
}

/** Within the transaction that erases. */
export function noteErased(database: Database, org: number, indexes: readonly number[]): void {
  const version = erasureVersion(database, org) + 1
  const put = database.prepare('INSERT OR REPLACE INTO erased_bundles VALUES (?, ?, ?)')
  for (const bundle of new Set(indexes.map(index => Math.floor(index / bundleSize)))) {
    put.run(org, bundle, version)
  }
}

export function bundlesErasedSince(database: Database, org: number, version: number): number[] {
  const select = 'SELECT bundle FROM erased_bundles WHERE org = ? AND version > ? ORDER BY bundle'
  return database
    .prepare(select)
    .all(org, version)
    .map(row => Number(row.bundle))
}
