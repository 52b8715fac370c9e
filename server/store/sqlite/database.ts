/**
 * SQLite as one small interface over two bindings of the same shape: Node's own from version 24, a prebuilt one
 * below it. Full durability always: a commit that returned has reached the disk.
 */
import { createRequire } from 'node:module'

/** What a parameter may be. Booleans go in as 0 and 1, dates as ISO 8601 in UTC. */
export type SqlValue = null | string | number | bigint | boolean | Date | Uint8Array
export type Row = Record<string, null | string | number | Uint8Array>

export interface RunResult {
  changes: number
  lastInsertRowid: number | bigint
}

/** A prepared statement; parameters are positional. */
export interface Statement {
  /** Whether it answers rows. */
  readonly reader: boolean
  run(...parameters: readonly SqlValue[]): RunResult
  get(...parameters: readonly SqlValue[]): Row | undefined
  all(...parameters: readonly SqlValue[]): Row[]
  iterate(...parameters: readonly SqlValue[]): IterableIterator<Row>
}

export interface Database {
  /** A statement, prepared once for each text. */
  prepare(sql: string): Statement
  /** Any number of statements without parameters or rows. */
  exec(sql: string): void
  /** Runs `work` (synchronous) in one write transaction: all of it is kept, or none when it throws. */
  transaction<T>(work: () => T): T
  /** Closing twice is harmless. */
  close(): void
}

export interface DatabaseOptions {
  readOnly?: boolean
  /** How long to wait for another process' lock. */
  busyTimeoutMs?: number
  journal?: 'WAL' | 'DELETE'
}

/** Opens the file, made when absent; `:memory:` for one that lives as long as the process. */
export function openDatabase(path: string, options: DatabaseOptions = {}): Database {
  const { readOnly = false, busyTimeoutMs = 5000, journal = 'WAL' } = options
  const native: NativeDatabase = new (loadBinding().DatabaseSync)(path, { readOnly })
  try {
    native.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    // A read-only connection takes the journal mode the file has.
    if (!readOnly) native.exec(`PRAGMA journal_mode = ${journal}`)
    native.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF')
    // 32 MB of journal before it is worked into the file: pages written often are then written there once.
    native.exec('PRAGMA wal_autocheckpoint = 8000')
  } catch (error) {
    native.close()
    throw error
  }
  return new SqliteDatabase(native)
}

interface NativeStatement {
  run(...parameters: unknown[]): RunResult
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  iterate(...parameters: unknown[]): IterableIterator<unknown>
  columns(): unknown[]
}
interface NativeDatabase {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  prepare(sql: string): NativeStatement
  exec(sql: string): void
  close(): void
}
interface Binding {
  DatabaseSync: new (path: string, options: { readOnly: boolean }) => NativeDatabase
}

let binding: Binding | undefined

/** Loaded when first needed, so that each Node touches only the binding it uses. */
function loadBinding(): Binding {
  if (!binding) {
    const builtIn = Number(process.versions.node.split('.')[0]) >= 24
    binding = createRequire(import.meta.url)(builtIn ? 'node:sqlite' : '@photostructure/sqlite') as Binding
  }
  return binding
}

class SqliteDatabase implements Database {
  readonly #native: NativeDatabase
  readonly #statements = new Map<string, Statement>()

  constructor(native: NativeDatabase) {
    this.#native = native
  }

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = wrapStatement(this.#native.prepare(sql))
      // Generated SQL has no end of spellings; what is hot comes back at once.
      if (this.#statements.size >= maxCachedStatements) this.#statements.clear()
      this.#statements.set(sql, statement)
    }
    return statement
  }

  exec(sql: string): void {
    this.#native.exec(sql)
  }

  transaction<T>(work: () => T): T {
    this.#native.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#native.exec('COMMIT')
      return result
    } catch (error) {
      // A full disk has rolled back by itself already.
      if (this.#native.isTransaction) this.#native.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#statements.clear()
    if (this.#native.isOpen) this.#native.close()
  }
}

const maxCachedStatements = 500

function wrapStatement(native: NativeStatement): Statement {
  return {
    reader: native.columns().length > 0,
    run: (...parameters) => native.run(...parameters.map(toNative)),
    get: (...parameters) => native.get(...parameters.map(toNative)) as Row | undefined,
    all: (...parameters) => native.all(...parameters.map(toNative)) as Row[],
    iterate: (...parameters) => native.iterate(...parameters.map(toNative)) as IterableIterator<Row>,
  }
}

/** The bindings store NULL without a word for objects and NaN they do not know: refused here. */
function toNative(value: SqlValue): null | string | number | bigint | Uint8Array {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  if (value instanceof Date) return value.toISOString()
  throw new TypeError(`SQLite cannot keep ${typeof value === 'number' ? value : typeof value}`)
}
