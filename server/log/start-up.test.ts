import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createTestKey,
  openTestLog,
  type TestLog,
  testEvent,
  testEvents,
  testOrg,
} from '../../test/support/test-log.ts'
import { DamagedLogError, resumeLog } from './start-up.ts'

let log: TestLog
beforeEach(async () => {
  log = await openTestLog()
})
afterEach(() => log.close())

const resume = () => resumeLog(log.store, testOrg, log.key)

test.each([0, 1, 255, 256, 257, 512, 513, 1000])('a sound log of %i entries is taken up', async size => {
  await log.writer.append(testEvents(0, size))
  expect((await resume()).range.size).toBe(size)
})

test.each([5, 256, 300, 512])('a changed leaf at the right edge is found (log of %i)', async size => {
  await log.writer.append(testEvents(0, size))
  log.database.exec(
    `UPDATE entries SET open = replace(open, 'scan.started', 'scan.stopped') WHERE place = ${size - 1}`,
  )
  await expect(resume()).rejects.toThrow(`Entry ${size - 1} of the log is not what was signed`)
})

test('a changed value or salt of a disclosure is found', async () => {
  await log.writer.append(testEvents(0, 5))
  log.database.exec("UPDATE disclosures SET fields = replace(fields, 'zoe@', 'eve@') WHERE place = 3")
  await expect(resume()).rejects.toThrow('Entry 3 of the log is not what was signed')
})

test.each([
  [5, 0, 0],
  [256, 0, 0],
  [256, 1, 0],
  [300, 0, 1],
])('a flipped byte in a tile is found (log of %i, tile %i/%i)', async (size, level, number) => {
  await log.writer.append(testEvents(0, size))
  const bytes = (await log.store.tile(testOrg, level, number))!
  bytes[bytes.length - 1]! ^= 1
  log.database.prepare('UPDATE tiles SET hashes = ? WHERE level = ? AND number = ?').run(bytes, level, number)
  await expect(resume()).rejects.toThrow(
    `Tile ${level}/${number} of the log is missing or not what was signed`,
  )
})

test('a flipped byte in a tile left of the last bundle is found', async () => {
  await log.writer.append(testEvents(0, 600))
  const bytes = (await log.store.tile(testOrg, 1, 0))!
  bytes[0]! ^= 1
  log.database.prepare('UPDATE tiles SET hashes = ? WHERE level = 1').run(bytes)
  await expect(resume()).rejects.toThrow('do not lead to the root that was signed')
})

test('a missing entry or tile is named', async () => {
  await log.writer.append(testEvents(0, 5))
  log.database.exec('DELETE FROM tiles')
  await expect(resume()).rejects.toThrow('Tile 0/0 of the log is missing')
  log.database.exec('DELETE FROM entries WHERE place = 2')
  await expect(resume()).rejects.toThrow('Entry 2 of the log is missing')
})

test('a changed checkpoint, another size, and another key are refused', async () => {
  await log.writer.append([testEvent('a')])
  const { checkpoint } = await log.store.state(testOrg)
  const put = (size: number, text: string | null) =>
    log.database.prepare('UPDATE logs SET size = ?, checkpoint = ?').run(size, text)
  put(1, checkpoint!.replace('\n1\n', '\n2\n'))
  await expect(resume()).rejects.toThrow('not one that its key signed')
  put(0, checkpoint)
  await expect(resume()).rejects.toThrow('has 0 entries, but its signed checkpoint speaks of 1')
  put(1, null)
  await expect(resume()).rejects.toThrow('1 entries and no signed checkpoint')
  put(1, checkpoint)
  const otherKey = await createTestKey(() => 0, 1000)
  await expect(resumeLog(log.store, testOrg, otherKey)).rejects.toThrow('restore both from one backup')
})

test('a damaged log is not opened for writing', async () => {
  await log.writer.append(testEvents(0, 5))
  log.database.exec('DELETE FROM entries WHERE place = 4')
  await expect(openTestLog({ database: log.database, key: log.key })).rejects.toThrow(DamagedLogError)
})
