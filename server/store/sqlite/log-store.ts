/** The log in one SQLite file: rows in log order, nothing indexed twice but the names that de-duplication asks for. */
import { bundleSize } from '../../../shared/api.ts'
import {
  type EventName,
  type LogCensus,
  type LogCommit,
  type LogState,
  type LogStore,
  type NewEntry,
  type Removal,
  SizeConflict,
  type StoredEntry,
  type StoredTask,
} from '../log-store.ts'
import { type EntryShape, eraseFields, type PackedEntry, packEntry, unpackEntry } from '../packed-entry.ts'
import type { Database, Row } from './database.ts'
import { bundlesErasedSince, erasureVersion, noteErased } from './erased-bundles.ts'
import { insertRows, placeholders } from './insert-rows.ts'
import { migrate, requireKnownVersion } from './migrations.ts'
import { createNameDigest, nameHashOf } from './name-hash.ts'
import { hadName, notePruned } from './pruned-bundles.ts'

/** Brings the tables up to date and opens the log over them. @throws {NewerDatabaseError} */
export function openSqliteLogStore(database: Database): LogStore {
  migrate(database)
  return new SqliteLogStore(database)
}

/** The same to look at only, in a database opened read-only. @throws {NewerDatabaseError} */
export function viewSqliteLogStore(database: Database): LogStore {
  requireKnownVersion(database)
  return new SqliteLogStore(database)
}

const placesPerOrganization = 2 ** 40
const selectEntry =
  'SELECT e.place, e.open, d.shape, d.salts, d.fields FROM entries e LEFT JOIN disclosures d USING (place)'

class SqliteLogStore implements LogStore {
  readonly #database: Database
  readonly #nameDigest: (name: EventName) => string
  readonly #shapes = new Map<number, EntryShape>()
  readonly #shapeNumbers = new Map<EntryShape, number>()
  readonly #organizations = new Map<string, number>()

  constructor(database: Database) {
    this.#database = database
    // Freed space is overwritten, for the sake of `erase`.
    database.exec('PRAGMA secure_delete = ON')
    const secret = database.prepare("SELECT bytes FROM secrets WHERE name = 'name-hash'").get()!
    this.#nameDigest = createNameDigest(secret.bytes as Uint8Array)
  }

  async organizations(): Promise<string[]> {
    return this.#database
      .prepare('SELECT name FROM logs ORDER BY org')
      .all()
      .map(row => row.name as string)
  }

  async state(org: string): Promise<LogState> {
    const row = this.#database.prepare('SELECT size, checkpoint FROM logs WHERE name = ?').get(org)
    return row
      ? { size: Number(row.size), checkpoint: row.checkpoint as string | null }
      : { size: 0, checkpoint: null }
  }

  async commit(org: string, commit: LogCommit): Promise<void> {
    const { expectedSize, entries, tiles, checkpoint, transition } = commit
    // Numbers given out once stay, whatever becomes of the transaction: so they can be remembered.
    const number = this.#assignNumber(org)
    const rows = entries.map(entry => this.#prepareRow(org, entry))
    this.#database.transaction(() => {
      this.#advance(number, expectedSize, expectedSize + rows.length, checkpoint)
      this.#insert(number, placeOf(number, expectedSize), rows)
      const putTile = this.#database.prepare('INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)')
      for (const tile of tiles) putTile.run(number, tile.level, tile.number, tile.hashes)
      if (transition !== undefined) this.#keepTransition(number, expectedSize + rows.length, transition)
    })
  }

  async putCheckpoint(org: string, size: number, checkpoint: string): Promise<void> {
    this.#advance(this.#assignNumber(org), size, size, checkpoint)
  }

  async indexesOf(org: string, names: readonly EventName[]): Promise<(number | null)[]> {
    const number = this.#numberOf(org)
    if (number === null) return names.map(() => null)
    const hashes = names.map(name => nameHashOf(this.#nameDigest(name)))
    const places = this.#placesOf(number, hashes)
    return names.map((name, i) => this.#indexOf(org, name, places.get(hashes[i]!) ?? []))
  }

  async entries(org: string, from: number, to: number): Promise<StoredEntry[]> {
    const number = this.#numberOf(org)
    if (number === null) return []
    const select = this.#database.prepare(
      `${selectEntry} WHERE e.place >= ? AND e.place < ? ORDER BY e.place`,
    )
    return select.all(placeOf(number, from), placeOf(number, to)).map(row => this.#unpack(org, row))
  }

  async entriesAt(org: string, indexes: readonly number[]): Promise<StoredEntry[]> {
    const number = this.#numberOf(org)
    if (number === null) return []
    return indexes.flatMap(index => {
      const row = this.#row(placeOf(number, index))
      return row ? [this.#unpack(org, row)] : []
    })
  }

  async erase(org: string, removals: readonly Removal[]): Promise<number> {
    const number = this.#numberOf(org)
    if (number === null) return 0
    return this.#database.transaction(() => {
      const erased = removals.filter(removal => this.#eraseFields(number, removal))
      noteErased(
        this.#database,
        number,
        erased.map(({ index }) => index),
      )
      return erased.length
    })
  }

  async prune(org: string, bundles: readonly number[]): Promise<void> {
    const number = this.#numberOf(org)
    if (number === null) return
    this.#database.transaction(() => {
      const pruned = bundles.filter(bundle => this.#prune(org, number, bundle))
      const starts = pruned.map(bundle => bundle * bundleSize)
      if (starts.length > 0) noteErased(this.#database, number, starts)
    })
  }

  async prunedBundles(org: string): Promise<number[]> {
    const number = this.#numberOf(org)
    if (number === null || !this.#has('pruned_bundles')) return []
    return this.#database
      .prepare('SELECT place FROM pruned_bundles WHERE place >= ? AND place < ? ORDER BY place')
      .all(placeOf(number, 0), placeOf(number + 1, 0))
      .map(row => indexOf(Number(row.place)) / bundleSize)
  }

  async emptyJournal(): Promise<boolean> {
    const { timeout } = this.#database.prepare('PRAGMA busy_timeout').get()!
    // Whoever reads an older state may take long: others must not wait for them.
    this.#database.exec('PRAGMA busy_timeout = 0')
    try {
      return this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!.busy === 0
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${timeout}`)
    }
  }

  async erasedBundles(org: string, since: number): Promise<{ version: number; bundles: number[] }> {
    const number = this.#numberOf(org)
    if (number === null) return { version: 0, bundles: [] }
    return {
      version: erasureVersion(this.#database, number),
      bundles: bundlesErasedSince(this.#database, number, since),
    }
  }

  async putTask(org: string, { id, task }: StoredTask): Promise<void> {
    const put =
      'INSERT INTO tasks (org, id, task) VALUES (?, ?, ?) ON CONFLICT (org, id) DO UPDATE SET task = excluded.task'
    this.#database.prepare(put).run(this.#assignNumber(org), id, task)
  }

  async tasks(org: string): Promise<StoredTask[]> {
    const select = 'SELECT id, task FROM tasks WHERE org = ? ORDER BY number'
    return this.#database
      .prepare(select)
      .all(this.#numberOf(org))
      .map(row => ({ id: row.id as string, task: row.task as string }))
  }

  async dropTask(org: string, id: string): Promise<void> {
    this.#database.prepare('DELETE FROM tasks WHERE org = ? AND id = ?').run(this.#numberOf(org), id)
  }

  async transitions(org: string): Promise<string[]> {
    if (!this.#has('transitions')) return []
    const select = 'SELECT text FROM transitions WHERE org = ? ORDER BY size'
    return this.#database
      .prepare(select)
      .all(this.#numberOf(org))
      .map(row => row.text as string)
  }

  async setting(org: string, name: string): Promise<string | null> {
    const select = 'SELECT value FROM settings WHERE org = ? AND name = ?'
    const row = this.#database.prepare(select).get(this.#numberOf(org), name)
    return row ? (row.value as string) : null
  }

  async putSetting(org: string, name: string, value: string): Promise<void> {
    const put = 'INSERT OR REPLACE INTO settings VALUES (?, ?, ?)'
    this.#database.prepare(put).run(this.#assignNumber(org), name, value)
  }

  async tile(org: string, level: number, number: number): Promise<Uint8Array | null> {
    const select = 'SELECT hashes FROM tiles WHERE org = ? AND level = ? AND number = ?'
    const row = this.#database.prepare(select).get(this.#numberOf(org), level, number)
    return row ? (row.hashes as Uint8Array) : null
  }

  async census(org: string): Promise<LogCensus> {
    const number = this.#numberOf(org)
    if (number === null) return { entries: 0, disclosures: 0, names: 0, tiles: 0, pruned: 0 }
    const [first, end] = [placeOf(number, 0), placeOf(number + 1, 0)]
    const count = (from: string, ...parameters: number[]) =>
      Number(this.#database.prepare(`SELECT count(*) AS rows FROM ${from}`).get(...parameters)!.rows)
    return {
      entries: count('entries WHERE place >= ? AND place < ?', first, end),
      disclosures: count('disclosures WHERE place >= ? AND place < ?', first, end),
      names: count('names WHERE org = ?', number),
      tiles: count('tiles WHERE org = ?', number),
      pruned: (await this.prunedBundles(org)).length,
    }
  }

  /** A folder that is only looked at may not have been brought up to date yet. */
  #has(table: string): boolean {
    const select = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return this.#database.prepare(select).get(table) !== undefined
  }

  #prune(org: string, number: number, bundle: number): boolean {
    const [from, to] = [bundle * bundleSize, (bundle + 1) * bundleSize].map(index => placeOf(number, index))
    const select = `${selectEntry} WHERE e.place >= ? AND e.place < ? ORDER BY e.place`
    const rows = this.#database.prepare(select).all(from!, to!)
    if (rows.length < bundleSize) return false
    const names = rows.map(row => {
      const { open } = this.#unpack(org, row)
      return this.#nameDigest({ source: String(open.source), id: String(open.id) })
    })
    notePruned(this.#database, from!, names)
    for (const table of ['entries', 'disclosures']) {
      this.#database.prepare(`DELETE FROM ${table} WHERE place >= ? AND place < ?`).run(from!, to!)
    }
    return true
  }

  #eraseFields(org: number, { index, fields }: Removal): boolean {
    const row = this.#row(placeOf(org, index))
    const packed = row && eraseFields(this.#pack(row), fields)
    if (!packed) return false
    const update = 'UPDATE disclosures SET shape = ?, salts = ?, fields = ? WHERE place = ?'
    this.#database
      .prepare(update)
      .run(this.#assignShape(packed.shape), packed.salts, packed.values, row.place!)
    return true
  }

  /** The compare-and-swap of every change: moves the log from one size to the next. */
  #advance(org: number, from: number, to: number, checkpoint: string): void {
    const update = 'UPDATE logs SET size = ?, checkpoint = ? WHERE org = ? AND size = ?'
    if (this.#database.prepare(update).run(to, checkpoint, org, from).changes === 0) {
      throw new SizeConflict(`The log does not have ${from} entries any more.`)
    }
  }

  #keepTransition(org: number, size: number, text: string): void {
    this.#database.prepare('INSERT INTO transitions VALUES (?, ?, ?)').run(org, size, text)
  }

  #prepareRow(org: string, entry: NewEntry): PreparedRow {
    const { open, shape, salts, values } = packEntry(org, entry.leaf)
    return { open, shape: this.#assignShape(shape), salts, values, hash: nameHashOf(this.#nameDigest(entry)) }
  }

  #insert(org: number, first: number, rows: readonly PreparedRow[]): void {
    const database = this.#database
    const entries = rows.map(({ open }, i) => [first + i, open])
    insertRows(database, 'entries', entries)
    const disclosures = rows.map(({ shape, salts, values }, i) => [first + i, shape, salts, values])
    insertRows(database, 'disclosures', disclosures)
    // Sorted as they will lie: neighbours find each other's page at hand.
    const names = rows.map(({ hash }, i) => [org, hash, first + i] as const).sort((a, b) => a[1] - b[1])
    insertRows(database, 'names', names)
  }

  /** By hash, the places of all entries whose names have it, ascending. */
  #placesOf(org: number, hashes: readonly number[]): Map<number, number[]> {
    const places = new Map<number, number[]>()
    for (let at = 0; at < hashes.length; at += hashesPerStatement) {
      const some = hashes.slice(at, at + hashesPerStatement)
      const select = `SELECT hash, place FROM names WHERE org = ? AND hash IN (${placeholders(some.length)}) ORDER BY place`
      for (const row of this.#database.prepare(select).all(org, ...some)) {
        const hash = Number(row.hash)
        const found = places.get(hash)
        if (found) found.push(Number(row.place))
        else places.set(hash, [Number(row.place)])
      }
    }
    return places
  }

  /** The first of these places whose entry really has the name. */
  #indexOf(org: string, name: EventName, places: readonly number[]): number | null {
    for (const place of places) {
      const row = this.#row(place)
      const open = row && this.#unpack(org, row).open
      const isSame = open
        ? open.source === name.source && open.id === name.id
        : hadName(this.#database, place, this.#nameDigest(name))
      if (isSame) return indexOf(place)
    }
    return null
  }

  #row(place: number): Row | undefined {
    return this.#database.prepare(`${selectEntry} WHERE e.place = ?`).get(place)
  }

  #pack(row: Row): PackedEntry {
    if (row.shape === null) throw new Error('what was kept beside it is missing')
    return {
      open: row.open as string,
      shape: this.#shape(Number(row.shape)),
      salts: row.salts as Uint8Array,
      values: row.fields as string,
    }
  }

  #unpack(org: string, row: Row): StoredEntry {
    return unpackEntry(org, indexOf(Number(row.place)), this.#pack(row))
  }

  /** The number of an organization; null where it has no log. */
  #numberOf(org: string): number | null {
    const known = this.#organizations.get(org)
    if (known !== undefined) return known
    const row = this.#database.prepare('SELECT org FROM logs WHERE name = ?').get(org)
    if (!row) return null
    this.#organizations.set(org, Number(row.org))
    return Number(row.org)
  }

  #assignNumber(org: string): number {
    const known = this.#numberOf(org)
    if (known !== null) return known
    const insert = 'INSERT OR IGNORE INTO logs SELECT coalesce(max(org) + 1, 0), ?, 0, NULL FROM logs'
    this.#database.prepare(insert).run(org)
    return this.#numberOf(org)!
  }

  #shape(number: number): EntryShape {
    let shape = this.#shapes.get(number)
    if (!shape) {
      const row = this.#database.prepare('SELECT description FROM shapes WHERE shape = ?').get(number)
      if (!row) throw new Error(`its shape ${number} is missing`)
      shape = JSON.parse(row.description as string) as EntryShape
      this.#shapes.set(number, shape)
    }
    return shape
  }

  #assignShape(shape: EntryShape): number {
    let number = this.#shapeNumbers.get(shape)
    if (number === undefined) {
      const description = JSON.stringify(shape)
      this.#database.prepare('INSERT OR IGNORE INTO shapes (description) VALUES (?)').run(description)
      const row = this.#database.prepare('SELECT shape FROM shapes WHERE description = ?').get(description)!
      number = Number(row.shape)
      if (this.#shapeNumbers.size >= maxRememberedShapes) this.#shapeNumbers.clear()
      this.#shapeNumbers.set(shape, number)
    }
    return number
  }
}

const maxRememberedShapes = 1000
const hashesPerStatement = 64

interface PreparedRow {
  open: string
  shape: number
  salts: Uint8Array
  values: string
  hash: number
}

function placeOf(org: number, index: number): number {
  return org * placesPerOrganization + index
}

function indexOf(place: number): number {
  return place % placesPerOrganization
}
