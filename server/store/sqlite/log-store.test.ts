import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logStoreContract, newEntry, sampleEntry } from '../log-store.contract.ts'
import { openDatabase } from './database.ts'
import { openSqliteLogStore } from './log-store.ts'
import { migrate, migrations, NewerDatabaseError } from './migrations.ts'

logStoreContract('SQLite', async use => {
  const database = openDatabase(':memory:')
  try {
    await use(openSqliteLogStore(database))
  } finally {
    database.close()
  }
})

test('opening twice keeps what is there', async () => {
  const database = openDatabase(':memory:')
  const commit = { expectedSize: 0, entries: [newEntry(sampleEntry('a'))], tiles: [], checkpoint: 'c' }
  await openSqliteLogStore(database).commit('acme', commit)
  const again = openSqliteLogStore(database)
  expect((await again.entries('acme', 0, 1))[0]!.leaf).toEqual(sampleEntry('a').leaf)
  expect(await again.indexesOf('acme', [{ source: 'test', id: 'a' }])).toEqual([0])
  database.close()
})

test('a migration that fails leaves the version before it', () => {
  const database = openDatabase(':memory:')
  expect(() => migrate(database, ['CREATE TABLE a (x)', 'CREATE TABLE b (x); nonsense'])).toThrow('nonsense')
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
  migrate(database, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
  database.close()
})

test('a database of a newer version is refused', () => {
  const database = openDatabase(':memory:')
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`)
  expect(() => openSqliteLogStore(database)).toThrow(NewerDatabaseError)
  database.close()
})

test('erased values are gone from the files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trailside-'))
  const path = join(folder, 'log.db')
  const database = openDatabase(path)
  const store = openSqliteLogStore(database)
  const secret = 'very-particular-value'
  const entries = [sampleEntry('a', { metadata: { secret } }), sampleEntry('b')].map(newEntry)
  await store.commit('acme', { expectedSize: 0, entries, tiles: [], checkpoint: 'c' })
  const found = () => [path, `${path}-wal`].some(file => readFileSync(file).includes(secret))
  expect(found()).toBe(true)
  expect(await store.erase('acme', [{ index: 0, fields: ['metadata'] }])).toBe(1)
  expect(await store.emptyJournal()).toBe(true)
  expect(found()).toBe(false)
  database.close()
  await rm(folder, { recursive: true })
})

test('pruned leaves and values are gone from the files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trailside-'))
  const path = join(folder, 'log.db')
  const database = openDatabase(path)
  const store = openSqliteLogStore(database)
  const secret = 'very-particular-value'
  const entries = Array.from({ length: 256 }, (_, i) =>
    newEntry(sampleEntry(`${i} ${secret}`, { metadata: { secret } })),
  )
  await store.commit('acme', { expectedSize: 0, entries, tiles: [], checkpoint: 'c' })
  const found = () => [path, `${path}-wal`].some(file => readFileSync(file).includes(secret))
  expect(found()).toBe(true)
  await store.prune('acme', [0])
  expect(await store.emptyJournal()).toBe(true)
  expect(found()).toBe(false)
  database.close()
  await rm(folder, { recursive: true })
})
