/** Where this session keeps bundles: on disk under its key, or in memory where it has none or the disk will not. */
import type { BundleStore } from '../cache/bundle.ts'
import { openDiskStore } from '../cache/disk-store.ts'
import { createMemoryStore } from '../cache/memory-store.ts'
import type { Failure, WorkerSession } from './protocol.ts'
import type { World } from './world.ts'

export interface OpenedStore {
  store: BundleStore
  onDisk: boolean
  /** Why it is not on disk although it should be: to be shown, since nothing will work offline. */
  failure: Failure | null
}

export async function openStore(
  world: World,
  session: WorkerSession,
  onDamaged: (number: number) => void,
): Promise<OpenedStore> {
  if (session.cacheKey === null) return { store: createMemoryStore(), onDisk: false, failure: null }
  try {
    const { server, userId, cacheKey, accessVersion } = session
    const { indexedDB, IDBKeyRange, crypto } = world
    const store = await openDiskStore({
      ...{ server, userId, cacheKey, accessVersion },
      ...{ indexedDB, IDBKeyRange, crypto, onDamaged },
    })
    return { store, onDisk: true, failure: null }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const failure: Failure = { kind: 'failed', code: 'cache_unavailable', detail }
    return { store: createMemoryStore(), onDisk: false, failure }
  }
}
