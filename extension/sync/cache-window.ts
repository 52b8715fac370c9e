/** How much of the log is kept: its newest entries, so many days or events back, whichever is less. */
import { bundleSize } from '../../shared/api.ts'
import { dayMs } from '../../shared/time.ts'
import type { BundleSummary } from '../cache/bundle.ts'

export interface CacheWindow {
  days: number
  events: number
}

export const defaultWindow: CacheWindow = { days: 90, events: 200_000 }

/**
 * The lowest bundle worth keeping. Days count by `receivedAt`, which follows the log's order: the window is then one
 * stretch at the log's end, and records imported yesterday are kept however long ago they happened.
 */
export function lowestBundle(
  size: number,
  held: Iterable<BundleSummary>,
  nowMs: number,
  { days, events }: CacheWindow,
): number {
  let lowest = Math.floor(Math.max(0, size - events) / bundleSize)
  for (const { number, oldestMs } of held) {
    // A bundle that reaches beyond the window tells that all before it lie beyond.
    if (oldestMs < nowMs - days * dayMs) lowest = Math.max(lowest, number)
  }
  return lowest
}

/** Entries of bundle `number` in a log of `size`. */
export function bundleWidth(size: number, number: number): number {
  return Math.min(bundleSize, size - number * bundleSize)
}

/** The newest bundle at or above `lowest` that is not held as wide as it is; null where nothing is missing. */
export function newestMissing(
  size: number,
  widthOf: (number: number) => number,
  below: number,
  lowest: number,
): number | null {
  const last = Math.min(below, Math.ceil(size / bundleSize)) - 1
  for (let number = last; number >= lowest; number--) {
    if (widthOf(number) < bundleWidth(size, number)) return number
  }
  return null
}
