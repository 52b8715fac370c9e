/**
 * What retention removed from a log: the content of whole bundles. Their hashes stay, and an event of the log tells of
 * it. SPEC.md, rules H.
 */
import { ownSource } from '../audit-event.ts'
import type { Json } from '../json.ts'
import { TILE_WIDTH } from './tiles.ts'

/** The event that tells of a removal. Its metadata's `removed` are all ranges removed so far. */
export const retentionAction = 'auditlog.retention_applied'

/** Entries from `from` up to `to`, which is not one of them. */
export interface IndexRange {
  from: number
  to: number
}

/** The entries of these bundles, as few ranges as will do. */
export function rangesOfBundles(bundles: Iterable<number>): IndexRange[] {
  const ranges: IndexRange[] = []
  for (const bundle of [...new Set(bundles)].sort((a, b) => a - b)) {
    const [from, to] = [bundle * TILE_WIDTH, (bundle + 1) * TILE_WIDTH]
    const last = ranges.at(-1)
    if (last?.to === from) last.to = to
    else ranges.push({ from, to })
  }
  return ranges
}

/** Whether the range lies within the ranges, which are ascending and apart. */
export function isCovered(ranges: readonly IndexRange[], { from, to }: IndexRange): boolean {
  return from >= to || ranges.some(range => range.from <= from && to <= range.to)
}

export function isIn(ranges: readonly IndexRange[], index: number): boolean {
  return isCovered(ranges, { from: index, to: index + 1 })
}

/** How many entries the ranges have from `from` on and below `to`. */
export function countIn(ranges: readonly IndexRange[], from: number, to: number): number {
  return ranges.reduce(
    (sum, range) => sum + Math.max(0, Math.min(range.to, to) - Math.max(range.from, from)),
    0,
  )
}

/** The ranges that an event tells to be removed, all of which lie before it; null where it tells of none. */
export function removalTold(event: {
  index: number
  source: unknown
  action: unknown
  metadata: Json | undefined
}): IndexRange[] | null {
  if (event.source !== ownSource || event.action !== retentionAction) return null
  const { removed } = (event.metadata ?? {}) as Record<string, Json>
  if (!Array.isArray(removed)) return null
  const ranges = removed as Record<string, Json>[]
  const isRange = ({ from, to }: Record<string, Json>) =>
    Number.isSafeInteger(from) && Number.isSafeInteger(to) && Number(to) <= event.index
  return ranges.every(range => typeof range === 'object' && range !== null && isRange(range))
    ? (ranges as unknown as IndexRange[])
    : null
}
