/** The tables on disk: one database for each server and user. Everything said by the log is in boxes. */
import { Dexie, type Table } from 'dexie'
import type { BundleSummary, Forgotten, LastContact } from './bundle.ts'
import type { Box } from './bundle-cipher.ts'

/** Counts up with every change to what boxes hold; another format is deleted and fetched again. */
export const cacheFormat = 2

export interface CacheState {
  key: 'state'
  format: number
  server: string
  userId: string
  accessVersion: string
  contact: LastContact | null
  /** Absent before the first. */
  forgotten?: Forgotten
}

export interface EventsRecord extends BundleSummary {
  box: Box
}

export interface LeavesRecord {
  number: number
  box: Box
}

export class CacheDatabase extends Dexie {
  declare state: Table<CacheState, string>
  /** The events of each bundle, to be shown. */
  declare events: Table<EventsRecord, number>
  /** Leaf bytes and salts of each bundle, read only when something is to be proven. */
  declare leaves: Table<LeavesRecord, number>

  constructor(name: string, indexedDB: IDBFactory, IDBKeyRange: unknown) {
    super(name, { indexedDB, IDBKeyRange: IDBKeyRange as never })
    this.version(1).stores({
      state: 'key',
      events: 'number,[number+width+oldestMs+newestMs]',
      leaves: 'number',
    })
  }
}

/** A name that tells neither the server nor the person. */
export async function databaseName(crypto: Crypto, server: string, userId: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([server, userId]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = Array.from(digest.subarray(0, 16), byte => byte.toString(16).padStart(2, '0')).join('')
  return `trailside-${hex}`
}
