/**
 * Where witness records are kept: a database of their own, which neither signing out nor a cleared cache touches, and
 * which all users of one server share. A server that could make a panel forget could rewrite what it had shown.
 */
import { Dexie, type Table } from 'dexie'
import type { Cosigner, WitnessRecord, WitnessStore } from './witness-record.ts'

export const witnessDatabaseName = 'trailside-witness'

class WitnessDatabase extends Dexie {
  declare logs: Table<WitnessRecord, string>
  declare cosigners: Table<Cosigner, string>

  constructor(indexedDB: IDBFactory, IDBKeyRange: unknown) {
    super(witnessDatabaseName, { indexedDB, IDBKeyRange: IDBKeyRange as never })
    this.version(1).stores({ logs: 'server' })
    this.version(2).upgrade(transaction =>
      transaction.table<WitnessRecord>('logs').toCollection().modify(completeRecord),
    )
    this.version(3).stores({ logs: 'server', cosigners: 'server' })
  }
}

/** Of panels that knew of no changes of keys. */
function completeRecord(record: WitnessRecord): void {
  record.rotations ??= []
  record.trail ??= []
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
  /** Reads and writes this server's row in one transaction. */
  const changer =
    <Row>(table: Table<Row, string>) =>
    (change: (row: Row | null) => Row | null): Promise<Row | null> =>
      database.transaction('rw', table, async () => {
        const before = (await table.get(server)) ?? null
        const after = change(before)
        if (after === null) return before
        await table.put(after)
        return after
      })
  return {
    isDurable: true,
    read: async () => (await database.logs.get(server)) ?? null,
    change: changer(database.logs),
    readCosigner: async () => (await database.cosigners.get(server)) ?? null,
    changeCosigner: changer(database.cosigners),
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
    // A key that goes with the panel would be nobody's that others could know again.
    readCosigner: async () => null,
    changeCosigner: async () => null,
    close() {},
  }
}
