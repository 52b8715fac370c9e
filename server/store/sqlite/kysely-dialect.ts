/** Kysely over our own SQLite interface, for the tables that are not hot. */
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import type { Database, SqlValue } from './database.ts'

/** A query builder over an open database. `destroy()` closes the database with it. */
export function kyselyOver<Schema>(database: Database): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: createDialect(database) })
}

/** The dialect alone, for libraries that bring their own Kysely. */
export function createDialect(database: Database): SqliteDialect {
  return new SqliteDialect({ database: asKyselyDatabase(database) })
}

/** Kysely hands parameters over as one array, we take them one by one. */
function asKyselyDatabase(database: Database): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        reader: statement.reader,
        all: parameters => statement.all(...(parameters as SqlValue[])),
        run: parameters => statement.run(...(parameters as SqlValue[])),
        iterate: parameters => statement.iterate(...(parameters as SqlValue[])),
      }
    },
  }
}
