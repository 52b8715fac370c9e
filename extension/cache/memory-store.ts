/** Keeps bundles in memory only: for sessions that have no key to a cache on disk. */
import type { BundleStore, KeptBundle } from './bundle.ts'
import { summaryOf } from './bundle.ts'

export function createMemoryStore(): BundleStore {
  const bundles = new Map<number, KeptBundle>()
  return {
    held: async () => [...bundles.values()].map(summaryOf),
    read: async number => bundles.get(number)?.events ?? null,
    async write(bundle) {
      bundles.set(bundle.number, bundle)
    },
    async evictBelow(number) {
      for (const held of bundles.keys()) if (held < number) bundles.delete(held)
    },
    purge: async () => bundles.clear(),
    close() {},
  }
}
