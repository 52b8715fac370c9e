/**
 * What the event index keeps beside the log to be ready soon after a start: pieces by name, each with its digest.
 * Nothing in it cannot be made again from the log, so it is never part of a backup, and what is not as it was
 * written is as good as absent.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type Database, openDatabase } from './database.ts'

export interface IndexFile {
  /** In one transaction: pieces put in the place of those of the same name, and others dropped. */
  change(change: { put?: ReadonlyMap<string, Uint8Array>; drop?: readonly string[] }): void
  /** Null where it is absent. */
  read(name: string): Uint8Array | null
  /** The same, null also where it is not what was written. */
  readChecked(name: string): Uint8Array | null
  names(): string[]
  bytes(): number
  /** Forgets everything, and overwrites it. */
  clear(): void
  /** Leaves nothing of what was dropped in the journal. */
  emptyJournal(): void
  close(): void
}

/** Makes the file where it is absent, or anew where it cannot be read. */
export function openIndexFile(path: string): IndexFile {
  try {
    return new SqliteIndexFile(openDatabase(path))
  } catch {
    removeIndexFile(path)
    return new SqliteIndexFile(openDatabase(path))
  }
}

function removeIndexFile(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
}

class SqliteIndexFile implements IndexFile {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    try {
      // Losing the last changes in a power cut costs a slower start, no event.
      database.exec('PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON')
      database.exec(
        `CREATE TABLE IF NOT EXISTS pieces (
           number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, bytes BLOB NOT NULL
         ) STRICT`,
      )
    } catch (error) {
      database.close()
      throw error
    }
  }

  change({ put = new Map(), drop = [] }: Parameters<IndexFile['change']>[0]): void {
    const insert = this.#database.prepare('INSERT INTO pieces (name, digest, bytes) VALUES (?, ?, ?)')
    const remove = this.#database.prepare('DELETE FROM pieces WHERE name = ?')
    this.#database.transaction(() => {
      for (const name of [...drop, ...put.keys()]) remove.run(name)
      for (const [name, bytes] of put) insert.run(name, digestOf(bytes), bytes)
    })
  }

  read(name: string): Uint8Array | null {
    const row = this.#database.prepare('SELECT bytes FROM pieces WHERE name = ?').get(name)
    return row ? (row.bytes as Uint8Array) : null
  }

  readChecked(name: string): Uint8Array | null {
    const row = this.#database.prepare('SELECT digest, bytes FROM pieces WHERE name = ?').get(name)
    if (!row) return null
    const bytes = row.bytes as Uint8Array
    return digestOf(bytes).equals(row.digest as Uint8Array) ? bytes : null
  }

  names(): string[] {
    return this.#database
      .prepare('SELECT name FROM pieces ORDER BY name')
      .all()
      .map(row => row.name as string)
  }

  bytes(): number {
    return Number(
      this.#database.prepare('SELECT coalesce(sum(length(bytes)), 0) AS sum FROM pieces').get()!.sum,
    )
  }

  clear(): void {
    this.#database.exec('DELETE FROM pieces')
    this.emptyJournal()
  }

  emptyJournal(): void {
    this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  }

  close(): void {
    this.#database.close()
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
