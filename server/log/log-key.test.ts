import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogKeyOptions, openLogKey } from './log-key.ts'

let folder: string
let seed = 0
const options = (changes: Partial<LogKeyOptions> = {}): LogKeyOptions => ({
  path: join(folder, 'log-key'),
  origin: 'trailside.local/acme',
  mayCreate: true,
  clock: () => 1_700_000_000_500,
  randomBytes: length => new Uint8Array(length).fill(++seed),
  ...changes,
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trailside-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a key is made once, for its owner only, and comes back the same', async () => {
  const made = await openLogKey(options())
  expect(statSync(options().path).mode & 0o777).toBe(0o600)
  const again = await openLogKey(options({ mayCreate: false }))
  expect(again.verifierKeys).toEqual(made.verifierKeys)
  const root = new Uint8Array(32).fill(9)
  expect(await again.open(await made.sign(12, root))).toEqual({
    size: 12,
    root,
    signedAtMs: 1_700_000_000_000,
  })
})

test('a note of another key is not taken', async () => {
  const key = await openLogKey(options())
  const other = await openLogKey(options({ path: join(folder, 'other') }))
  await expect(key.open(await other.sign(1, new Uint8Array(32)))).rejects.toThrow('no known key signed')
})

test.skipIf(process.platform === 'win32')('a key that others can read is refused', async () => {
  await openLogKey(options())
  chmodSync(options().path, 0o640)
  await expect(openLogKey(options())).rejects.toThrow('mode 640')
})

test('a log without its key does not start under a new one', async () => {
  await expect(openLogKey(options({ mayCreate: false }))).rejects.toThrow('is missing, but the log exists')
})

test('a key of another origin, or a damaged one, is refused', async () => {
  await openLogKey(options())
  await expect(openLogKey(options({ origin: 'log.example' }))).rejects.toThrow(
    'the key of the log "trailside.local/acme"',
  )
  const text = readFileSync(options().path, 'utf8')
  writeFileSync(options().path, text.split('\n')[0]!)
  await expect(openLogKey(options())).rejects.toThrow('is not a key file of this log')
  writeFileSync(options().path, text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))
  await expect(openLogKey(options())).rejects.toThrow('a key id is not that of its key')
})
