import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testEvents, testOrg } from '../../test/support/test-log.ts'
import { openLogKey } from '../log/log-key.ts'
import { type LogWriter, openLogWriter } from '../log/writer.ts'
import { dataFiles } from '../store/data-folder.ts'
import { type Database, openDatabase } from '../store/sqlite/database.ts'
import { openSqliteLogStore } from '../store/sqlite/log-store.ts'
import { verifyCommand } from './verify.ts'

let folder: string
let database: Database
let writer: LogWriter
let keys: { log: string; time: string }
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trailside-'))
  database = openDatabase(dataFiles(folder).log)
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const origin = 'trailside.local/acme'
  const key = await openLogKey({
    ...{ path: dataFiles(folder).logKey, origin, mayCreate: true, clock: Date.now, randomBytes },
  })
  keys = key.verifierKeys
  const store = openSqliteLogStore(database)
  writer = await openLogWriter({ org: testOrg, store, key, clock: Date.now, randomBytes })
  await writer.append(testEvents(0, 300))
})
afterEach(async () => {
  await writer.close()
  database.close()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
  })
  const code = await verifyCommand(args, { stdout: output('stdout'), stderr: output('stderr') })
  return { code, ...written }
}

test('0: a log that a backend is at work on is verified as it is at one moment', async () => {
  const more = writer.append(testEvents(300, 900))
  const { code, stdout } = await run('--data', folder)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^log {9}trailside.local\/acme\nentries {5}\d+\nroot .*\nsigned .*\nVerified: every/)
  await more
  const { stdout: json } = await run('--data', folder, '--json')
  expect(JSON.parse(json)).toMatchObject([{ outcome: 'verified', size: 900, entriesChecked: 900 }])
})

test('1: what was changed is named', async () => {
  database.exec("UPDATE entries SET open = replace(open, 'scan', 'scam') WHERE place = 7")
  const { code, stdout } = await run('--data', folder)
  expect(code).toBe(1)
  expect(stdout).toContain('TAMPERED: Entry 7 is not what was signed')
})

test('2: no log, no such flag, no policy, a file that is no database', async () => {
  expect(await run('--data', join(folder, 'none'))).toMatchObject({ code: 2, stdout: '' })
  expect(await run('--nonsense')).toMatchObject({ code: 2 })
  writeFileSync(join(folder, 'policy'), 'nonsense')
  expect(await run('--data', folder, '--policy', join(folder, 'policy'))).toMatchObject({ code: 2 })
  const other = join(folder, 'other')
  mkdirSync(other)
  writeFileSync(dataFiles(other).log, 'nonsense'.repeat(1000))
  const { code, stderr } = await run('--data', other, '--policy', policyOf(keys.log))
  expect(code).toBe(2)
  expect(stderr).toContain('cannot be read')
})

test('3: without its key, or by another one, a log is not trusted', async () => {
  const path = policyOf('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k')
  expect(await run('--data', folder, '--policy', path)).toMatchObject({ code: 3 })
  expect(await run('--data', folder, '--policy', policyOf(keys.log))).toMatchObject({ code: 0 })
  rmSync(dataFiles(folder).logKey)
  expect(await run('--data', folder)).toMatchObject({ code: 3 })
  expect(await run('--data', folder, '--policy', policyOf(keys.log))).toMatchObject({ code: 0 })
})

function policyOf(key: string): string {
  const path = join(folder, `policy-${Math.random()}`)
  writeFileSync(path, `log ${key}\nquorum none\n`)
  return path
}
