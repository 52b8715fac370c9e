/** The panel against servers that misbehave: what it catches, what it keeps, and what it cannot catch. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFalseLog, refuse, serveFalsely, serveTruly } from '../../test/support/adversary.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { type Browser, createBrowser, isWhole, type PanelWindow } from '../../test/support/panel-window.ts'
import {
  beginTestEpoch,
  createTestKey,
  rotateTestKey,
  type TestLog,
  testEvent,
  testEvents,
  testOrg,
} from '../../test/support/test-log.ts'
import type { WorkerSession } from './protocol.ts'

let server: PanelServer
let browser: Browser
let session: WorkerSession

beforeEach(async () => {
  server = await openPanelServer()
  browser = createBrowser(server)
  session = await server.signIn()
  await server.append(testEvents(0, 600))
})
afterEach(async () => {
  serveTruly(server)
  await browser.close()
  await server.close()
})

const changed = (from: number, to: number, at: number) =>
  testEvents(from, to).map((event, i) => (from + i === at ? testEvent(at, { outcome: 'denied' }) : event))

const alarmOf = async (window: PanelWindow) =>
  (await window.until(({ trust, phase }) => phase === 'misbehaved' && !!trust?.alarm)).trust!.alarm!

/** Serves the false log to a panel that holds the true one. */
async function attack(window: PanelWindow, events: ReturnType<typeof testEvents>, key = server.log.key) {
  serveFalsely(server, await openFalseLog(server, events, key))
  await window.log.call('syncNow')
  return alarmOf(window)
}

describe('what the panel catches', () => {
  test.each([
    ['rewrites an entry', () => changed(0, 700, 3), 'inconsistent'],
    ['rewrites an entry and adds none', () => changed(0, 600, 599), 'fork'],
    ['deletes an entry', () => testEvents(0, 700).filter((_, i) => i !== 20), 'inconsistent'],
    ['swaps two entries', () => [testEvent(1), testEvent(0), ...testEvents(2, 650)], 'inconsistent'],
    ['forks from a true beginning', () => changed(0, 601, 580), 'inconsistent'],
    ['rolls back to an older state', () => testEvents(0, 500), 'rollback'],
    ['truncates to nothing', () => [], 'rollback'],
  ])('a server that %s', async (_, events, code) => {
    const window = await browser.openWhole(session)
    const believed = window.status()!.trust!.seen!
    expect(await attack(window, events())).toMatchObject({ code, believed, server: server.url })
    expect(window.status()).toMatchObject({ size: 600, held: 600, failure: { kind: 'misbehaved', code } })
  })

  test('a server that signs with another key', async () => {
    const window = await browser.openWhole(session)
    const key = await createTestKey(Date.now, 99)
    const alarm = await attack(window, testEvents(0, 700), key)
    expect(alarm).toMatchObject({ code: 'bad_signature', offered: null })
    expect(alarm.shown).toContain('\n700\n')
  })

  test('a server that has no proof, or withholds it', async () => {
    const window = await browser.openWhole(session)
    server.network.intercept = path => (path.includes('/consistency') ? refuse(404, 'not_found') : undefined)
    await server.append(testEvents(600, 610))
    expect(await alarmOf(window)).toMatchObject({ code: 'inconsistent', proof: null })
  })

  test('a server that freezes; when it goes on, so does the panel', async () => {
    const window = await browser.openWhole(session)
    const { size, root } = window.status()!.trust!.seen!
    server.log.clock.now -= 2 * 3_600_000
    const old = await server.log.key.sign(size, Buffer.from(root, 'base64'))
    server.log.clock.now += 2 * 3_600_000
    server.network.intercept = path => (path.endsWith('/checkpoint') ? new Response(old) : undefined)
    await window.log.call('syncNow')
    expect(await alarmOf(window)).toMatchObject({ code: 'stale', shown: old })
    serveTruly(server)
    await server.append(testEvents(600, 610))
    const { trust } = await window.until(isWhole(610))
    expect(trust).toMatchObject({ alarm: null, past: [{ code: 'stale' }] })
  })

  test.each([
    ['an entry', '/entries/000', 100],
    ['a hash tile', '/tile/0/002', 40],
  ])('a server that changes %s which it signed', async (_, path, at) => {
    server.network.intercept = async asked => {
      if (!asked.includes(path)) return undefined
      const headers = { authorization: `Bearer ${session.token}` }
      const bytes = new Uint8Array(await (await fetch(server.url + asked, { headers })).arrayBuffer())
      bytes[at]! ^= 1
      return new Response(bytes)
    }
    const window = browser.openWindow()
    await window.log.call('open', session)
    const alarm = await alarmOf(window)
    expect(alarm.code).toBe('wrong_bundle')
    expect(alarm.mismatch?.expected).toMatch(/^[0-9a-f]{64}$/)
    // Of what does not lead to the root, nothing is shown.
    expect((await window.log.call('total', { filter: {}, size: 256 })).total).toBe(0)
  })

  test('a server that withholds a bundle is not believed to have none', async () => {
    server.network.intercept = path => (path.includes('/entries/') ? refuse(404, 'not_found') : undefined)
    const window = browser.openWindow()
    await window.log.call('open', session)
    const { failure, complete } = await window.until(({ phase }) => phase === 'failed')
    expect(failure?.kind).toBe('refused')
    expect(complete).toBe(false)
  })
})

describe('an alarm', () => {
  test('lasts although the server does right again, through reopening and signing out, until a person looks again', async () => {
    const first = await browser.openWhole(session)
    await attack(first, testEvents(0, 500))
    serveTruly(server)
    await server.append(testEvents(600, 620))
    await first.log.call('syncNow')
    await first.close({ purge: true })
    const again = browser.openWindow()
    await again.log.call('open', session)
    const { held, trust } = await again.until(({ phase }) => phase === 'misbehaved')
    expect([held, trust?.alarm?.code, trust?.seen?.size]).toEqual([0, 'rollback', 600])
    await again.log.call('lookAgain')
    expect((await again.until(isWhole(620))).trust).toMatchObject({
      alarm: null,
      past: [{ code: 'rollback' }],
    })
  })

  test('is not ended by looking again at a server that still misbehaves', async () => {
    const window = await browser.openWhole(session)
    const { at } = await attack(window, changed(0, 700, 3))
    await window.log.call('lookAgain')
    const { trust } = await window.until(status => status.trust?.alarm?.at !== at)
    expect(trust?.alarm?.code).toBe('inconsistent')
    expect(trust?.seen?.size).toBe(600)
  })

  test('is heard by every user of the browser', async () => {
    await attack(await browser.openWhole(session), testEvents(0, 500))
    const other = browser.openWindow()
    await other.log.call('open', await server.signIn())
    expect(await alarmOf(other)).toMatchObject({ code: 'rollback' })
  })

  test('looks like neither a refusal nor an absence', async () => {
    const window = await browser.openWhole(session)
    server.network.cut()
    const { trust } = await window.until(({ phase }) => phase === 'offline')
    expect(trust?.alarm).toBeNull()
  })
})

describe('another log', () => {
  const otherOrigin = () => createTestKey(Date.now, 7, 'trailside.local/acme/epoch2')

  test('is followed only after a person accepted its key', async () => {
    const window = await browser.openWhole(session)
    const alarm = await attack(window, testEvents(0, 20), await otherOrigin())
    expect(alarm).toMatchObject({ code: 'wrong_origin', offered: { origin: 'trailside.local/acme/epoch2' } })
    await expect(window.log.call('acceptLog', 'another key')).rejects.toMatchObject({
      failure: { code: 'cannot_accept' },
    })
    await window.log.call('acceptLog', alarm.offered!.log)
    await window.close()
    const again = browser.openWindow()
    await again.log.call('open', session)
    const { trust } = await again.until(status => isWhole(20)(status) && status.held === 20)
    expect(trust).toMatchObject({
      pinned: { origin: 'trailside.local/acme/epoch2', by: 'person' },
      alarm: null,
      past: [{ code: 'wrong_origin' }],
      earlier: [{ pinned: { by: 'first_use' }, seen: { size: 600 } }],
    })
  })

  test('is not accepted against the administrator’s policy', async () => {
    const window = await browser.openWhole({ ...session, policy: server.log.writer.keys })
    expect(window.status()?.trust?.pinned.by).toBe('policy')
    const alarm = await attack(window, testEvents(0, 20), await otherOrigin())
    await expect(window.log.call('acceptLog', alarm.offered!.log)).rejects.toMatchObject({
      failure: { code: 'cannot_accept' },
    })
  })
})

describe('the pinned key', () => {
  test('is the policy’s where there is one, also at first sight', async () => {
    const key = await createTestKey(Date.now, 99)
    const policy = { origin: key.origin, ...key.verifierKeys }
    const window = browser.openWindow()
    await window.log.call('open', { ...session, policy })
    expect(await alarmOf(window)).toMatchObject({ code: 'bad_signature', pinned: { by: 'policy' } })
  })

  test('is taken at first sight otherwise, and never asked for again', async () => {
    await (await browser.openWhole(session)).close()
    server.network.requests.length = 0
    const window = await browser.openWhole(session)
    expect(window.status()?.trust?.pinned).toMatchObject({ ...server.log.writer.keys, by: 'first_use' })
    expect(server.network.requests).not.toContain('/v1/log/keys')
  })
})

describe('a change of keys', () => {
  const transitions = () => server.log.store.transitions(testOrg)

  test('G9: that the pinned key announced is followed, once and for good, and told', async () => {
    const window = await browser.openWhole(session)
    const before = window.status()!.trust!.pinned
    await rotateTestKey(server.log, 50)
    await server.append(testEvents(600, 620))
    await rotateTestKey(server.log, 60)
    await window.log.call('syncNow')
    const { trust } = await window.until(isWhole(622))
    expect(trust).toMatchObject({
      pinned: { ...server.log.writer.keys, by: 'first_use', at: before.at },
      rotations: [
        { before: { log: before.log }, index: 600 },
        { after: server.log.writer.keys, index: 621 },
      ],
      ...{ alarm: null, past: [] },
    })
    await window.close()
    server.network.requests.length = 0
    const again = await browser.openWhole(session)
    expect(again.status()!.trust!.rotations).toHaveLength(2)
    expect(server.network.requests).not.toContain('/v1/log/keys')
  })

  test('G9: is followed too where the announcement itself was the last that was seen', async () => {
    const window = await browser.openWhole(session)
    await rotateTestKey(server.log, 50)
    await window.log.call('syncNow')
    // Signed by both keys, and so by the pinned one.
    expect((await window.until(isWhole(601))).trust!.rotations).toEqual([])
    await server.append(testEvents(601, 605))
    const { trust } = await window.until(isWhole(605))
    expect(trust).toMatchObject({ pinned: server.log.writer.keys, rotations: [{ index: 600 }], alarm: null })
  })

  test.each<[string, () => Promise<TestLog>, string]>([
    [
      'the pinned key did not announce',
      async () => {
        const log = await openFalseLog(server, testEvents(0, 600), await createTestKey(Date.now, 70))
        await rotateTestKey(log, 50)
        return log
      },
      'bad_signature',
    ],
    [
      'it announced in another history',
      async () => {
        const log = await openFalseLog(server, changed(0, 650, 3))
        await rotateTestKey(log, 50)
        return log
      },
      'inconsistent',
    ],
    [
      'it announced before what was seen since',
      async () => {
        const log = await openFalseLog(server, testEvents(0, 500))
        await rotateTestKey(log, 50)
        await log.writer.append(testEvents(500, 700))
        return log
      },
      'rollback',
    ],
  ])('to one that %s is an alarm', async (_, open, code) => {
    const window = await browser.openWhole(session)
    const { pinned } = window.status()!.trust!
    serveFalsely(server, await open())
    await server.endStreams()
    await window.log.call('syncNow')
    expect(await alarmOf(window)).toMatchObject({ code, pinned })
    expect(window.status()!.trust).toMatchObject({ pinned, rotations: [] })
  })

  test.each<[string, (texts: string[]) => string[]]>([
    ['whose proof is withheld', () => []],
    ['whose proof is changed', ([text]) => [text!.replace('index 600', 'index 601')]],
    ['whose proof cannot be read', () => ['nonsense']],
  ])('%s is an alarm', async (_, change) => {
    const window = await browser.openWhole(session)
    await rotateTestKey(server.log, 50)
    const keys = { ...server.log.writer.keys, transitions: change(await transitions()) }
    server.network.intercept = path => (path === '/v1/log/keys' ? Response.json(keys) : undefined)
    await server.append(testEvents(600, 610))
    expect(await alarmOf(window)).toMatchObject({ code: 'bad_signature' })
  })

  test('that is replayed does not lead back to the key that gave way', async () => {
    const window = await browser.openWhole(session)
    const old = server.log.key
    await rotateTestKey(server.log, 50)
    await server.append(testEvents(600, 610))
    await window.until(isWhole(611))
    const truth = await transitions()
    const stolen = await openFalseLog(server, changed(0, 700, 3), old)
    serveFalsely(server, stolen)
    const { intercept } = server.network
    server.network.intercept = path =>
      path === '/v1/log/keys' ? Response.json({ ...stolen.writer.keys, transitions: truth }) : intercept(path)
    await window.log.call('syncNow')
    expect(await alarmOf(window)).toMatchObject({ code: 'bad_signature' })
  })

  test('G9: from a key that the policy names is followed, and the policy’s key is kept in mind', async () => {
    const policy = server.log.writer.keys
    await rotateTestKey(server.log, 50)
    await server.append(testEvents(601, 605))
    const window = await browser.openWhole({ ...session, policy })
    const pinned = { log: server.log.writer.keys.log, by: 'policy' }
    expect(window.status()!.trust).toMatchObject({ pinned: { ...pinned, policyKey: policy.log } })
    await window.close()
    // The administrator names the new key: nothing begins anew.
    const again = await browser.openWhole({ ...session, policy: server.log.writer.keys })
    expect(again.status()!.trust).toMatchObject({ pinned, rotations: [{ before: policy }], earlier: [] })
    expect(again.status()!.trust!.pinned.policyKey).toBeUndefined()
  })

  test('to the key that the policy names next is proven before it is taken', async () => {
    const policy = server.log.writer.keys
    await (await browser.openWhole({ ...session, policy })).close()
    await rotateTestKey(server.log, 50)
    await server.append(testEvents(601, 605))
    const window = await browser.openWhole({ ...session, policy: server.log.writer.keys })
    expect(window.status()!.trust).toMatchObject({ rotations: [{ before: policy }], earlier: [] })
  })

  test('leaves what was proven before it proven, and the old key nothing to say since', async () => {
    const window = await browser.openWhole(session)
    const { evidence } = await window.log.call('prove', 300)
    const old = server.log.key
    await rotateTestKey(server.log, 50)
    await server.append(testEvents(600, 610))
    await window.until(isWhole(611))
    expect(await window.log.call('verifyEvidence', evidence)).toMatchObject({ holds: true, key: 'before' })
    const { evidence: next } = await window.log.call('prove', 300)
    expect(await window.log.call('verifyEvidence', next)).toMatchObject({ holds: true, key: 'pinned' })
    const stolen = createBrowser(server)
    serveFalsely(server, await openFalseLog(server, testEvents(0, 700), old))
    const there = stolen.openWindow()
    await there.log.call('open', await server.signIn())
    await there.until(isWhole(700))
    const { evidence: forged } = await there.log.call('prove', 650)
    expect(await window.log.call('verifyEvidence', forged)).toMatchObject({
      holds: false,
      reason: 'untrusted',
    })
    await stolen.close()
  })
})

describe('a log restored from a backup', () => {
  /** What somebody with the true log's key can make of its first entries. */
  async function restored(
    kept: ReturnType<typeof testEvents>,
    change: Parameters<typeof beginTestEpoch>[2] = {},
  ) {
    const log = await openFalseLog(server, kept)
    await beginTestEpoch(log, 80, change)
    await log.writer.append(testEvents(1000, 1020))
    return log
  }

  async function shown(window: PanelWindow, log: TestLog) {
    serveFalsely(server, log)
    await server.endStreams()
    await window.log.call('syncNow')
    return alarmOf(window)
  }

  test('O4: is a decision, which says what is lost and what was compared', async () => {
    const window = await browser.openWhole(session)
    await server.append(testEvents(600, 640))
    await window.until(isWhole(640))
    const log = await restored(testEvents(0, 620))
    const alarm = await shown(window, log)
    expect(alarm).toMatchObject({
      ...{ code: 'new_epoch', pinned: { by: 'first_use' }, offered: log.writer.keys },
      epoch: { keys: log.writer.keys, kept: 620, lost: { from: 620, to: 640 }, provenTo: 600 },
    })
    expect(alarm.epoch).toMatchObject({ reason: 'the disk failed', restoredAt: '2026-03-02T08:00:00.000Z' })
    // The last good state stays in view, and nothing newer comes.
    expect(window.status()).toMatchObject({ size: 640, held: 640, phase: 'misbehaved' })
  })

  test('O4: that lost nothing says so, and is a decision all the same', async () => {
    const window = await browser.openWhole(session)
    const alarm = await shown(window, await restored(testEvents(0, 600)))
    expect(alarm.epoch).toMatchObject({ kept: 600, lost: null, provenTo: 600 })
  })

  test('O5: is followed once a person accepted it; the record before is kept, and the log told', async () => {
    const window = await browser.openWhole(session)
    const log = await restored(testEvents(0, 500))
    const { epoch } = await shown(window, log)
    server.network.requests.length = 0
    await window.log.call('acceptLog', epoch!.keys.log)
    expect(server.network.requests).toContain('/v1/log/acceptances')
    await window.close()
    const again = browser.openWindow()
    await again.log.call('open', session)
    const { trust } = await again.until(isWhole(521))
    expect(trust).toMatchObject({
      pinned: { ...log.writer.keys, by: 'person' },
      ...{ alarm: null, past: [{ code: 'new_epoch', epoch: { kept: 500 } }] },
      earlier: [{ pinned: { by: 'first_use' }, seen: { size: 600 } }],
    })
  })

  test('O4: and restored from the same backup once more is a decision again', async () => {
    const window = await browser.openWhole(session)
    const { epoch } = await shown(window, await restored(testEvents(0, 500)))
    await window.log.call('acceptLog', epoch!.keys.log)
    await window.close()
    const twice = await openFalseLog(server, testEvents(0, 500))
    await beginTestEpoch(twice, 90)
    serveFalsely(server, twice)
    const again = browser.openWindow()
    await again.log.call('open', session)
    const alarm = await alarmOf(again)
    expect(alarm).toMatchObject({ code: 'new_epoch', epoch: { kept: 500, lost: { from: 500, to: 521 } } })
  })

  test.each<[string, () => Promise<TestLog>]>([
    ['whose beginning was rewritten, even by the true key', async () => restored(changed(0, 620, 3))],
    [
      'whose last note is another key’s',
      async () => {
        const note = await (await createTestKey(Date.now, 70)).sign(620, new Uint8Array(32))
        return restored(testEvents(0, 620), { facts: { note } })
      },
    ],
    [
      'whose last note is of another state',
      async () => {
        const note = await server.log.key.sign(620, new Uint8Array(32))
        return restored(testEvents(0, 620), { facts: { note } })
      },
    ],
    [
      'that names other keys before',
      async () => restored(testEvents(0, 620), { facts: { before: { origin: 'a', log: 'b', time: 'c' } } }),
    ],
    [
      'under a name of no later epoch',
      async () => restored(testEvents(0, 620), { origin: 'trailside.local/other' }),
    ],
    [
      'whose first entry does not tell of it',
      async () =>
        openFalseLog(
          server,
          testEvents(0, 640),
          await createTestKey(Date.now, 7, 'trailside.local/acme/epoch2'),
        ),
    ],
  ])('one %s stays an alarm', async (_, open) => {
    const window = await browser.openWhole(session)
    await server.append(testEvents(600, 640))
    await window.until(isWhole(640))
    const alarm = await shown(window, await open())
    expect(alarm.code).toBe('wrong_origin')
    expect(alarm.epoch).toBeUndefined()
  })

  test('is not accepted against the administrator’s policy', async () => {
    const window = await browser.openWhole({ ...session, policy: server.log.writer.keys })
    const { epoch } = await shown(window, await restored(testEvents(0, 500)))
    await expect(window.log.call('acceptLog', epoch!.keys.log)).rejects.toMatchObject({
      failure: { code: 'cannot_accept' },
    })
  })
})

test('a check with nothing new is one request of less than 2 kB', async () => {
  const window = await browser.openWhole(session)
  // What it tells to other panels it has told.
  await window.until(({ company }) => company !== null)
  const before = window.status()!.trust!.checkedAt
  server.network.requests.length = 0
  await window.log.call('syncNow')
  const { trust } = await window.until(status => status.trust?.checkedAt !== before)
  expect(server.network.requests.filter(path => path.startsWith('/v1/log'))).toEqual(['/v1/log/checkpoint'])
  expect(trust!.seen!.note.length).toBeLessThan(2000)
})

describe('the proof of one event', () => {
  test('is one text that any other panel verifies without the network', async () => {
    const window = await browser.openWhole(session)
    for (const index of [0, 255, 256, 511, 599]) {
      const { evidence, leafHash, path } = await window.log.call('prove', index)
      expect(path.length).toBeGreaterThanOrEqual(6)
      server.network.cut()
      const finding = await window.log.call('verifyEvidence', evidence)
      server.network.mend()
      expect(finding).toMatchObject({ holds: true, key: 'pinned', leafHash, size: 600 })
      expect(finding.holds && finding.event).toEqual(await window.log.call('event', index))
    }
  })

  test('fails for any change of what it says', async () => {
    const window = await browser.openWhole(session)
    const { evidence } = await window.log.call('prove', 300)
    const extra = /^extra (.*)$/m.exec(evidence)![1]!
    const told = Buffer.from(extra, 'base64').toString()
    const changed = (from: string, to: string) => {
      expect(told).toContain(from)
      return evidence.replace(extra, Buffer.from(told.replace(from, to)).toString('base64'))
    }
    const falsified = [
      ...[changed('scan.started', 'scan.stopped'), changed('Zoë', 'Zoe'), changed('192.0.2.7', '192.0.2.8')],
      ...[evidence.replace('index 300', 'index 301'), evidence.replace('\n600\n', '\n601\n'), 'nonsense', ''],
    ]
    for (const text of falsified) {
      expect(await window.log.call('verifyEvidence', text)).toMatchObject({ holds: false })
    }
  })

  test('of a log that is not followed here holds by its own key only, and that is said', async () => {
    const window = await browser.openWhole(session)
    const { evidence } = await window.log.call('prove', 5)
    const other = createBrowser(server)
    const key = await createTestKey(Date.now, 7, 'trailside.local/other')
    serveFalsely(server, await openFalseLog(server, testEvents(0, 600), key))
    const there = await other.openWhole(await server.signIn())
    expect(await there.log.call('verifyEvidence', evidence)).toMatchObject({ holds: true, key: 'carried' })
    await other.close()
  })

  test('that contradicts what this panel saw is told apart from one that is damaged', async () => {
    const window = await browser.openWhole(session)
    const other = createBrowser(server)
    serveFalsely(server, await openFalseLog(server, changed(0, 600, 3)))
    const there = await other.openWhole(await server.signIn())
    const { evidence } = await there.log.call('prove', 3)
    expect(await window.log.call('verifyEvidence', evidence)).toMatchObject({
      holds: false,
      reason: 'other_history',
    })
    await other.close()
  })
})

describe('what the panel cannot catch by itself', () => {
  test('what was rewritten before its first contact', async () => {
    serveFalsely(server, await openFalseLog(server, changed(0, 600, 3)))
    const window = await browser.openWhole(session)
    expect(window.status()).toMatchObject({ phase: 'live', trust: { alarm: null, first: { size: 600 } } })
  })

  test('another log for other people, where the server keeps them from hearing of each other', async () => {
    const here = await browser.openWhole(session)
    const elsewhere = createBrowser(server)
    serveFalsely(server, await openFalseLog(server, changed(0, 600, 3)))
    const there = await elsewhere.openWhole(await server.signIn())
    const [one, two] = [here, there].map(window => window.status()!.trust!)
    expect([one!.alarm, two!.alarm]).toEqual([null, null])
    expect(one!.seen!.size).toBe(two!.seen!.size)
    expect(one!.seen!.root).not.toBe(two!.seen!.root)
    await elsewhere.close()
  })
})
