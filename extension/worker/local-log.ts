/** What of the log is held here: bundles in the store, and the event index over them. */
import type { Scope } from '../../shared/access.ts'
import { bundleSize } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { EventIndex } from '../../shared/event-index/event-index.ts'
import { countIn, type IndexRange, isIn } from '../../shared/log/removal.ts'
import type { BundleStore } from '../cache/bundle.ts'

/** Opened bundles kept at hand: opening rows one after another mostly stays within a few. */
const openBundles = 16

export type LocalLog = ReturnType<typeof createLocalLog>

export function createLocalLog(store: BundleStore, scope: Scope) {
  let index = new EventIndex()
  const opened = new Map<number, AuditEvent[]>()
  let removed: readonly IndexRange[] = []
  const isRemoved = (place: number) => isIn(removed, place)

  async function bundle(number: number): Promise<AuditEvent[] | null> {
    const events = opened.get(number) ?? (await store.read(number))
    if (!events) return null
    // Last used, last out.
    opened.delete(number)
    opened.set(number, events)
    if (opened.size > openBundles) opened.delete(opened.keys().next().value!)
    return events
  }

  return {
    scope,
    isRemoved,
    /** How many of the entries below `size` retention removed from the log. */
    removedBelow: (size: number): number => countIn(removed, 0, size),
    /** Entries that retention removed from the log are here no longer either. */
    remove(ranges: readonly IndexRange[]): void {
      removed = ranges
      opened.clear()
      index.remove(ranges)
    },
    get index() {
      return index
    },
    /** Takes in the store's bundle as it is now; answers whether there was one. */
    async take(number: number): Promise<boolean> {
      const before = index
      const events = await store.read(number)
      // Forgotten meanwhile: what was read must not come back.
      if (!events || index !== before || isRemoved(number * bundleSize)) return false
      opened.delete(number)
      index.append(events)
      return true
    },
    add(number: number, events: readonly AuditEvent[]): void {
      opened.delete(number)
      index.append(events)
    },
    /** A bundle that was taken in reads otherwise now. */
    replace(number: number, events: readonly AuditEvent[]): void {
      opened.delete(number)
      index.replace(events)
      index.append(events)
    },
    /** The same, as the store has it. */
    async retake(number: number): Promise<void> {
      const before = index
      const events = await store.read(number)
      if (events && index === before) this.replace(number, events)
    },
    /** Every entry below `size` that the log still has is held. */
    isComplete(size: number): boolean {
      let end = 0
      for (const { from, to } of [...index.coverage(), ...removed].sort((a, b) => a.from - b.from)) {
        if (from > end) break
        end = Math.max(end, to)
      }
      return end >= size
    },
    /** The end of the newest stretch of entries held without a gap, and where it begins. */
    newestStretch(): { from: number; to: number } {
      return index.coverage().at(-1) ?? { from: 0, to: 0 }
    },
    /** The whole event; null where the store has it not, or no longer. */
    async event(place: number): Promise<AuditEvent | null> {
      const events = await bundle(Math.floor(place / bundleSize))
      return events?.[place % bundleSize] ?? null
    },
    /** Forgets what is in memory. */
    clear(): void {
      index = new EventIndex()
      opened.clear()
      removed = []
    },
  }
}
