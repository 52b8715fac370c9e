import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestLog, type TestLog, testEvent, testEvents, testOrg } from '../../test/support/test-log.ts'
import { createLiveIndex, type LiveIndex } from './live-index.ts'

let log: TestLog
let live: LiveIndex | undefined
beforeEach(async () => {
  log = await openTestLog()
})
afterEach(async () => {
  live?.close()
  await log.close()
})

const follow = () => {
  live = createLiveIndex({ org: testOrg, store: log.store, writer: log.writer })
  return live
}

test('it holds what was there before, and what came while it was read', async () => {
  await log.writer.append(testEvents(0, 600))
  const live = follow()
  expect(live.isReady).toBe(false)
  const appended = log.writer.append(testEvents(600, 700))
  await live.ready
  await appended
  expect({ size: live.size, count: live.index.count, ready: live.isReady }).toEqual({
    size: 700,
    count: 700,
    ready: true,
  })
  expect(live.index.coverage()).toEqual([{ from: 0, to: 700 }])
})

test('an answered append is in it already', async () => {
  const live = follow()
  await live.ready
  let grown = 0
  const stop = live.onGrown(() => grown++)
  for (let i = 0; i < 5; i++) {
    const [item] = await log.writer.append([testEvent(i)])
    expect(live.index.has((item as { index: number }).index)).toBe(true)
  }
  expect(grown).toBe(5)
  stop()
  await log.writer.append([testEvent('x')])
  expect({ grown, size: live.size }).toEqual({ grown: 5, size: 6 })
})

test('when entries cannot be read, being ready fails', async () => {
  await log.writer.append(testEvents(0, 5))
  log.database.exec('DELETE FROM entries WHERE place = 3')
  const live = follow()
  await expect(live.ready).rejects.toThrow('entries below 5 of the log are missing')
  expect(live.isReady).toBe(false)
})
