/** Keeps bundles in memory only: for sessions that have no key to a cache on disk. */
import { type BundleStore, type Forgotten, type KeptBundle, type LastContact, summaryOf } from './bundle.ts'

export function createMemoryStore(): BundleStore {
  const bundles = new Map<number, KeptBundle>()
  let contact: LastContact | null = null
  let forgotten: Forgotten = { version: 0, removed: [] }
  return {
    held: async () => [...bundles.values()].map(summaryOf),
    read: async number => bundles.get(number)?.events ?? null,
    readWhole: async number => bundles.get(number) ?? null,
    async write(bundle) {
      bundles.set(bundle.number, bundle)
    },
    async evictBelow(number) {
      for (const held of bundles.keys()) if (held < number) bundles.delete(held)
    },
    async drop(numbers) {
      for (const number of numbers) bundles.delete(number)
    },
    forgotten: async () => forgotten,
    async noteForgotten(latest) {
      forgotten = latest
    },
    lastContact: async () => contact,
    async noteContact(latest) {
      contact = latest
    },
    async purge() {
      bundles.clear()
      contact = null
      forgotten = { version: 0, removed: [] }
    },
    close() {},
  }
}
