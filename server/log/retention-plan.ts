/** Which bundles retention takes: whole ones that are old enough, unless something in them must stay. */
import { bundleSize, type LegalHold } from '../../shared/api.ts'
import { tellsOfNewKeys } from '../../shared/log/key-transition.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import { isErasure } from './erasure-plan.ts'
import { isHeld } from './legal-holds.ts'

export interface RetentionScope {
  /** ISO time: only what happened and was received before. */
  cutoff: string
  /** Entries of the log. */
  size: number
  holds: readonly LegalHold[]
  /** Bundles to take at most. */
  limit: number
}

/** Ascending, without those taken before. Lets others work in between. */
export async function planRetention(
  store: Pick<LogStore, 'entries' | 'prunedBundles'>,
  org: string,
  scope: RetentionScope,
): Promise<number[]> {
  const pruned = new Set(await store.prunedBundles(org))
  const plan: number[] = []
  let isAllBelowGone = true
  for (let bundle = 0; (bundle + 1) * bundleSize <= scope.size && plan.length < scope.limit; bundle++) {
    if (pruned.has(bundle)) continue
    const entries = await store.entries(org, bundle * bundleSize, (bundle + 1) * bundleSize)
    // What was received follows the order of the log: from here on everything is younger.
    if (!entries.every(({ open }) => String(open.rx) < scope.cutoff)) break
    if (mayGo(entries, scope, isAllBelowGone)) plan.push(bundle)
    else isAllBelowGone = false
    await new Promise(resolve => setImmediate(resolve))
  }
  return plan
}

function mayGo(
  entries: readonly StoredEntry[],
  { cutoff, holds }: RetentionScope,
  isAllBelowGone: boolean,
): boolean {
  return entries.every(entry => {
    if (String(entry.open.ts) >= cutoff) return false
    // A check of the whole log wants every account of new keys.
    if (tellsOfNewKeys(entry.open)) return false
    // That of an erasure stays as long as anything that it may account for.
    if (isErasure(entry) && !isAllBelowGone) return false
    return !holds.some(({ scope }) => isHeld(entry, scope))
  })
}
