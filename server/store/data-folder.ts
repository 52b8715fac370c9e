/**
 * The folder that holds a workspace: databases, keys, and the mark of the one process that works on it. The mark is a
 * lock on a tiny database, which the system itself lifts when a process dies, however it dies.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from './sqlite/database.ts'

export interface DataFolder {
  readonly path: string
  readonly files: DataFiles
  /** What commands on this machine prove themselves with; a new one for every process. */
  readonly secret: string
  /** Tells those commands where to reach us; taken back by `close`. */
  announce(url: string): void
  /** Lets another process have the folder. */
  close(): void
}

export interface DataFiles {
  log: string
  /** What the event index keeps: made anew where it is absent. */
  index: string
  access: string
  feed: string
  logKey: string
  /** What this server cosigned for others, and others for it. */
  witness: string
  witnessKey: string
}

export interface RunningBackend {
  url: string
  /** Known only to those who may read the folder: proves that a command comes from this machine's owner. */
  secret: string
}

/** Another process works on the folder. */
export class DataFolderBusyError extends Error {
  override name = 'DataFolderBusyError'
}

/** Makes the folder where absent (0700) and takes it for this process alone. @throws {DataFolderBusyError} */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  // A command that only looks holds the lock for an instant.
  const lock = takeLock(path, 1000)
  if (!lock) throw new DataFolderBusyError(busyWords(path))
  heldLocks.add(lock)
  // Left behind by a process that was killed.
  rmSync(announcementPath(path), { force: true })
  const secret = randomBytes(32).toString('base64url')
  return {
    path,
    files: dataFiles(path),
    secret,
    announce: url => announce(path, { url, secret }),
    close() {
      rmSync(announcementPath(path), { force: true })
      heldLocks.delete(lock)
      lock.close()
    },
  }
}

/** A database that nothing refers to is closed when memory is tidied, and its lock with it. */
const heldLocks = new Set<Database>()

export function dataFiles(path: string): DataFiles {
  return {
    log: join(path, 'log.db'),
    index: join(path, 'index.db'),
    access: join(path, 'access.db'),
    feed: join(path, 'feed.db'),
    logKey: join(path, 'log-key'),
    witness: join(path, 'witness.db'),
    witnessKey: join(path, 'witness-key'),
  }
}

/** The backend at work on the folder; null when none is, or when it does not answer yet. */
export function runningBackend(path: string): RunningBackend | null {
  let announced: RunningBackend
  try {
    announced = JSON.parse(readFileSync(announcementPath(path), 'utf8')) as RunningBackend
  } catch {
    return null
  }
  const lock = takeLock(path, 0)
  if (!lock) return announced
  lock.close()
  return null
}

/** Null where another process has it. */
function takeLock(path: string, busyTimeoutMs: number): Database | null {
  let database: Database | undefined
  try {
    database = openDatabase(join(path, 'lock.db'), { busyTimeoutMs, journal: 'DELETE' })
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database?.close()
    if (/database is locked|SQLITE_BUSY/.test(String(error))) return null
    throw error
  }
}

function announce(path: string, backend: RunningBackend): void {
  const draft = `${announcementPath(path)}.new`
  writeFileSync(draft, JSON.stringify(backend), { mode: 0o600 })
  // Renamed into place, so that nobody reads half of it.
  renameSync(draft, announcementPath(path))
}

function announcementPath(path: string): string {
  return join(path, 'backend.json')
}

function busyWords(path: string): string {
  const running = runningBackend(path)
  const where = running ? ` It answers at ${running.url}.` : ''
  return `Another Trailside process works on ${path}.${where} Only one can; stop it first.`
}
