/** Many rows in a statement: for short ones the call costs as much as the row. */
import type { Database, SqlValue } from './database.ts'

const rowsPerStatement = 32

/** Inserts rows with a value for each column of the table. */
export function insertRows(database: Database, table: string, rows: readonly (readonly SqlValue[])[]): void {
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const some = rows.slice(at, at + rowsPerStatement)
    const places = some.map(row => `(${placeholders(row.length)})`).join()
    database.prepare(`INSERT INTO ${table} VALUES ${places}`).run(...some.flat())
  }
}

/** `?,?,?` */
export function placeholders(count: number): string {
  return Array(count).fill('?').join()
}
