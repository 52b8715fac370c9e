/** Bundles on disk, encrypted under a key that only a signed-in session holds. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import { decodeBundle, encodeBundle } from '../../shared/log/bundle.ts'
import { FailureError } from '../api/failure.ts'
import { type BundleStore, type BundleSummary, type KeptBundle, summaryOf } from './bundle.ts'
import { type BoxPlace, type CacheKey, importCacheKey, openBox, sealBox } from './bundle-cipher.ts'
import { CacheDatabase, cacheFormat, databaseName } from './database.ts'

export interface DiskStoreOptions {
  server: string
  userId: string
  /** base64, 32 bytes. */
  cacheKey: string
  accessVersion: string
  indexedDB: IDBFactory
  IDBKeyRange: unknown
  crypto: Crypto
  /** Told of each bundle that could not be opened and was deleted. */
  onDamaged(number: number): void
}

/** Opens the cache. What was kept under another access version or format is deleted first. */
export async function openDiskStore(options: DiskStoreOptions): Promise<BundleStore> {
  const { server, userId, crypto } = options
  const key = await importCacheKey(crypto, options.cacheKey)
  const name = await databaseName(crypto, server, userId)
  const database = new CacheDatabase(name, options.indexedDB, options.IDBKeyRange)
  await admit(database, options)
  return createDiskStore(database, key, options)
}

/** Empties the database unless it was filled under the same rights and in the same format. */
async function admit(database: CacheDatabase, { server, userId, accessVersion }: DiskStoreOptions) {
  await database.transaction('rw', database.tables, async () => {
    const state = await database.state.get('state')
    if (state?.format === cacheFormat && state.accessVersion === accessVersion) return
    await clear(database)
    await database.state.put({
      key: 'state',
      format: cacheFormat,
      server,
      userId,
      accessVersion,
      contact: null,
    })
  })
}

async function clear(database: CacheDatabase): Promise<void> {
  await Promise.all(database.tables.map(table => table.clear()))
}

function createDiskStore(database: CacheDatabase, key: CacheKey, options: DiskStoreOptions): BundleStore {
  const { server, userId, crypto } = options
  const place = (kind: BoxPlace['kind'], number: number): BoxPlace => ({ server, userId, kind, number })
  /** Another window may have signed out, or opened the cache anew under other rights. */
  const isOurs = async () => (await database.state.get('state'))?.accessVersion === options.accessVersion
  const forget = (range: { below: number } | { number: number }) =>
    database.transaction('rw', database.events, database.leaves, async () => {
      for (const table of [database.events, database.leaves]) {
        await ('below' in range
          ? table.where('number').below(range.below).delete()
          : table.delete(range.number))
      }
    })

  async function read(number: number): Promise<AuditEvent[] | null> {
    const record = await database.events.get(number)
    if (!record) return null
    const bytes = await openBox(crypto, key, place('events', number), record.box)
    return (bytes && decodeEvents(bytes, record)) ?? damaged(number)
  }

  async function damaged(number: number): Promise<null> {
    await forget({ number })
    options.onDamaged(number)
    return null
  }

  return {
    async held(): Promise<BundleSummary[]> {
      // From the index alone, so that no box is read.
      const keys = await database.events.orderBy('[number+width+oldestMs+newestMs]').keys()
      return (keys as unknown as number[][]).map(([number, width, oldestMs, newestMs]) => ({
        number: number!,
        width: width!,
        oldestMs: oldestMs!,
        newestMs: newestMs!,
      }))
    },
    read,
    async readWhole(number) {
      const record = await database.leaves.get(number)
      const events = record && (await read(number))
      if (!events) return null
      const bytes = await openBox(crypto, key, place('leaves', number), record.box)
      if (!bytes) return damaged(number)
      const whole = { number, events, ...decodeLeaves(bytes) }
      // Another window may have written a wider bundle between the two looks.
      return whole.leaves.length === events.length ? whole : null
    },
    async write(bundle) {
      const { number } = bundle
      const [events, leaves] = await Promise.all([
        sealBox(crypto, key, place('events', number), encodeJson(bundle.events)),
        sealBox(crypto, key, place('leaves', number), encodeLeaves(bundle)),
      ])
      await database.transaction('rw', database.tables, async () => {
        if (!(await isOurs())) throw cacheGone()
        await database.events.put({ ...summaryOf(bundle), box: events })
        await database.leaves.put({ number, box: leaves })
      })
    },
    evictBelow: below => forget({ below }),
    drop: numbers =>
      database.transaction('rw', database.events, database.leaves, async () => {
        for (const table of [database.events, database.leaves]) await table.bulkDelete([...numbers])
      }),
    forgotten: async () => (await database.state.get('state'))?.forgotten ?? { version: 0, removed: [] },
    noteForgotten: async forgotten => {
      await database.state.update('state', { forgotten })
    },
    lastContact: async () => (await database.state.get('state'))?.contact ?? null,
    noteContact: async contact => {
      await database.state.update('state', { contact })
    },
    purge: () =>
      database.transaction('rw', database.tables, async () => {
        if (await isOurs()) await clear(database)
      }),
    close: () => database.close(),
  }
}

function cacheGone(): FailureError {
  const detail = 'The cache was emptied or opened anew by another window'
  return new FailureError({ kind: 'failed', code: 'cache_gone', detail })
}

function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** Null where the box opened but holds something else than its record says. */
function decodeEvents(bytes: Uint8Array, { number, width }: BundleSummary): AuditEvent[] | null {
  const events: AuditEvent[] = JSON.parse(new TextDecoder().decode(bytes))
  return events.length === width && events[0]?.index === number * 256 ? events : null
}

/** The C2SP bundle as served, its length in 4 bytes before it, the salts as JSON after it. */
function encodeLeaves({ leaves, salts }: Pick<KeptBundle, 'leaves' | 'salts'>): Uint8Array<ArrayBuffer> {
  const bundle = encodeBundle(leaves)
  const rest = encodeJson(salts)
  const out = new Uint8Array(4 + bundle.length + rest.length)
  new DataView(out.buffer).setUint32(0, bundle.length)
  out.set(bundle, 4)
  out.set(rest, 4 + bundle.length)
  return out
}

/** Undoes `encodeLeaves`: what a proof of a kept entry is made from. */
export function decodeLeaves(bytes: Uint8Array): Pick<KeptBundle, 'leaves' | 'salts'> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const leaves = decodeBundle(bytes.subarray(4, 4 + length))
  return { leaves, salts: JSON.parse(new TextDecoder().decode(bytes.subarray(4 + length))) }
}
