import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { followRotations } from '../../shared/log/key-transition.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { local } from '../../test/support/access.ts'
import {
  openTestLog,
  rotateTestKey,
  type TestLog,
  testEvent,
  testEvents,
  testOrg,
} from '../../test/support/test-log.ts'
import { createNormalise } from '../intake/normalise.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore } from '../store/log-store.ts'
import { createKeyRotator } from './key-rotation.ts'
import { drawNextKey, openLogKey, settleKeys } from './log-key.ts'
import { verifyLog } from './verify-log.ts'

let log: TestLog
beforeEach(async () => {
  log = await openTestLog({ keepKeyFile: true })
  await log.writer.append(testEvents(0, 300))
})
afterEach(() => log.close())

const clock = () => log.clock.now
const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const path = () => log.keyPath!
const file = () => readFileSync(path(), 'utf8')
const rotatorOf = (store: Pick<LogStore, 'state'> = log.store) =>
  createKeyRotator({
    ...{ org: testOrg, path: path(), store, writer: log.writer, clock, randomBytes },
    normalise: createNormalise(new Uint8Array(32)),
  })
const checkpoint = async () => (await log.store.state(testOrg)).checkpoint
const verify = (policy: string | null = null) =>
  verifyLog({
    ...{ org: testOrg, store: log.store },
    trust:
      policy === null ? { own: log.writer.keys, policy: null } : { own: null, policy: parsePolicy(policy) },
  })
const restart = async () =>
  openLogKey({
    path: path(),
    origin: log.writer.keys.origin,
    mayCreate: false,
    checkpoint: await checkpoint(),
    clock,
    randomBytes,
  })

describe('a change of keys', () => {
  test('K5: is told by one entry, under a checkpoint that both keys sign', async () => {
    const { index, before, keys } = await rotatorOf().rotate(local)
    expect([index, log.writer.size]).toEqual([300, 301])
    expect(before.log).not.toBe(keys.log)
    expect(log.writer.keys).toEqual(keys)
    const note = (await checkpoint())!
    expect(note.match(/^— \S+ /gm)).toEqual([
      `— ${keys.origin} `,
      `— ${keys.origin}/time `,
      `— ${keys.origin} `,
      `— ${keys.origin}/time `,
    ])
    const [entry] = await log.store.entriesAt(testOrg, [300])
    expect(entry!.open).toMatchObject({
      source: 'trailside',
      action: 'auditlog.key_rotated',
      area: 'audit-log',
    })
    expect(entry!.values.get('metadata')).toMatchObject({
      before: { log: before.log },
      after: { log: keys.log, time: keys.time },
    })
    await log.writer.append(testEvents(300, 310))
    expect((await checkpoint())!.match(/^— /gm)).toHaveLength(2)
    expect(await verify()).toMatchObject({
      outcome: 'verified',
      keyChanges: [{ index: 300, after: keys.log }],
    })
  })

  test('K8: leads from the first key to the newest over as many changes as there were', async () => {
    const { before } = await rotatorOf().rotate(local)
    await log.writer.append(testEvents(300, 600))
    await rotatorOf().rotate(local)
    const { keys } = await rotatorOf().rotate(local)
    const steps = await followRotations(nodeHasher, await log.store.transitions(testOrg), before)
    expect(steps.map(({ size }) => size)).toEqual([301, 602, 603])
    expect(steps.at(-1)!.after).toEqual(keys)
    expect(await verify(`log ${before.log}\nquorum none`)).toMatchObject({ outcome: 'verified' })
  })

  test('takes its place between the appends that are under way', async () => {
    const appended = [log.writer.append(testEvents(300, 900)), log.writer.append(testEvents(900, 1000))]
    const { index } = await rotatorOf().rotate(local)
    await Promise.all(appended)
    expect(log.writer.size).toBe(1001)
    expect(await verify()).toMatchObject({ outcome: 'verified', keyChanges: [{ index }] })
  })
})

describe.skipIf(process.platform === 'win32')('the key file', () => {
  test('K9: holds the new keys alone afterwards, for its owner', async () => {
    const old = file()
    await rotatorOf().rotate(local)
    expect(file().trim().split('\n')).toHaveLength(2)
    for (const line of old.trim().split('\n')) expect(file()).not.toContain(line)
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect((await restart()).verifierKeys).toEqual({ log: log.writer.keys.log, time: log.writer.keys.time })
  })

  test('goes on under the old keys where the next ones signed nothing yet', async () => {
    const old = file()
    await drawNextKey({ path: path(), origin: log.writer.keys.origin, clock, randomBytes })
    expect(file().trim().split('\n')).toHaveLength(4)
    expect((await restart()).verifierKeys).toEqual(log.key.verifierKeys)
    expect(file()).toBe(old)
  })

  test('goes on under the new keys where the log has told of them, however far it went on', async () => {
    const old = file()
    for (const more of [0, 20]) {
      await rotatorOf().rotate(local)
      const settled = file()
      // As it was before the old keys went.
      writeFileSync(path(), `${old}${settled}`)
      await log.writer.append(testEvents(2000, 2000 + more))
      expect((await restart()).verifierKeys.log).toBe(log.writer.keys.log)
      expect(file()).toBe(settled)
    }
  })

  test('is not touched by a draft that a killed process left behind', async () => {
    writeFileSync(`${path()}.new`, 'half a key')
    await rotatorOf().rotate(local)
    await settleKeys(path(), await checkpoint(), clock)
    expect(file().trim().split('\n')).toHaveLength(2)
  })
})

test('a change that could not be kept leaves the old key in force, and no other behind', async () => {
  let isFull = false
  const failing = await openTestLog({
    keepKeyFile: true,
    wrap: store =>
      new Proxy(store, {
        get: (target, name) => {
          if (name === 'commit' && isFull) return () => Promise.reject(new Error('the disk is full'))
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  })
  await failing.writer.append(testEvents(0, 3))
  const rotator = createKeyRotator({
    ...{
      org: testOrg,
      path: failing.keyPath!,
      store: failing.store,
      writer: failing.writer,
      clock,
      randomBytes,
    },
    normalise: createNormalise(new Uint8Array(32)),
  })
  const old = readFileSync(failing.keyPath!, 'utf8')
  isFull = true
  await expect(rotator.rotate(local)).rejects.toMatchObject({ code: 'unavailable' })
  isFull = false
  expect(readFileSync(failing.keyPath!, 'utf8')).toBe(old)
  expect(failing.writer.keys.log).toBe(failing.key.verifierKeys.log)
  await failing.writer.append([testEvent('after')])
  await rotator.rotate(local)
  expect(failing.writer.size).toBe(5)
  await failing.close()
})

describe('F11: verification finds', () => {
  const found = async () => {
    const { outcome, place, words } = await verify()
    return `${outcome} ${place}: ${words}`
  }
  const run = (statement: string) => log.database.exec(statement)

  test('a proof that is missing', async () => {
    await rotateTestKey(log, 50)
    run('DELETE FROM transitions')
    expect(await found()).toMatch(
      /^tampered entry 300: Entry 300 tells of new keys, and what proves them is missing/,
    )
  })

  test('a proof of another log in its place', async () => {
    await rotateTestKey(log, 50)
    const other = await openTestLog()
    await other.writer.append(testEvents(1, 301))
    await rotateTestKey(other, 50)
    const [text] = await other.store.transitions(testOrg)
    log.database.prepare('UPDATE transitions SET text = ?').run(text!)
    expect(await found()).toMatch(/^tampered key change 1: .* is of another tree/)
    await other.close()
  })

  test('a proof that no key signed', async () => {
    await rotateTestKey(log, 50)
    run("UPDATE transitions SET text = replace(text, '301', '302')")
    expect(await found()).toMatch(/^tampered key change: A change of keys is not proven/)
  })

  test('a change that the log does not tell of', async () => {
    await rotateTestKey(log, 50)
    run('UPDATE transitions SET size = 900')
    const [text] = await log.store.transitions(testOrg)
    await rotateTestKey(log, 60)
    run('DELETE FROM transitions WHERE size = 302')
    expect(text).toBeDefined()
    expect(await found()).toMatch(/^tampered entry 301: Entry 301 tells of new keys/)
  })
})
