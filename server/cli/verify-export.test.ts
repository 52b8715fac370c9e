import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultColumnIds } from '../../shared/export/columns.ts'
import { formatNote, parseNote } from '../../shared/log/note.ts'
import {
  exportZip,
  type FilesByName,
  fileEnding,
  pack,
  unpack,
  withFile,
} from '../../test/support/export-zip.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { createBrowser } from '../../test/support/panel-window.ts'
import { createTestKey, rotateTestKey, testEvents, testOrg } from '../../test/support/test-log.ts'
import { createTestWitnessKey } from '../../test/support/test-witness.ts'
import { namesFile, verifyExportCommand } from './verify-export.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailside-'))
let keys: PanelServer['log']['key']['verifierKeys']
let files: FilesByName
let redacted: FilesByName
let cosigned: FilesByName
let witnessKey: string
/** Exported after the log changed its key, and what proves that it did. */
let later: FilesByName
let laterKeys: { log: string }
let keysFile: string
let rotatedAt: number

beforeAll(async () => {
  const server = await openPanelServer()
  const browser = createBrowser(server)
  await server.append(testEvents(0, 12))
  const role = await server.access.createRole(
    { name: 'Auditor', description: '', permissions: ['audit_log.read', 'audit_log.export'] },
    server.byOwner,
  )
  const exported = async (who: string) => {
    const { log } = await browser.openWhole(await server.signIn(who))
    const zip = await exportZip(log, {
      ...{ format: 'csv', filter: {}, zone: 'UTC', columns: [...defaultColumnIds] },
      ...{ byteOrderMark: true, rowsPerFile: 5, proof: true, size: 12 },
    })
    return unpack(zip)
  }
  keys = server.log.key.verifierKeys
  files = await exported('security-analyst')
  redacted = await exported(role.id)
  witnessKey = await cosignNow(server)
  cosigned = await exported('security-analyst')
  rotatedAt = server.log.writer.size
  await rotateTestKey(server.log, 50)
  await server.append(testEvents(12, 15))
  later = await exported('security-analyst')
  laterKeys = server.log.writer.keys
  const transitions = await server.log.store.transitions(testOrg)
  keysFile = save('keys.json', JSON.stringify({ ...server.log.writer.keys, transitions }))
  await browser.close()
  await server.close()
}, 60_000)

/** As if the server had asked a witness. Answers its verifier key. */
async function cosignNow({ log, witnessStore }: PanelServer): Promise<string> {
  const { verifierKey, cosigner } = await createTestWitnessKey('w.example', 7, Date.now)
  const { size, checkpoint } = await log.store.state(testOrg)
  const { text, signatures } = parseNote(checkpoint!)
  const line = { name: cosigner.name, keyId: cosigner.keyId, signature: await cosigner.sign(text) }
  const note = formatNote({ text, signatures: [...signatures, line] })
  witnessStore.putCosigned(log.key.origin, { size, note, quorum: true })
  return verifierKey
}

afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
  })
  const code = await verifyExportCommand(args, { stdout: output('stdout'), stderr: output('stderr') })
  return { code, ...written }
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function saveAll(made: FilesByName): void {
  for (const [name, bytes] of made) save(name, bytes)
}

const changedByte = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

test('0: a zip, by the key or by a policy, in words and as data', async () => {
  const zip = save('a.zip', pack(files))
  const { code, stdout } = await run(zip, '--key', keys.log)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^file {8}a.zip\nlog {9}trailside.local\/acme\ncheckpoint {2}12 entries, signed 2/)
  expect(stdout).toContain('range       entries 0 to 11, none left out; 0 hashes')
  expect(stdout).toMatch(/\nVerified: every row is what was signed, and the rows are all that the log holds/)
  const policy = save('policy', `log ${keys.log}\nquorum none\n`)
  const data = await run(zip, '--policy', policy, '--json')
  expect(data.code).toBe(0)
  expect(JSON.parse(data.stdout)).toMatchObject({ outcome: 'verified', trustedBy: 'policy', rowsChecked: 12 })
})

test('1: one changed byte, in words that name its place', async () => {
  const [name, bytes] = fileEnding(files, 'part-002-of-003.csv')
  const at = Buffer.from(bytes).indexOf('192.0.2.7', 1000)
  const zip = save('b.zip', pack(withFile(files, name, changedByte(bytes, at))))
  const { code, stdout } = await run(zip, '--key', keys.log)
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /TAMPERED: .*part-002-of-003.csv, row \d, column IP address \(log index \d, line \d\): This/,
  )
})

test('2: what cannot be read, and calls that make no sense', async () => {
  expect(await run(save('c.zip', 'PK nonsense'))).toMatchObject({ code: 2 })
  expect(await run(save('d.csv', 'a,b'))).toMatchObject({ code: 2 })
  expect(await run(save('d.csv', 'a,b'), '--manifest', join(folder, 'none'))).toMatchObject({ code: 2 })
  expect(await run(join(folder, 'no-such-file'))).toMatchObject({ code: 2, stdout: '' })
  expect(await run()).toMatchObject({ code: 2, stdout: '' })
  expect(await run(save('a.zip', pack(files)), '--key', 'nonsense')).toMatchObject({ code: 2, stdout: '' })
  expect(await run(save('a.zip', pack(files)), '--nonsense')).toMatchObject({ code: 2, stdout: '' })
})

test('3: no key, somebody else’s key, and witnesses that did not sign', async () => {
  const zip = save('a.zip', pack(files))
  const alone = await run(zip)
  expect(alone.code).toBe(3)
  expect(alone.stdout).toContain(`not pinned: trust the fingerprint ${keys.log} only if you know it`)
  const stranger = (await createTestKey(undefined, 99)).verifierKeys
  expect(await run(zip, '--key', stranger.log)).toMatchObject({ code: 3 })
  const policy = save('policy', `log ${keys.log}\nwitness w ${stranger.time}\nquorum w\n`)
  expect(await run(zip, '--policy', policy)).toMatchObject({ code: 3 })
})

test('0: a policy whose witnesses cosigned the export’s checkpoint, and 3 where one of its own is missing', async () => {
  const zip = save('f.zip', pack(cosigned))
  const witness = `log ${keys.log}\nwitness w ${witnessKey}\n`
  const { code, stdout } = await run(zip, '--policy', save('met', `${witness}quorum w\n`))
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^cosigned {4}w$/m)])
  const other = (await createTestWitnessKey('x.example', 8)).verifierKey
  const both = `${witness}witness x ${other}\ngroup both all w x\nquorum both\n`
  expect(await run(zip, '--policy', save('unmet', both))).toMatchObject({ code: 3 })
})

test('4: verified, with fields that the reader was not given', async () => {
  const { code, stdout } = await run(save('e.zip', pack(redacted)), '--key', keys.log)
  expect(code).toBe(4)
  expect(stdout).toContain('withheld    actor.name in 12 rows\n')
  expect(stdout).toContain('Verified with redactions')
})

test('K9: where the log changed its key, either of the two keys leads to the other', async () => {
  const [before, after] = [save('before.zip', pack(files)), save('after.zip', pack(later))]
  const own = await run(before, '--key', keys.log)
  expect(own).toMatchObject({ code: 0 })
  expect(own.stdout).toContain(`signed by   ${keys.log}\n`)
  expect(await run(before, '--key', laterKeys.log)).toMatchObject({ code: 3 })
  expect(await run(after, '--key', keys.log)).toMatchObject({ code: 3 })
  const older = await run(before, '--key', laterKeys.log, '--keys', keysFile)
  expect(older).toMatchObject({ code: 0 })
  expect(older.stdout).toContain(`${keys.log}, the log's key until entry ${rotatedAt} handed over`)
  const newer = await run(after, '--key', keys.log, '--keys', keysFile)
  expect(newer).toMatchObject({ code: 0 })
  expect(newer.stdout).toContain(`${laterKeys.log}, the log's key since entry ${rotatedAt}`)
})

test('K9: a key that gave way has nothing to say of what came after, and a stranger nothing at all', async () => {
  const forged = await openPanelServer()
  const browser = createBrowser(forged)
  await forged.append(testEvents(0, 20))
  const { log } = await browser.openWhole(await forged.signIn('security-analyst'))
  const zip = await exportZip(log, {
    ...{ format: 'csv', filter: {}, zone: 'UTC', columns: [...defaultColumnIds] },
    ...{ byteOrderMark: true, rowsPerFile: 50, proof: true, size: 20 },
  })
  await browser.close()
  await forged.close()
  const path = save('forged.zip', pack(await unpack(zip)))
  // The test's logs are all signed by the same first key.
  expect(await run(path, '--key', keys.log)).toMatchObject({ code: 0 })
  const { code, stdout } = await run(path, '--key', laterKeys.log, '--keys', keysFile)
  expect(code).toBe(3)
  expect(stdout).toContain(`was in force from 0 to ${rotatedAt + 1} entries, and signed for 20`)
  const stranger = (await createTestKey(undefined, 99)).verifierKeys
  expect(await run(path, '--key', stranger.log, '--keys', keysFile)).toMatchObject({ code: 3 })
  expect(await run(path, '--keys', keysFile)).toMatchObject({ code: 2 })
  expect(await run(path, '--key', keys.log, '--keys', path)).toMatchObject({ code: 2 })
})

test('a lone part with manifest and evidence beside it, under whatever name', async () => {
  saveAll(files)
  const [name, bytes] = fileEnding(files, 'part-001-of-003.csv')
  const manifest = join(folder, 'manifest.json')
  expect(await run(join(folder, name), '--manifest', manifest, '--key', keys.log)).toMatchObject({ code: 0 })
  save(name, changedByte(bytes, 700))
  const { code, stdout } = await run(join(folder, name), '--manifest', manifest, '--key', keys.log)
  expect(code).toBe(1)
  expect(stdout).toContain(`TAMPERED: ${name}, row 3, column Date`)
  const other = save('other.csv', bytes)
  expect(await run(other, '--manifest', manifest)).toMatchObject({ code: 2 })
})

test('a call is about a file when it names one', () => {
  expect(namesFile(['x.zip', '--json'])).toBe(true)
  expect(namesFile(['--key', 'k'])).toBe(true)
  expect(namesFile(['--data', 'dir', '--json'])).toBe(false)
  expect(namesFile([])).toBe(false)
})
