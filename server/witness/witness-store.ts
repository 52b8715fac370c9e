/**
 * What a server remembers as a witness of other logs, and of the witnesses of its own: a database of its own, so that
 * neither slows the log down nor is lost with it. Every write is durable when it returns.
 */
import type { Database, Row } from '../store/sqlite/database.ts'
import { migrate, requireKnownVersion } from '../store/sqlite/migrations.ts'

/** The largest checkpoint of a peer log that was cosigned. `at` in milliseconds since 1970. */
export interface WitnessedLog {
  origin: string
  size: number
  root: Uint8Array
  /** Signed by the log and cosigned here. */
  note: string
  at: number
}

/** A request that a known log had signed and that was refused all the same. */
export interface RefusedRequest {
  origin: string
  reason: string
  request: string
  at: number
}

/** A checkpoint of one's own log with the cosignatures it got; `quorum` where they satisfied the policy. */
export interface CosignedCheckpoint {
  size: number
  note: string
  quorum: boolean
}

/** What a witness cosigned last of the own log. */
export interface AskedWitness {
  /** Its verifier key. */
  key: string
  size: number
  /** As the witness says, in milliseconds since 1970. */
  at: number
}

/** The latest checkpoint that somebody's panel cosigned. Times in milliseconds since 1970. */
export interface PanelCosignature {
  /** The panel's verifier key. */
  key: string
  userId: string
  userName: string
  size: number
  note: string
  at: number
  registeredAt: number
  /** Whether it is a state that this log was in. */
  fits: boolean
}

export type WitnessStore = ReturnType<typeof openWitnessStore>

const steps: readonly string[] = [
  `CREATE TABLE witnessed (
     origin TEXT PRIMARY KEY,
     size INTEGER NOT NULL,
     root BLOB NOT NULL,
     note TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE refused (
     number INTEGER PRIMARY KEY,
     origin TEXT NOT NULL,
     checkpoint TEXT NOT NULL,
     reason TEXT NOT NULL,
     request TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (origin, checkpoint)
   ) STRICT;
   CREATE TABLE cosigned (
     origin TEXT NOT NULL,
     size INTEGER NOT NULL,
     note TEXT NOT NULL,
     quorum INTEGER NOT NULL,
     PRIMARY KEY (origin, size)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE asked (
     origin TEXT NOT NULL,
     witness TEXT NOT NULL,
     size INTEGER NOT NULL,
     at INTEGER NOT NULL,
     PRIMARY KEY (origin, witness)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE panels (
     origin TEXT NOT NULL,
     panel TEXT NOT NULL,
     user TEXT NOT NULL,
     name TEXT NOT NULL,
     size INTEGER NOT NULL,
     note TEXT NOT NULL,
     at INTEGER NOT NULL,
     registered INTEGER NOT NULL,
     fits INTEGER NOT NULL,
     PRIMARY KEY (origin, panel)
   ) STRICT, WITHOUT ROWID;`,
]

/** Of one log; beyond, the oldest go. */
const maxRefused = 100
const maxPanels = 500
const maxPanelsPerUser = 10

/** Brings the tables up to date. @throws {NewerDatabaseError} */
export function openWitnessStore(database: Database) {
  migrate(database, steps)
  // Freed space is overwritten, for the sake of `forgetPerson`.
  database.exec('PRAGMA secure_delete = ON')
  return { ...peers(database), ...viewCosigned(database), ...witnesses(database), ...panels(database) }
}

/**
 * What witnesses cosigned, to look at only, in a database opened read-only; null where it has no tables yet.
 * @throws {NewerDatabaseError}
 */
export function viewWitnessStore(database: Database): ReturnType<typeof viewCosigned> | null {
  return requireKnownVersion(database, steps) === 0 ? null : viewCosigned(database)
}

function peers(database: Database) {
  const witnessed = (origin: string): WitnessedLog | null => {
    const row = database.prepare('SELECT * FROM witnessed WHERE origin = ?').get(origin)
    return row ? witnessedOf(row) : null
  }
  return {
    witnessed,
    allWitnessed: (): WitnessedLog[] =>
      database.prepare('SELECT * FROM witnessed ORDER BY origin').all().map(witnessedOf),
    /** Compare-and-swap: false, and nothing is changed, where another checkpoint than `before` is the latest. */
    advance({ origin, size, root, note, at }: WitnessedLog, before: WitnessedLog | null): boolean {
      const { changes } = before
        ? database
            .prepare(
              'UPDATE witnessed SET size = ?, root = ?, note = ?, at = ? WHERE origin = ? AND size = ? AND root = ?',
            )
            .run(size, root, note, at, origin, before.size, before.root)
        : database
            .prepare('INSERT OR IGNORE INTO witnessed VALUES (?, ?, ?, ?, ?)')
            .run(origin, size, root, note, at)
      return changes === 1
    },
    /** Keeps the evidence; false where this checkpoint of the log was refused before. */
    keepRefused(refused: RefusedRequest, checkpoint: string): boolean {
      const { origin, reason, request, at } = refused
      return database.transaction(() => {
        const { changes } = database
          .prepare(
            'INSERT OR IGNORE INTO refused (origin, checkpoint, reason, request, at) VALUES (?, ?, ?, ?, ?)',
          )
          .run(origin, checkpoint, reason, request, at)
        const older = 'SELECT number FROM refused WHERE origin = ? ORDER BY number DESC LIMIT -1 OFFSET ?'
        database.prepare(`DELETE FROM refused WHERE number IN (${older})`).run(origin, maxRefused)
        return changes === 1
      })
    },
    /** Newest first. */
    refused: (origin: string): RefusedRequest[] =>
      database
        .prepare('SELECT * FROM refused WHERE origin = ? ORDER BY number DESC')
        .all(origin)
        .map(row => ({
          origin,
          reason: String(row.reason),
          request: String(row.request),
          at: Number(row.at),
        })),
  }
}

/** Of the own log's cosigned checkpoints, those that are worth having: the newest, and the newest with a quorum. Reads only. */
function viewCosigned(database: Database) {
  return {
    /** The cosigned checkpoint of this size. */
    cosignedAt: (origin: string, size: number): CosignedCheckpoint | null =>
      cosignedOf(database.prepare('SELECT * FROM cosigned WHERE origin = ? AND size = ?').get(origin, size)),
    /** The newest that enough witnesses cosigned. */
    quorumOf: (origin: string): CosignedCheckpoint | null =>
      cosignedOf(
        database
          .prepare('SELECT * FROM cosigned WHERE origin = ? AND quorum = 1 ORDER BY size DESC LIMIT 1')
          .get(origin),
      ),
    newestCosigned: (origin: string): CosignedCheckpoint | null =>
      cosignedOf(
        database.prepare('SELECT * FROM cosigned WHERE origin = ? ORDER BY size DESC LIMIT 1').get(origin),
      ),
  }
}

function witnesses(database: Database) {
  return {
    putCosigned(origin: string, { size, note, quorum }: CosignedCheckpoint): void {
      database.transaction(() => {
        database
          .prepare('INSERT OR REPLACE INTO cosigned VALUES (?, ?, ?, ?)')
          .run(origin, size, note, quorum)
        const newest = 'SELECT max(size) FROM cosigned WHERE origin = ?1'
        database
          .prepare(
            `DELETE FROM cosigned WHERE origin = ?1 AND size < (${newest})
             AND size IS NOT (${newest} AND quorum = 1)`,
          )
          .run(origin)
      })
    },
    asked: (origin: string): AskedWitness[] =>
      database
        .prepare('SELECT witness, size, at FROM asked WHERE origin = ?')
        .all(origin)
        .map(row => ({ key: String(row.witness), size: Number(row.size), at: Number(row.at) })),
    putAsked(origin: string, { key, size, at }: AskedWitness): void {
      database.prepare('INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?)').run(origin, key, size, at)
    },
  }
}

function panels(database: Database) {
  return {
    panel(origin: string, key: string): PanelCosignature | null {
      const row = database.prepare('SELECT * FROM panels WHERE origin = ? AND panel = ?').get(origin, key)
      return row ? panelOf(row) : null
    },
    /** Latest first. */
    panels: (origin: string): PanelCosignature[] =>
      database
        .prepare('SELECT * FROM panels WHERE origin = ? ORDER BY at DESC, panel')
        .all(origin)
        .map(panelOf),
    /** Forgets whose panels they are; what was cosigned stays, since others compare with it. */
    forgetPerson(userId: string): void {
      database.prepare("UPDATE panels SET user = '', name = '' WHERE user = ?").run(userId)
      // Nothing of it stays in the journal.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    /** Puts it in the place of what this panel cosigned before; those that were silent longest go. */
    putPanel(origin: string, panel: PanelCosignature): void {
      const { key, userId, userName, size, note, at, registeredAt, fits } = panel
      database.transaction(() => {
        database
          .prepare('INSERT OR REPLACE INTO panels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run(origin, key, userId, userName, size, note, at, registeredAt, fits)
        dropSilent('origin = ?1 AND user = ?2', maxPanelsPerUser, origin, userId)
        dropSilent('origin = ?1 AND ?2 IS NOT NULL', maxPanels, origin, userId)
      })
    },
  }

  function dropSilent(which: string, kept: number, origin: string, userId: string): void {
    // What does not fit is evidence, and stays before all others.
    const silent = `SELECT panel FROM panels WHERE ${which} ORDER BY fits, at DESC, panel LIMIT -1 OFFSET ${kept}`
    database.prepare(`DELETE FROM panels WHERE origin = ?1 AND panel IN (${silent})`).run(origin, userId)
  }
}

function witnessedOf(row: Row): WitnessedLog {
  const { origin, size, root, note, at } = row
  return {
    ...{ origin: String(origin), size: Number(size), root: root as Uint8Array },
    ...{ note: String(note), at: Number(at) },
  }
}

function cosignedOf(row: Row | undefined): CosignedCheckpoint | null {
  return row ? { size: Number(row.size), note: String(row.note), quorum: row.quorum === 1 } : null
}

function panelOf(row: Row): PanelCosignature {
  return {
    ...{ key: String(row.panel), userId: String(row.user), userName: String(row.name) },
    ...{ size: Number(row.size), note: String(row.note), fits: row.fits === 1 },
    ...{ at: Number(row.at), registeredAt: Number(row.registered) },
  }
}
