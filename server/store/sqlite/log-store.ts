/** The log in one SQLite file. */
import type { LogStore } from '../log-store.ts'
import type { Database } from './database.ts'

/** Brings the tables up to date and opens the log over them. */
export function openSqliteLogStore(_database: Database): LogStore {
  throw new Error('not yet')
}
