import { type Generated, sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { type Database, openDatabase, type SqlValue } from './database.ts'
import { kyselyOver } from './kysely-dialect.ts'

const opened: Database[] = []
afterEach(() => {
  for (const database of opened.splice(0)) database.close()
})

function memory(): Database {
  const database = openDatabase(':memory:')
  opened.push(database)
  return database
}

test('every kind of value comes back as SQLite keeps it', () => {
  const database = memory()
  database.exec('CREATE TABLE t (a, b, c, d, e)')
  const when = new Date('2026-01-02T03:04:05.678Z')
  database.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)').run(true, when, null, new Uint8Array([1, 2]), 'x')
  expect(database.prepare('SELECT * FROM t').get()).toEqual({
    a: 1,
    b: '2026-01-02T03:04:05.678Z',
    c: null,
    d: new Uint8Array([1, 2]),
    e: 'x',
  })
})

test('what SQLite would keep as NULL without a word is refused', () => {
  const database = memory()
  database.exec('CREATE TABLE t (a)')
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  for (const value of [undefined, {}, [1], Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('s')]) {
    expect(() => insert.run(value as SqlValue)).toThrow('SQLite cannot keep')
  }
})

test('a transaction that throws keeps nothing and the next one works', () => {
  const database = memory()
  database.exec('CREATE TABLE t (a)')
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  expect(() =>
    database.transaction(() => {
      insert.run(1)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(database.transaction(() => insert.run(2).changes)).toBe(1)
  expect(database.prepare('SELECT a FROM t').all()).toEqual([{ a: 2 }])
})

test('Kysely inserts with returning, upserts, rolls back and aggregates over it', async () => {
  const database = memory()
  const kysely = kyselyOver<{ person: { id: Generated<number>; name: string; active: number } }>(database)
  await kysely.schema
    .createTable('person')
    .addColumn('id', 'integer', column => column.primaryKey())
    .addColumn('name', 'text', column => column.unique())
    .addColumn('active', 'integer')
    .execute()
  const added = await kysely
    .insertInto('person')
    .values({ name: 'Ada', active: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(added.id).toBe(1)
  await kysely
    .insertInto('person')
    .values({ name: 'Ada', active: 0 })
    .onConflict(conflict => conflict.column('name').doUpdateSet({ active: 0 }))
    .execute()
  const failed = kysely.transaction().execute(async transaction => {
    await transaction.insertInto('person').values({ name: 'Eve', active: 1 }).execute()
    throw new Error('stop')
  })
  await expect(failed).rejects.toThrow('stop')
  const counted = await kysely
    .selectFrom('person')
    .select([sql<number>`count(*)`.as('all'), sql<number>`sum(active)`.as('active')])
    .executeTakeFirstOrThrow()
  expect(counted).toEqual({ all: 1, active: 0 })
})
