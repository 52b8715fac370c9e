import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestLog, type TestLog, testOrg } from '../../test/support/test-log.ts'
import type { By } from '../access/access.ts'
import { createNormalise } from '../intake/normalise.ts'
import { createLogReader } from './reader.ts'
import { createRecorder, type Recorder } from './recorder.ts'

let log: TestLog
let recorder: Recorder
beforeEach(async () => {
  log = await openTestLog()
  recorder = createRecorder({
    writer: log.writer,
    normalise: createNormalise(new Uint8Array(32)),
    clock: () => log.clock.now,
  })
})
afterEach(() => log.close())

const by = (sessionId: string | null, id = 'u-1'): By => ({
  caller: {
    kind: sessionId === null ? 'api_key' : 'user',
    id,
    name: 'Ada',
    email: 'ada@example.com',
    roles: [],
    permissions: new Set(),
    sessionId,
    accessVersion: 'v',
    mustChangePassword: false,
  },
  facts: { address: '192.0.2.1', userAgent: 'test', requestId: 'r-1', channel: 'web' },
})
const events = async () => {
  const reader = createLogReader({ org: testOrg, store: log.store })
  return reader.events(
    Array.from({ length: log.writer.size }, (_, i) => i),
    { personal: true },
  )
}

test('a look at the log is kept once a session, and once a day for a key', async () => {
  await Promise.all([recorder.viewed(by('s-1')), recorder.viewed(by('s-1'))])
  await recorder.viewed(by('s-2'))
  await recorder.viewed(by(null, 'k-1'))
  await recorder.viewed(by(null, 'k-1'))
  expect((await events()).map(event => [event.action, event.context.sessionId, event.actor.type])).toEqual([
    ['auditlog.viewed', 's-1', 'user'],
    ['auditlog.viewed', 's-2', 'user'],
    ['auditlog.viewed', null, 'api_key'],
  ])
  log.clock.now += 86_400_000
  await recorder.viewed(by(null, 'k-1'))
  await recorder.viewed(by('s-1'))
  expect(log.writer.size).toBe(4)
})

test('an export is kept with its filter, format and counts', async () => {
  const record = {
    format: 'csv' as const,
    filter: 'action=scan.started',
    from: null,
    to: null,
    zone: 'UTC',
    count: 294,
    files: 1,
    columns: ['time'],
  }
  expect(await recorder.exported(by('s-1'), record)).toBe(0)
  const [event] = await events()
  expect(event).toMatchObject({
    source: 'trailside',
    action: 'auditlog.exported',
    area: 'audit-log',
    actor: { id: 'u-1', name: 'Ada' },
    context: { ip: '192.0.2.1', requestId: 'r-1', channel: 'web' },
    metadata: { format: 'csv', count: 294, filter: 'action=scan.started', files: 1 },
  })
})

test('after a restart a look is still kept once', async () => {
  await recorder.viewed(by('s-1'))
  const restarted = createRecorder({
    writer: log.writer,
    normalise: createNormalise(new Uint8Array(32)),
    clock: () => log.clock.now + 60_000,
  })
  await restarted.viewed(by('s-1'))
  await restarted.viewed(by('s-2'))
  expect(log.writer.size).toBe(2)
})

test('the same export said again is kept once; another one, or somebody else’s, is not it', async () => {
  const record = {
    ...{ id: 'e-1', format: 'json' as const, filter: '', from: null, to: null, zone: 'UTC' },
    ...{ count: 7, files: 1, columns: [] },
  }
  expect(await recorder.exported(by('s-1'), record)).toBe(0)
  expect(await recorder.exported(by('s-1'), record)).toBe(0)
  expect(await recorder.exported(by('s-2'), { ...record, count: 8 })).toBe(1)
  expect(await recorder.exported(by('s-3', 'u-2'), record)).toBe(2)
  expect((await events())[0]!.metadata).not.toHaveProperty('id')
})

test('an event of our own that is none is a fault, not silence', async () => {
  await expect(recorder.record({ id: 'x', action: '' } as never)).rejects.toThrow('is none')
})

test('a look that could not be kept is tried again', async () => {
  let failing = true
  const append: typeof log.writer.append = events =>
    failing ? Promise.reject(new Error('disk full')) : log.writer.append(events)
  const unsure = createRecorder({
    writer: { append },
    normalise: createNormalise(new Uint8Array(32)),
    clock: () => 0,
  })
  await expect(unsure.viewed(by('s-1'))).rejects.toThrow('disk full')
  failing = false
  await unsure.viewed(by('s-1'))
  expect(log.writer.size).toBe(1)
})
