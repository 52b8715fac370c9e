import Dexie from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import { eventToLeafBytes } from '../../test/support/leaf-bytes.ts'
import type { KeptBundle } from './bundle.ts'
import { type Box, importCacheKey, openBox, sealBox } from './bundle-cipher.ts'
import { databaseName } from './database.ts'
import { decodeLeaves, openDiskStore } from './disk-store.ts'

const server = 'https://audit.example'
const key = btoa('k'.repeat(32))
const marker = 'find-me-if-you-can'

let indexedDB: IDBFactory
let damaged: number[]

beforeEach(() => {
  indexedDB = new IDBFactory()
  damaged = []
})

function open(changes: { cacheKey?: string; accessVersion?: string; userId?: string } = {}) {
  const session = { server, userId: 'u1', cacheKey: key, accessVersion: 'v1', ...changes }
  const onDamaged = (number: number) => damaged.push(number)
  return openDiskStore({ ...session, indexedDB, IDBKeyRange, crypto, onDamaged })
}

describe('bundles on disk', () => {
  test('come back as they were kept, with what is known of them', async () => {
    const store = await open()
    await store.write(bundleOf(3, 256))
    await store.write(bundleOf(4, 7))
    expect(await store.read(3)).toEqual(bundleOf(3, 256).events)
    expect((await store.held()).map(({ number, width }) => [number, width])).toEqual([
      [3, 256],
      [4, 7],
    ])
    expect(await store.read(9)).toBeNull()
  })

  test('grow by being written again', async () => {
    const store = await open()
    await store.write(bundleOf(0, 7))
    await store.write(bundleOf(0, 9))
    expect((await store.held()).map(({ width }) => width)).toEqual([9])
    expect(await store.read(0)).toHaveLength(9)
  })

  test('say nothing to who reads the disk', async () => {
    const store = await open()
    await store.write(bundleOf(0, 20))
    const disk = await everythingOnDisk()
    expect(disk.length).toBeGreaterThan(20_000)
    for (const secret of [marker, 'scan.started', 'Zoë', '192.0.2.7', 'shop', key]) {
      expect(disk.includes(Buffer.from(secret))).toBe(false)
    }
  })

  test('are cut off at the end of the window', async () => {
    const store = await open()
    for (const number of [0, 1, 2]) await store.write(bundleOf(number, 256))
    await store.evictBelow(2)
    expect((await store.held()).map(({ number }) => number)).toEqual([2])
    expect(await store.read(1)).toBeNull()
  })

  test('survive closing, with the last contact', async () => {
    const store = await open()
    const contact = { at: '2026-11-23T10:00:00.000Z', size: 5, checkpoint: 'a note' }
    await store.write(bundleOf(0, 5))
    await store.noteContact(contact)
    store.close()
    const again = await open()
    expect(await again.lastContact()).toEqual(contact)
    expect(await again.read(0)).toHaveLength(5)
  })
})

describe('nothing is kept', () => {
  test('when access changed', async () => {
    const store = await open()
    await store.write(bundleOf(0, 5))
    store.close()
    expect(await (await open({ accessVersion: 'v2' })).held()).toEqual([])
  })

  test('after a purge, and what still would be written is refused', async () => {
    const store = await open()
    await store.write(bundleOf(0, 5))
    await store.purge()
    expect(await store.held()).toEqual([])
    await expect(store.write(bundleOf(1, 5))).rejects.toMatchObject({ failure: { code: 'cache_gone' } })
    expect(await store.held()).toEqual([])
  })

  test('of what an older window would still write, or purge, under other rights', async () => {
    const older = await open()
    const newer = await open({ accessVersion: 'v2' })
    await newer.write(bundleOf(0, 5))
    await expect(older.write(bundleOf(1, 5))).rejects.toMatchObject({ failure: { code: 'cache_gone' } })
    await older.purge()
    expect(await newer.read(0)).toHaveLength(5)
  })

  test('of another person', async () => {
    await (await open()).write(bundleOf(0, 5))
    expect(await (await open({ userId: 'u2' })).held()).toEqual([])
  })
})

describe('a bundle that cannot be opened', () => {
  test.each([
    ['under another key', async () => open({ cacheKey: btoa('x'.repeat(32)) })],
    [
      'with a changed byte',
      async () => {
        await changeBoxes(async (boxes, put) => {
          new Uint8Array(boxes[0]!.box.data)[9]! ^= 1
          await put(boxes[0]!)
        })
        return open()
      },
    ],
    [
      'in the place of another',
      async () => {
        await changeBoxes(async (boxes, put) => put({ ...boxes[0]!, box: boxes[1]!.box }))
        return open()
      },
    ],
  ])('%s is dropped, and said', async (_, reopen) => {
    const store = await open()
    await store.write(bundleOf(0, 256))
    await store.write(bundleOf(1, 256))
    store.close()
    const again = await reopen()
    expect(await again.read(0)).toBeNull()
    expect(damaged).toEqual([0])
    expect((await again.held()).map(({ number }) => number)).not.toContain(0)
  })
})

describe('the cipher', () => {
  const place = { server, userId: 'u1', kind: 'events', number: 1 } as const
  const content = new TextEncoder().encode(marker)

  test('uses a fresh IV each time and a key that cannot be read out', async () => {
    const cacheKey = await importCacheKey(crypto, key)
    const boxes = await Promise.all(
      Array.from({ length: 50 }, () => sealBox(crypto, cacheKey, place, content)),
    )
    expect(new Set(boxes.map(box => Buffer.from(box.iv).toString('hex'))).size).toBe(50)
    expect(cacheKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', cacheKey)).rejects.toThrow()
  })

  test.each([{ server: 'https://other' }, { userId: 'u2' }, { kind: 'leaves' as const }, { number: 2 }])(
    'opens nothing sealed for another place: %j',
    async change => {
      const cacheKey = await importCacheKey(crypto, key)
      const box = await sealBox(crypto, cacheKey, place, content)
      expect(await openBox(crypto, cacheKey, place, box)).toEqual(content)
      expect(await openBox(crypto, cacheKey, { ...place, ...change }, box)).toBeNull()
    },
  )

  test('wants 32 bytes of key', async () => {
    await expect(importCacheKey(crypto, btoa('short'))).rejects.toThrow(RangeError)
  })
})

test('what proofs are made of is kept beside the events', async () => {
  const store = await open()
  const bundle = bundleOf(0, 3)
  await store.write(bundle)
  const database = await new Dexie(await databaseName(crypto, server, 'u1'), {
    indexedDB,
    IDBKeyRange,
  }).open()
  const record = (await database.table('leaves').get(0)) as { box: Box }
  const place = { server, userId: 'u1', kind: 'leaves', number: 0 } as const
  const bytes = await openBox(crypto, await importCacheKey(crypto, key), place, record.box)
  expect(decodeLeaves(bytes!)).toEqual({ leaves: bundle.leaves, salts: bundle.salts })
  database.close()
})

interface StoredBox {
  number: number
  box: Box
}

async function changeBoxes(
  change: (boxes: StoredBox[], put: (box: StoredBox) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const database = await new Dexie(await databaseName(crypto, server, 'u1'), {
    indexedDB,
    IDBKeyRange,
  }).open()
  const table = database.table('events')
  await change(await table.toArray(), box => table.put(box))
  database.close()
}

/** Every key and value of every table, texts and bytes alike. */
async function everythingOnDisk(): Promise<Buffer> {
  const pieces: Buffer[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') pieces.push(Buffer.from(value))
    else if (value instanceof ArrayBuffer) pieces.push(Buffer.from(value))
    else if (ArrayBuffer.isView(value)) pieces.push(Buffer.from(value.buffer as ArrayBuffer))
    else if (typeof value === 'object' && value)
      for (const inner of Object.entries(value).flat()) collect(inner)
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Dexie(name!, { indexedDB, IDBKeyRange }).open()
    pieces.push(Buffer.from(name!))
    for (const table of database.tables) collect(await table.toArray())
    database.close()
  }
  return Buffer.concat(pieces)
}

function bundleOf(number: number, width: number): KeptBundle {
  const events = Array.from({ length: width }, (_, i) => event(number * 256 + i))
  const hasher = createHasher()
  const opened = events.map(each =>
    eventToLeafBytes(hasher, each, { tenant: 'acme' }, length =>
      new Uint8Array(length).fill(each.index % 200),
    ),
  )
  return {
    number,
    events,
    leaves: opened.map(({ leaf }) => leaf),
    salts: opened.map(({ disclosures }) =>
      Object.fromEntries(disclosures.map(({ name, salt }) => [name, salt])),
    ),
  }
}

function event(index: number): AuditEvent {
  return {
    ...{ id: `${marker}-${index}`, source: 'test', index, action: 'scan.started', area: 'scans' },
    ...{ occurredAt: '2026-11-20T10:00:00.000Z', receivedAt: '2026-11-20T10:00:01.000Z', outcome: 'success' },
    actor: { type: 'user', id: 'u-1', name: 'Zoë', email: 'zoe@example.com', onBehalfOf: null },
    targets: [{ type: 'target', id: 't-1', name: 'shop' }],
    changes: [{ field: marker, before: null, after: marker }],
    context: {
      ...{ ip: '192.0.2.7', userAgent: marker, channel: 'api' },
      ...{ requestId: null, sessionId: null, location: null },
    },
    metadata: { [marker]: marker },
    withheld: [],
  }
}
