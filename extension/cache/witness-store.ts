/**
 * Where witness records are kept: a database of their own, which neither signing out nor a cleared cache touches, and
 * which all users of one server share. A server that could make a panel forget could rewrite what it had shown.
 */
import { Dexie, type Table } from 'dexie'
import type { WitnessRecord, WitnessStore } from './witness-record.ts'

export const witnessDatabaseName = 'trailside-witness'

class WitnessDatabase extends Dexie {
  declare logs: Table<WitnessRecord, string>

  constructor(indexedDB: IDBFactory, IDBKeyRange: unknown) {
    super(witnessDatabaseName, { indexedDB, IDBKeyRange: IDBKeyRange as never })
    this.version(1).stores({ logs: 'server' })
    this.version(2).upgrade(transaction =>
      transaction.table<WitnessRecord>('logs').toCollection().modify(addRotations),
    )
  }
}

/** To records of panels that knew of no changes of keys. */
function addRotations(record: WitnessRecord): void {
  record.rotations ??= []
  for (const earlier of record.earlier) earlier.rotations ??= []
}

interface Disk {
  indexedDB: IDBFactory
  IDBKeyRange: unknown
}

/** The record of one server: on disk, or in memory where the browser keeps nothing for this panel. */
export async function openWitnessStore({ indexedDB, IDBKeyRange }: Disk, server: string) {
  const database = new WitnessDatabase(indexedDB, IDBKeyRange)
  try {
    await database.open()
  } catch {
    return createMemoryWitnessStore()
  }
  return createDiskWitnessStore(database, server)
}

function createDiskWitnessStore(database: WitnessDatabase, server: string): WitnessStore {
  const read = async () => (await database.logs.get(server)) ?? null
  return {
    isDurable: true,
    read,
    change: change =>
      database.transaction('rw', database.logs, async () => {
        const before = await read()
        const after = change(before)
        if (after === null) return before
        await database.logs.put(after)
        return after
      }),
    close: () => database.close(),
  }
}

export function createMemoryWitnessStore(): WitnessStore {
  let record: WitnessRecord | null = null
  return {
    isDurable: false,
    read: async () => record,
    async change(change) {
      record = change(record) ?? record
      return record
    },
    close() {},
  }
}
