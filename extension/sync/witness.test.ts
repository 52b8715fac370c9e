import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { createLogReader } from '../../server/log/reader.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import { openTestLog, type TestLog, testEvents, testOrg } from '../../test/support/test-log.ts'
import type { WitnessStore } from '../cache/witness-record.ts'
import { createMemoryWitnessStore, openWitnessStore } from '../cache/witness-store.ts'
import { createWitness, type WitnessOptions } from './witness.ts'

const { signal } = new AbortController()

function witnessOf(log: TestLog, store: WitnessStore, client: Partial<WitnessOptions['client']> = {}) {
  const reader = createLogReader({ org: testOrg, store: log.store })
  const honest: WitnessOptions['client'] = {
    checkpoint: reader.checkpoint,
    consistency: reader.consistency,
    logKeys: async () => ({ ...log.writer.keys, transitions: await reader.transitions() }),
  }
  return createWitness({
    ...{ client: { ...honest, ...client }, store, hasher: createHasher(), server: 'https://audit.example' },
    ...{ policy: null, now: () => log.clock.now, onRecord: () => {} },
  })
}

const openDisk = () => openWitnessStore({ indexedDB: new IDBFactory(), IDBKeyRange }, 'https://audit.example')

test('G3: of two checks at a time, the slower one never takes back what the faster one saw', async () => {
  const log = await openTestLog()
  const store = await openDisk()
  await log.writer.append(testEvents(0, 10))
  await witnessOf(log, store).check(signal)
  const old = await createLogReader({ org: testOrg, store: log.store }).checkpoint()
  await log.writer.append(testEvents(10, 30))
  let asked = 0
  const slow = witnessOf(log, store, {
    // While it holds the older note, the other one gets ahead.
    async checkpoint() {
      if (asked++ > 0) return createLogReader({ org: testOrg, store: log.store }).checkpoint()
      await witnessOf(log, store).check(signal)
      return old
    },
  })
  expect((await slow.check(signal)).size).toBe(30)
  expect((await store.read())?.seen?.size).toBe(30)
  expect((await store.read())?.alarm).toBeNull()
})

test('G3: a checkpoint that could not be written down is not used', async () => {
  const log = await openTestLog()
  await log.writer.append(testEvents(0, 10))
  const full: WitnessStore = {
    ...createMemoryWitnessStore(),
    change: () => Promise.reject(new Error('the disk is full')),
  }
  await expect(witnessOf(log, full).check(signal)).rejects.toThrow('the disk is full')
})

test('G2: an empty log may begin', async () => {
  const log = await openTestLog()
  const store = await openDisk()
  expect((await witnessOf(log, store).check(signal)).size).toBe(0)
  await log.writer.append(testEvents(0, 3))
  expect((await witnessOf(log, store).check(signal)).size).toBe(3)
})

test('G5: a server that refuses or is away is accused of nothing', async () => {
  const log = await openTestLog()
  const store = await openDisk()
  await log.writer.append(testEvents(0, 3))
  await witnessOf(log, store).check(signal)
  const away = witnessOf(log, store, { checkpoint: () => Promise.reject(new TypeError('fetch failed')) })
  await expect(away.check(signal)).rejects.toThrow('fetch failed')
  const garbled = witnessOf(log, store, { checkpoint: async () => '<html>' })
  await expect(garbled.check(signal)).rejects.toMatchObject({ failure: { code: 'bad_checkpoint' } })
  expect((await store.read())?.alarm).toBeNull()
})
