/**
 * A data folder as one file, taken while the server works on it, and put back. The file is a tar archive of the
 * databases as they stood at one moment and of every small file beside them, the log's signing key included: whoever
 * has a backup can sign as the log.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract, type Pack, pack } from 'tar-stream'
import { isLaterEpoch, nextEpoch } from '../shared/log/epoch.ts'
import { markRestored } from './log/epoch-start.ts'
import { keyInForce, readLogKeys } from './log/log-key.ts'
import { resumeLog } from './log/start-up.ts'
import { dataFiles } from './store/data-folder.ts'
import { openDatabase } from './store/sqlite/database.ts'
import { openSqliteLogStore } from './store/sqlite/log-store.ts'

export class BackupError extends Error {
  override name = 'BackupError'
}

export interface BackupReport {
  file: string
  bytes: number
  /** Entries of the log in it. */
  size: number
}

/** Belongs to the process at work on the folder, not to its data, or can be made from it again. */
const notData = /^(lock\.db|index\.db|backend\.json|restored\.json)|(-wal|-shm|-journal|\.new|\.partial)$/

/**
 * Writes the file (0600), checks it, and only then gives it its name. The folder may be in use.
 * @throws {BackupError}
 */
export async function backup({ dataFolder, to }: { dataFolder: string; to: string }): Promise<BackupReport> {
  if (existsSync(to)) throw new BackupError(`${to} exists already. A backup is never written over another.`)
  if (!existsSync(dataFiles(dataFolder).log)) throw new BackupError(`${dataFolder} holds no log.`)
  const parts = `${to}.parts`
  const draft = `${to}.partial`
  await mkdir(parts, { mode: 0o700 })
  try {
    await snapshotUnderOneKey(dataFolder, parts)
    const { size } = await checkFolder(parts)
    await writeArchive(parts, draft)
    await compareArchive(draft, parts)
    await rename(draft, to)
    await syncFolder(dirname(to))
    return { file: to, bytes: (await stat(to)).size, size }
  } finally {
    await rm(parts, { recursive: true, force: true })
    await rm(draft, { force: true })
  }
}

export interface RestoreOptions {
  from: string
  dataFolder: string
  /** Why, as it will stand in the log. */
  reason?: string | undefined
  /** The number of the log's next epoch, where others were used up since the backup. */
  epoch?: number | undefined
}

/**
 * Puts a backup into a folder that is new or empty, checks it, and marks it: whatever the log took in since the backup
 * is lost, so that the next start makes a new epoch of it. @throws {BackupError}
 */
export async function restore(options: RestoreOptions): Promise<{ size: number; origin: string }> {
  const { from, dataFolder, reason = 'restored from a backup', epoch = null } = options
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  if ((await readdir(dataFolder)).length > 0) {
    throw new BackupError(`${dataFolder} is not empty. A backup is put into a folder of its own.`)
  }
  await eachFile(from, async (name, content) => {
    await pipeline(content, createWriteStream(join(dataFolder, name), { flags: 'wx', mode: 0o600 }))
  })
  const { size, origin } = await checkFolder(dataFolder)
  if (epoch !== null && !isLaterEpoch(nextEpoch(origin, epoch), origin))
    throw new BackupError(`The log ${origin} cannot go on as epoch ${epoch}.`)
  markRestored(dataFolder, { origin, reason, epoch, restoredAt: new Date().toISOString() })
  return { size, origin: nextEpoch(origin, epoch ?? undefined) }
}

/** Keys that change while it is taken make it a copy of a log beside the keys of another moment: it is taken again. */
async function snapshotUnderOneKey(dataFolder: string, parts: string): Promise<void> {
  const { logKey } = dataFiles(dataFolder)
  for (;;) {
    await snapshot(dataFolder, parts)
    const keys = await readFile(join(parts, basename(logKey)), 'utf8')
    if (keys === (await readFile(logKey, 'utf8'))) return
    for (const name of await readdir(parts)) await rm(join(parts, name))
  }
}

/**
 * Accounts first, log second: the log then tells of every change in the accounts. Changes to accounts whose events
 * had not reached the log yet carry these with them.
 */
async function snapshot(dataFolder: string, parts: string): Promise<void> {
  const names = (await readdir(dataFolder, { withFileTypes: true }))
    .filter(entry => entry.isFile() && !notData.test(entry.name))
    .map(entry => entry.name)
  const log = basename(dataFiles(dataFolder).log)
  for (const name of names.sort((a, b) => Number(a === log) - Number(b === log))) {
    if (name.endsWith('.db')) copyDatabase(join(dataFolder, name), join(parts, name))
    else await copyFile(join(dataFolder, name), join(parts, name))
  }
}

function copyDatabase(from: string, to: string): void {
  const database = openDatabase(from, { readOnly: true })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}

/** Every database whole, and the log's right edge as its key signed it. Answers the log's size and origin. */
async function checkFolder(folder: string): Promise<{ size: number; origin: string }> {
  for (const name of await readdir(folder)) if (name.endsWith('.db')) checkDatabase(join(folder, name))
  const { log, logKey } = dataFiles(folder)
  const database = openDatabase(log)
  try {
    const store = openSqliteLogStore(database)
    const keys = await readLogKeys(logKey, Date.now)
    let [size, origin] = [0, keys[0]!.origin]
    for (const org of await store.organizations()) {
      const key = await keyInForce(keys, (await store.state(org)).checkpoint)
      size += (await resumeLog(store, org, key)).range.size
      origin = key.origin
    }
    return { size, origin }
  } finally {
    database.close()
  }
}

function checkDatabase(path: string): void {
  const database = openDatabase(path)
  try {
    const [found] = database.prepare('PRAGMA quick_check(1)').all()
    if (found?.quick_check !== 'ok')
      throw new BackupError(`${basename(path)} is damaged: ${found?.quick_check}`)
  } finally {
    database.close()
  }
}

async function writeArchive(parts: string, to: string): Promise<void> {
  const archive = pack()
  const written = pipeline(archive, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }))
  for (const name of await readdir(parts)) {
    if (!notData.test(name)) await addFile(archive, join(parts, name))
  }
  archive.finalize()
  await written
}

async function addFile(archive: Pack, path: string): Promise<void> {
  const { size, mtime } = await stat(path)
  await pipeline(createReadStream(path), archive.entry({ name: basename(path), size, mtime, mode: 0o600 }))
}

/** Reads the archive back from the disk: what cannot be read now could not be restored later. */
async function compareArchive(archive: string, parts: string): Promise<void> {
  const found: string[] = []
  await eachFile(archive, async (name, content) => {
    found.push(name)
    const [written, meant] = [await digestOf(content), await digestOf(createReadStream(join(parts, name)))]
    if (written !== meant)
      throw new BackupError(`${name} did not come back from ${archive} as it was written.`)
  })
  const missing = (await readdir(parts)).filter(name => !notData.test(name) && !found.includes(name))
  if (missing.length > 0) throw new BackupError(`${missing.join(', ')} did not reach ${archive}.`)
}

async function eachFile(
  archive: string,
  visit: (name: string, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const entries = extract()
  const reading = pipeline(createReadStream(archive), entries)
  // Its failure also ends the loop below, which reports it.
  reading.catch(() => {})
  for await (const entry of entries) {
    const { name, type } = entry.header
    if (type !== 'file' || !/^[\w-][\w.-]*$/.test(name))
      throw new BackupError(`${archive} is not a backup: ${name}`)
    await visit(name, entry)
  }
  await reading
}

async function digestOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content) hash.update(chunk)
  return hash.digest('hex')
}

/** A new name survives a power cut only once its folder has been flushed; Windows has no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
