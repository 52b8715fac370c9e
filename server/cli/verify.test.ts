import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatNote, parseNote } from '../../shared/log/note.ts'
import { testEvents, testOrg } from '../../test/support/test-log.ts'
import { createTestWitnessKey } from '../../test/support/test-witness.ts'
import { openLogKey } from '../log/log-key.ts'
import { type LogWriter, openLogWriter } from '../log/writer.ts'
import { dataFiles } from '../store/data-folder.ts'
import { type Database, openDatabase } from '../store/sqlite/database.ts'
import { openSqliteLogStore } from '../store/sqlite/log-store.ts'
import { openWitnessStore } from '../witness/witness-store.ts'
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

describe('a policy with witnesses', () => {
  const minutes = (count: number) => Date.now() + count * 60_000

  /** What the collector keeps of a round in which this witness cosigned. */
  async function cosign({ size = writer.size, note = checkpointNow(), at = Date.now(), seed = 1 } = {}) {
    const { verifierKey, cosigner } = await createTestWitnessKey('w.example', seed, () => at)
    const { text, signatures } = parseNote(note)
    const line = { name: cosigner.name, keyId: cosigner.keyId, signature: await cosigner.sign(text) }
    const witnesses = openDatabase(dataFiles(folder).witness)
    const cosigned = formatNote({ text, signatures: [...signatures, line] })
    openWitnessStore(witnesses).putCosigned('trailside.local/acme', { size, note: cosigned, quorum: true })
    witnesses.close()
    return `log ${keys.log}\nwitness w ${verifierKey}\nquorum w\n`
  }

  function checkpointNow(): string {
    return String(database.prepare('SELECT checkpoint FROM logs').get()!.checkpoint)
  }

  function saved(policy: string): string {
    writeFileSync(join(folder, 'policy'), policy)
    return join(folder, 'policy')
  }

  test('F1: 0 where the quorum is on the newest checkpoint, whoever keeps the log’s key', async () => {
    const policy = saved(await cosign())
    const { code, stdout } = await run('--data', folder, '--policy', policy)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^cosigned {4}w$/m)])
    rmSync(dataFiles(folder).logKey)
    expect(await run('--data', folder, '--policy', policy)).toMatchObject({ code: 0 })
  })

  test('F1: 0 where it is on an earlier one, and how far it reaches is said', async () => {
    const policy = saved(await cosign())
    await writer.append(testEvents(300, 307))
    const { code, stdout } = await run('--data', folder, '--policy', policy)
    expect(code).toBe(0)
    expect(stdout).toContain('cosigned    w: entries below 300; the 7 newest are signed by the log alone\n')
    const { stdout: json } = await run('--data', folder, '--policy', policy, '--json')
    expect(JSON.parse(json)).toMatchObject([{ size: 307, witnesses: ['w'], witnessedSize: 300 }])
  })

  test('F1: 3 where the witnesses were last asked long before the newest entry came', async () => {
    const policy = saved(await cosign({ at: minutes(-31) }))
    expect(await run('--data', folder, '--policy', policy)).toMatchObject({ code: 0 })
    await writer.append(testEvents(300, 301))
    const { code, stdout } = await run('--data', folder, '--policy', policy)
    expect([code, stdout]).toEqual([3, expect.stringContaining('Only the first 300 of 301 entries')])
  })

  test('F1: 3 without any cosignature, or by another witness', async () => {
    const policy = saved(await cosign({ seed: 9 }))
    const { verifierKey } = await createTestWitnessKey('w.example', 1)
    const other = `log ${keys.log}\nwitness w ${verifierKey}\nquorum w\n`
    expect(await run('--data', folder, '--policy', saved(other))).toMatchObject({ code: 3 })
    rmSync(dataFiles(folder).witness)
    expect(await run('--data', folder, '--policy', policy)).toMatchObject({ code: 3 })
  })

  test('F1: 1 where the log is not what the witnesses cosigned, or has lost entries since', async () => {
    const root = new Uint8Array(32).fill(1)
    const key = await openLogKey({
      ...{ path: dataFiles(folder).logKey, origin: 'trailside.local/acme', mayCreate: false },
      ...{ clock: Date.now, randomBytes: length => new Uint8Array(length) },
    })
    const rewritten = saved(await cosign({ size: 299, note: await key.sign(299, root) }))
    const first = await run('--data', folder, '--policy', rewritten)
    expect([first.code, first.stdout]).toEqual([
      1,
      expect.stringContaining('The first 299 entries are not those'),
    ])
    const lost = saved(await cosign({ size: 400, note: await key.sign(400, root) }))
    const second = await run('--data', folder, '--policy', lost)
    expect([second.code, second.stdout]).toEqual([
      1,
      expect.stringContaining('Witnesses cosigned 400 entries of this log, which has 300 now.'),
    ])
  })
})
