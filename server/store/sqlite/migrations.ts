/** How the log's tables came to be: applied in order, each once, in its own transaction. Order is history. */
import type { Database } from './database.ts'

export const migrations: readonly string[] = [
  `CREATE TABLE logs (
     org INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     size INTEGER NOT NULL,
     checkpoint TEXT
   ) STRICT;
   -- place = org * 2^40 + index: the organization leads, and the first one's places are small numbers.
   CREATE TABLE entries (place INTEGER PRIMARY KEY, open TEXT NOT NULL) STRICT;
   CREATE TABLE disclosures (
     place INTEGER PRIMARY KEY,
     shape INTEGER NOT NULL,
     salts BLOB NOT NULL,
     fields TEXT NOT NULL
   ) STRICT;
   CREATE TABLE shapes (shape INTEGER PRIMARY KEY, description TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE tiles (
     org INTEGER NOT NULL,
     level INTEGER NOT NULL,
     number INTEGER NOT NULL,
     hashes BLOB NOT NULL,
     PRIMARY KEY (org, level, number)
   ) STRICT, WITHOUT ROWID;
   -- hash: 48 bits of a keyed hash of source and id; the entry itself settles whether it is the same name.
   CREATE TABLE names (
     org INTEGER NOT NULL,
     hash INTEGER NOT NULL,
     place INTEGER NOT NULL,
     PRIMARY KEY (org, hash, place)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE secrets (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
   INSERT INTO secrets VALUES ('name-hash', randomblob(16));`,
  `-- version: the log's count of erasures when the bundle last lost disclosures.
   CREATE TABLE erased_bundles (
     org INTEGER NOT NULL,
     bundle INTEGER NOT NULL,
     version INTEGER NOT NULL,
     PRIMARY KEY (org, bundle)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX erased_bundles_by_version ON erased_bundles (org, version);
   CREATE TABLE tasks (
     number INTEGER PRIMARY KEY,
     org INTEGER NOT NULL,
     id TEXT NOT NULL,
     task TEXT NOT NULL,
     UNIQUE (org, id)
   ) STRICT;`,
  `-- size: that of the log once the keys had changed.
   CREATE TABLE transitions (
     org INTEGER NOT NULL,
     size INTEGER NOT NULL,
     text TEXT NOT NULL,
     PRIMARY KEY (org, size)
   ) STRICT, WITHOUT ROWID;`,
  `-- place: of the bundle's first entry. names: 16 bytes of the keyed hash of each entry's source and id, which settle
   -- whether a name is the same now that the entries cannot.
   CREATE TABLE pruned_bundles (place INTEGER PRIMARY KEY, names BLOB NOT NULL) STRICT;
   CREATE TABLE settings (
     org INTEGER NOT NULL,
     name TEXT NOT NULL,
     value TEXT NOT NULL,
     PRIMARY KEY (org, name)
   ) STRICT, WITHOUT ROWID;`,
]

export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError'
}

/** @throws {NewerDatabaseError} when a newer Trailside has changed the tables already. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const version = requireKnownVersion(database, steps)
  for (let step = version; step < steps.length; step++) {
    database.transaction(() => {
      database.exec(steps[step]!)
      database.exec(`PRAGMA user_version = ${step + 1}`)
    })
  }
}

/** The version of the tables. @throws {NewerDatabaseError} when a newer Trailside has changed them */
export function requireKnownVersion(database: Database, steps: readonly string[] = migrations): number {
  const version = Number(database.prepare('PRAGMA user_version').get()!.user_version)
  if (version <= steps.length) return version
  throw new NewerDatabaseError(
    `The database has version ${version}, this Trailside knows ${steps.length}: start the newer one again.`,
  )
}
