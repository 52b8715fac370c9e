/** What the worker takes from outside; the tests give others. */
import type { Locks } from '../sync/windows.ts'

export interface World {
  fetch: typeof fetch
  indexedDB: IDBFactory
  IDBKeyRange: unknown
  crypto: Crypto
  /** Null where there are no other windows to agree with. */
  windows: { locks: Locks; createChannel(name: string): BroadcastChannel } | null
  now(): number
  random(): number
}

/** The real one, of a dedicated worker. */
export function workerWorld(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    indexedDB,
    IDBKeyRange,
    crypto,
    windows: { locks: navigator.locks as Locks, createChannel: name => new BroadcastChannel(name) },
    now: () => Date.now(),
    random: () => Math.random(),
  }
}
