import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followTransitions, isEpochStart } from '../../shared/log/epoch.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { testEvent, testEvents, testOrg } from '../../test/support/test-log.ts'
import { backup, restore } from '../backup.ts'
import { createNormalise } from '../intake/normalise.ts'
import { nodeHasher } from '../node-hasher.ts'
import { dataFiles } from '../store/data-folder.ts'
import { type Database, openDatabase } from '../store/sqlite/database.ts'
import { openSqliteLogStore } from '../store/sqlite/log-store.ts'
import { dropRestoredMark, prepareEpoch, readRestoredMark, restoredMarkName } from './epoch-start.ts'
import { openLogKey, settleKeys } from './log-key.ts'
import { verifyLog } from './verify-log.ts'
import { openLogWriter } from './writer.ts'

let place: string
let databases: Database[]
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'trailside-'))
  databases = []
})
afterEach(async () => {
  for (const database of databases) database.close()
  await rm(place, { recursive: true })
})

const origin = 'trailside.local/acme'
const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const normalise = createNormalise(new Uint8Array(32))

/** As the backend opens a folder; `dies` after the step of that name. */
async function open(folder: string, dies: 'drawn' | 'begun' | null = null) {
  const files = dataFiles(folder)
  const database = openDatabase(files.log)
  databases.push(database)
  const store = openSqliteLogStore(database)
  const { checkpoint } = await store.state(testOrg)
  const parts = { path: files.logKey, clock: Date.now, randomBytes }
  const key = await openLogKey({ ...parts, origin, mayCreate: checkpoint === null, checkpoint })
  const mark = readRestoredMark(folder)
  const epoch = mark && (await prepareEpoch({ ...parts, mark, key, checkpoint: checkpoint!, normalise }))
  if (dies === 'drawn') throw new Error('killed')
  const writer = await openLogWriter({ org: testOrg, store, key, clock: Date.now, randomBytes, epoch })
  if (dies === 'begun') throw new Error('killed')
  await settleKeys(files.logKey, (await store.state(testOrg)).checkpoint, Date.now)
  dropRestoredMark(folder)
  const verify = (policy: string | null = null) =>
    verifyLog({
      ...{ org: testOrg, store },
      trust:
        policy === null ? { own: writer.keys, policy: null } : { own: null, policy: parsePolicy(policy) },
    })
  return { writer, store, verify, keyLines: () => readFileSync(files.logKey, 'utf8').trim().split('\n') }
}

async function backedUp(name = 'data', size = 300) {
  const data = join(place, name)
  await mkdir(data, { mode: 0o700 })
  const first = await open(data)
  await first.writer.append(testEvents(0, size))
  const from = join(place, `${name}.tar`)
  await backup({ dataFolder: data, to: from })
  await first.writer.append(testEvents(size, size + 50))
  return { from, keys: first.writer.keys, keyLines: first.keyLines() }
}

test('O1, O2: a restored log goes on under another origin and fresh keys, and tells of it first', async () => {
  const { from, keys, keyLines } = await backedUp()
  const folder = join(place, 'restored')
  expect(await restore({ from, dataFolder: folder, reason: 'the disk failed' })).toEqual({
    ...{ size: 300, origin: `${origin}/epoch2` },
  })
  const { writer, store, verify, keyLines: linesNow } = await open(folder)
  expect(writer.keys.origin).toBe(`${origin}/epoch2`)
  expect(writer.size).toBe(301)
  for (const line of keyLines) expect(linesNow()).not.toContain(line)
  expect(existsSync(join(folder, restoredMarkName))).toBe(false)
  const [step] = await followTransitions(nodeHasher, await store.transitions(testOrg), keys)
  expect(step).toMatchObject({
    after: writer.keys,
    index: 300,
    reason: 'the disk failed',
    restored: { size: 300 },
  })
  // The key of the backup has not signed what came after it.
  expect(step!.note.match(/^— \S+ /gm)).toEqual([`— ${origin}/epoch2 `, `— ${origin}/epoch2/time `])
  await writer.append([testEvent('after')])
  expect(await verify()).toMatchObject({ outcome: 'verified', origin: `${origin}/epoch2` })
  expect(await verify(`log ${keys.log}\nquorum none`)).toMatchObject({ outcome: 'untrusted' })
  expect(await verify(`log ${writer.keys.log}\nquorum none`)).toMatchObject({ outcome: 'verified' })
})

test('O1: an epoch follows on an epoch, and a number that was used up can be passed over', async () => {
  const { from } = await backedUp()
  const folder = join(place, 'restored')
  await restore({ from, dataFolder: folder })
  await open(folder)
  const next = join(place, 'next.tar')
  await backup({ dataFolder: folder, to: next })
  await restore({ from: next, dataFolder: join(place, 'third') })
  const third = await open(join(place, 'third'))
  expect(third.writer.keys.origin).toBe(`${origin}/epoch3`)
  expect(await third.verify()).toMatchObject({
    outcome: 'verified',
    keyChanges: [{ index: 300 }, { index: 301 }],
  })
  await restore({ from, dataFolder: join(place, 'again'), epoch: 4 })
  expect((await open(join(place, 'again'))).writer.keys.origin).toBe(`${origin}/epoch4`)
  await expect(restore({ from, dataFolder: join(place, 'never'), epoch: 1 })).rejects.toThrow('cannot go on')
})

test.each(['drawn', 'begun'] as const)(
  'a start that dies once the keys are %s is made good by the next',
  async dies => {
    const { from } = await backedUp()
    const folder = join(place, 'restored')
    await restore({ from, dataFolder: folder })
    await expect(open(folder, dies)).rejects.toThrow('killed')
    const { writer, verify, keyLines } = await open(folder)
    expect(writer.keys.origin).toBe(`${origin}/epoch2`)
    expect(writer.size).toBe(301)
    expect(keyLines()).toHaveLength(2)
    expect(await verify()).toMatchObject({ outcome: 'verified' })
    const again = await open(folder)
    expect([again.writer.size, again.writer.keys]).toEqual([301, writer.keys])
  },
)

test('a mark that cannot be read keeps the log from going on as if nothing had happened', async () => {
  const { from } = await backedUp()
  const folder = join(place, 'restored')
  await restore({ from, dataFolder: folder })
  writeFileSync(join(folder, restoredMarkName), '{')
  await expect(open(folder)).rejects.toThrow('cannot be read')
})

test('F11: an epoch without what proves it, or with the proof of another, is found', async () => {
  const { from } = await backedUp()
  const folder = join(place, 'restored')
  await restore({ from, dataFolder: folder })
  const { verify, store } = await open(folder)
  const [text] = await store.transitions(testOrg)
  const database = databases.at(-1)!
  database.exec('DELETE FROM transitions')
  expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'entry 300' })
  database.prepare('INSERT INTO transitions VALUES (0, 301, ?)').run(text!.replace('index 300', 'index 299'))
  expect(await verify()).toMatchObject({ outcome: 'tampered', place: 'key change' })
  expect(
    (await followTransitions(nodeHasher, [text!], { origin: '', log: '', time: '' })).some(isEpochStart),
  ).toBe(false)
})
