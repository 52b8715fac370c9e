import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testEvent, testEvents, testOrg } from '../test/support/test-log.ts'
import { backup, restore } from './backup.ts'
import { openLogKey } from './log/log-key.ts'
import { type LogWriter, openLogWriter } from './log/writer.ts'
import { type DataFolder, openDataFolder } from './store/data-folder.ts'
import { type Database, openDatabase } from './store/sqlite/database.ts'
import { kyselyOver } from './store/sqlite/kysely-dialect.ts'
import { openSqliteLogStore } from './store/sqlite/log-store.ts'

let place: string
let folder: DataFolder
let writer: LogWriter
let databases: Database[]

async function openWriter(data: DataFolder, mayCreate: boolean): Promise<LogWriter> {
  const database = openDatabase(data.files.log)
  databases.push(database)
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const origin = 'trailside.local/acme'
  const key = await openLogKey({ path: data.files.logKey, origin, mayCreate, clock: Date.now, randomBytes })
  return openLogWriter({
    org: testOrg,
    store: openSqliteLogStore(database),
    key,
    clock: Date.now,
    randomBytes,
  })
}

beforeEach(async () => {
  databases = []
  place = await mkdtemp(join(tmpdir(), 'trailside-'))
  folder = openDataFolder(join(place, 'data'))
  folder.announce('http://127.0.0.1:1')
  writer = await openWriter(folder, true)
  const access = openDatabase(folder.files.access)
  databases.push(access)
  const kysely = kyselyOver<{ t: { a: number } }>(access)
  await kysely.schema.createTable('t').addColumn('a', 'integer').execute()
  await kysely.insertInto('t').values({ a: 7 }).execute()
  writeFileSync(join(folder.path, 'workspace.json'), '{}', { mode: 0o600 })
})
afterEach(async () => {
  await writer.close()
  for (const database of databases) database.close()
  folder.close()
  await rm(place, { recursive: true })
})

test('a backup taken while events come in can be restored and goes on', async () => {
  await writer.append(testEvents(0, 300))
  const to = join(place, 'backup.tar')
  let running = true
  const more = (async () => {
    for (let i = 300; running; i++) await writer.append([testEvent(i)])
  })()
  const report = await backup({ dataFolder: folder.path, to })
  running = false
  await more
  expect(report.size).toBeGreaterThanOrEqual(300)
  expect(report.size).toBeLessThanOrEqual(writer.size)
  expect(statSync(to).mode & 0o777).toBe(0o600)
  expect(readdirSync(place).sort()).toEqual(['backup.tar', 'data'])

  const restored = join(place, 'restored')
  expect(await restore({ from: to, dataFolder: restored })).toEqual({
    size: report.size,
    origin: 'trailside.local/acme/epoch2',
  })
  const names = readdirSync(restored).filter(name => !/-(wal|shm)$/.test(name))
  expect(names.sort()).toEqual(['access.db', 'log-key', 'log.db', 'restored.json', 'workspace.json'])
  const other = openDataFolder(restored)
  const again = await openWriter(other, false)
  expect(await again.append([testEvent(0), testEvent('new')])).toMatchObject([
    { status: 'duplicate', index: 0 },
    { status: 'accepted', index: report.size },
  ])
  await again.close()
  other.close()
})

test('a backup is never written over another, nor restored over data', async () => {
  await writer.append(testEvents(0, 2))
  const to = join(place, 'backup.tar')
  writeFileSync(to, 'precious')
  await expect(backup({ dataFolder: folder.path, to })).rejects.toThrow('exists already')
  expect(readFileSync(to, 'utf8')).toBe('precious')
  await expect(restore({ from: to, dataFolder: folder.path })).rejects.toThrow('is not empty')
})

test('a damaged log is not backed up as if it were sound', async () => {
  await writer.append(testEvents(0, 2))
  databases[0]!.exec("UPDATE entries SET open = replace(open, 'scan', 'scam')")
  const to = join(place, 'backup.tar')
  await expect(backup({ dataFolder: folder.path, to })).rejects.toThrow(
    'Entry 0 of the log is not what was signed',
  )
  expect(existsSync(to)).toBe(false)
  expect(readdirSync(place)).toEqual(['data'])
})

test('a file that is no backup, or one cut short, is refused', async () => {
  await writer.append(testEvents(0, 2))
  const to = join(place, 'backup.tar')
  await backup({ dataFolder: folder.path, to })
  const short = join(place, 'short.tar')
  writeFileSync(short, readFileSync(to).subarray(0, 20_000))
  await expect(restore({ from: short, dataFolder: join(place, 'a') })).rejects.toThrow()
  writeFileSync(short, 'nonsense'.repeat(1000))
  await expect(restore({ from: short, dataFolder: join(place, 'b') })).rejects.toThrow()
})
