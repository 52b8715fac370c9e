/** Panels in company: what they cosign, what they find out together, and what witnesses add. Over a real server. */
import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultColumnIds } from '../../shared/export/columns.ts'
import { formatNote, parseNote } from '../../shared/log/note.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { openFalseLog, refuse, serveFalsely, serveTruly } from '../../test/support/adversary.ts'
import { exportZip, unpack, verifyFiles } from '../../test/support/export-zip.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { type Browser, createBrowser, type PanelWindow } from '../../test/support/panel-window.ts'
import { createTestKey, testEvent, testEvents } from '../../test/support/test-log.ts'
import { createTestWitnessKey } from '../../test/support/test-witness.ts'
import type { Cosigner } from '../cache/witness-record.ts'
import { witnessDatabaseName } from '../cache/witness-store.ts'
import type { WorkerSession } from './protocol.ts'

let server: PanelServer
const browsers: Browser[] = []
beforeEach(async () => {
  server = await openPanelServer()
  await server.append(testEvents(0, 300))
})
afterEach(async () => {
  serveTruly(server)
  for (const browser of browsers.splice(0)) await browser.close()
  await server.close()
})

/** A browser of somebody's, its panel open, synced, and done with its first round in company. */
async function openPanel(session?: Partial<WorkerSession>, browser = createBrowser(server)) {
  browsers.push(browser)
  const whole = { ...(await server.signIn()), ...session }
  const window = await browser.openWhole(whole)
  return { browser, window, session: whole }
}
const met = (window: PanelWindow) => window.until(({ company }) => company !== null)
const panelsOf = () => server.witnessing.panels.list({ personal: true }, 0).panels
const alarmOf = async (window: PanelWindow) =>
  (await window.until(({ trust, phase }) => phase === 'misbehaved' && !!trust?.alarm)).trust!.alarm!

async function cosignerOf({ indexedDB }: Browser): Promise<Cosigner> {
  const database = new Dexie(witnessDatabaseName, { indexedDB, IDBKeyRange })
  await database.open()
  const [cosigner] = await database.table<Cosigner>('cosigners').toArray()
  database.close()
  return cosigner!
}

describe('a panel', () => {
  test('D1: cosigns what it believes, under a key that cannot be taken out of the browser', async () => {
    const { browser, window } = await openPanel()
    const { company } = await met(window)
    const [panel] = panelsOf()
    expect(panel).toMatchObject({ key: company!.ownKey, size: 300, fits: true, by: { name: 'User 1' } })
    expect(panel!.key).toMatch(/^trailside\.local\/acme\/panel\/[0-9a-f]{8}\+[0-9a-f]{8}\+B/)
    const { text, signatures } = parseNote(panel!.note)
    expect(await createVerifier(panel!.key).verify(text, signatures.at(-1)!.signature)).toBe(true)
    const { privateKey } = await cosignerOf(browser)
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow()
  })

  test('D1: keeps its key when its person signs out, and another person of the browser has the same', async () => {
    const { browser, window } = await openPanel()
    const before = (await met(window)).company!.ownKey
    await window.close({ purge: true })
    await server.append(testEvents(300, 310))
    const again = await openPanel({}, browser)
    expect((await met(again.window)).company!.ownKey).toBe(before)
    expect(panelsOf()).toHaveLength(1)
  })

  test('D1: tells little: one round after the first sync, and none for what comes within a minute', async () => {
    const { window } = await openPanel()
    await met(window)
    server.network.requests.length = 0
    for (let size = 300; size < 320; size += 5) {
      await server.append(testEvents(size, size + 5))
      await window.until(status => status.size === size + 5 && status.complete)
    }
    const told = server.network.requests.filter(path => /witnesses|cosignatures/.test(path))
    expect(told).toEqual([])
  })

  test('goes on where the server knows nothing of all this', async () => {
    server.network.intercept = path =>
      /witnesses|cosignatures/.test(path) ? refuse(404, 'not_found') : undefined
    const { window } = await openPanel()
    await server.append(testEvents(300, 305))
    expect((await window.until(({ size, complete }) => size === 305 && complete)).phase).toBe('live')
  })
})

describe('two panels that are shown different logs', () => {
  const forked = (to: number) =>
    testEvents(0, to).map((event, i) => (i === 290 ? testEvent(290, { outcome: 'denied' }) : event))

  test.each([
    ['as long as the true one', 300],
    ['longer', 340],
    ['shorter, but not a beginning of it', 295],
  ])('D5: both find out, with evidence, when one was shown a log %s', async (_, size) => {
    const ann = await openPanel()
    await met(ann.window)
    serveFalsely(server, await openFalseLog(server, forked(size)), { relays: true })
    const ben = createBrowser(server)
    browsers.push(ben)
    const there = ben.openWindow()
    await there.log.call('open', await server.signIn())
    const alarm = await alarmOf(there)
    expect(alarm).toMatchObject({ code: 'split_view', server: server.url, believed: { size } })
    expect(alarm.shown).toContain('\n300\n')
    expect(alarm.detail).toMatch(/^Another panel was shown 300 entries/)

    // The server relayed what Ben's panel cosigned before it found out.
    expect(panelsOf().map(({ size: shown, fits }) => [shown, fits])).toContainEqual([size, false])
    serveTruly(server)
    await ann.window.close()
    const again = ann.browser.openWindow()
    await again.log.call('open', ann.session)
    const hers = await alarmOf(again)
    expect(hers).toMatchObject({ code: 'split_view', believed: { size: 300 } })
    expect(hers.shown).toContain(`\n${size}\n`)
  })

  test('D5: one log at two moments alarms nobody', async () => {
    const ann = await openPanel()
    await met(ann.window)
    await server.append(testEvents(300, 400))
    const ben = await openPanel()
    expect((await met(ben.window)).trust!.alarm).toBeNull()
    await ann.window.close()
    const again = ann.browser.openWindow()
    await again.log.call('open', ann.session)
    expect((await met(again)).trust!.alarm).toBeNull()
  })

  test('D5: what the log did not sign, or a panel not cosign, accuses nobody', async () => {
    const ann = await openPanel()
    await met(ann.window)
    const [truth] = panelsOf()
    const forged = [
      { ...truth!, note: truth!.note.replace('\n300\n', '\n299\n') },
      { ...truth!, key: 'nonsense' },
      { ...truth!, key: (await createTestWitnessKey('x', 5)).verifierKey },
      { ...truth!, note: 'nonsense' },
    ]
    server.network.intercept = path =>
      path.startsWith('/v1/log/witnesses')
        ? Response.json({ ...server.witnessing.states(), panels: forged, panelsTotal: 4 })
        : undefined
    const ben = await openPanel()
    const { trust, company } = await met(ben.window)
    expect([trust!.alarm, company!.panelsTotal]).toEqual([null, 4])
  })
})

describe('a policy with witnesses', () => {
  const names = ['ada', 'bob', 'cyd']

  async function policyOf(quorum = 'group two 2 ada bob cyd\nquorum two') {
    const keys = await Promise.all(
      names.map((name, i) => createTestWitnessKey(`${name}.example`, i + 20, Date.now)),
    )
    const lines = names.map((name, i) => `witness ${name} ${keys[i]!.verifierKey}`)
    return { keys, text: `${lines.join('\n')}\n${quorum}\n` }
  }
  type Keys = Awaited<ReturnType<typeof policyOf>>['keys']

  /** As a round of the server's collector that these took part in. */
  async function cosign(keys: Keys, which: number[], note?: string) {
    const whole = note ?? (await server.log.store.state('acme')).checkpoint!
    const { text, signatures } = parseNote(whole)
    const fresh = await Promise.all(
      which.map(async i => {
        const { name, keyId, sign } = keys[i]!.cosigner
        return { name, keyId, signature: await sign(text) }
      }),
    )

    const size = Number(text.split('\n')[1])
    const cosigned = { size, note: formatNote({ text, signatures: [...signatures, ...fresh] }), quorum: true }
    server.witnessStore.putCosigned('trailside.local/acme', cosigned)
  }

  const quorumOf = async (window: PanelWindow) =>
    (await window.until(({ trust }) => !!trust?.quorum)).trust!.quorum!

  test('Q7: is met by cosignatures on what is shown, without another request', async () => {
    const { keys, text } = await policyOf()
    await cosign(keys, [0, 2])
    const { window } = await openPanel({ quorum: text })
    const quorum = await quorumOf(window)
    expect(quorum).toMatchObject({ isMet: true, policy: text, checkpoint: { size: 300 } })
    expect(quorum.witnesses.map(({ name, counts }) => [name, counts])).toEqual([
      ['ada', true],
      ['bob', false],
      ['cyd', true],
    ])
    expect(server.network.requests).not.toContain('/v1/log/checkpoint?cosigned=')
  })

  test('Q7: is met by an earlier checkpoint of the same log, and exports are made for it where it covers them', async () => {
    const { keys, text } = await policyOf()
    await cosign(keys, [0, 1])
    await server.append(testEvents(300, 420))
    const { window } = await openPanel({ quorum: text })
    expect(await quorumOf(window)).toMatchObject({ isMet: true, checkpoint: { size: 300 } })
    expect((await met(window)).trust).toMatchObject({ alarm: null, seen: { size: 420 } })
    const policy = parsePolicy(`log ${server.log.key.verifierKeys.log}\n${text}`)
    const exported = async (size: number) => {
      const files = await unpack(
        await exportZip(window.log, {
          ...{ format: 'csv', filter: {}, zone: 'UTC', columns: [...defaultColumnIds], size },
          ...{ byteOrderMark: false, rowsPerFile: 1000, proof: true },
        }),
      )
      return verifyFiles(files, { policy, by: 'policy' })
    }
    expect(await exported(300)).toMatchObject({
      ...{ outcome: 'verified', rowsChecked: 300, witnesses: ['ada', 'bob'], checkpoint: { size: 300 } },
    })
    const beyond = await exported(301)
    expect(beyond.outcome).toBe('untrusted')
    expect(beyond.checkpoint!.size).toBeGreaterThanOrEqual(420)
  })

  test('Q7: is not met by too few, which is no misbehaviour, and everything is still shown', async () => {
    const { keys, text } = await policyOf()
    await cosign(keys, [1])
    const { window } = await openPanel({ quorum: text })
    const quorum = await quorumOf(window)
    expect(quorum.isMet).toBe(false)
    expect(quorum.witnesses.filter(({ counts }) => counts).map(({ name }) => name)).toEqual(['bob'])
    expect(window.status()).toMatchObject({ phase: 'live', held: 300, trust: { alarm: null } })
  })

  test('Q7: is not met where nobody was asked, or only long ago', async () => {
    const { text } = await policyOf()
    const first = await openPanel({ quorum: text })
    expect((await quorumOf(first.window)).isMet).toBe(false)
    const old = () => Date.now() - 31 * 60_000
    const keys = await Promise.all(
      names.map((name, i) => createTestWitnessKey(`${name}.example`, i + 20, old)),
    )
    await cosign(keys, [0, 1, 2])
    const second = await openPanel({ quorum: text })
    const quorum = await quorumOf(second.window)
    expect(quorum.isMet).toBe(false)
    expect(quorum.witnesses.every(({ at }) => at !== null)).toBe(true)
  })

  test('Q7: a cosigned checkpoint that contradicts what is shown is misbehaviour', async () => {
    const { keys, text } = await policyOf()
    const fork = await openFalseLog(
      server,
      testEvents(0, 250).map((event, i) => (i === 3 ? testEvent(3, { outcome: 'denied' }) : event)),
    )
    await cosign(keys, [0, 1], (await fork.store.state('acme')).checkpoint!)
    const window = createBrowser(server)
    browsers.push(window)
    const opened = window.openWindow()
    await opened.log.call('open', { ...(await server.signIn()), quorum: text })
    const alarm = await alarmOf(opened)
    expect(alarm).toMatchObject({ code: 'inconsistent', believed: { size: 300 } })
    expect(alarm.shown).toContain('\n250\n')
  })

  test('Q7: a cosigned checkpoint that the pinned key did not sign vouches for nothing and accuses nobody', async () => {
    const { keys, text } = await policyOf()
    const stranger = await openFalseLog(server, testEvents(0, 200), await createTestKey(Date.now, 99))
    await cosign(keys, [0, 1, 2], (await stranger.store.state('acme')).checkpoint!)
    const { window } = await openPanel({ quorum: text })
    expect((await quorumOf(window)).isMet).toBe(false)
    expect((await met(window)).trust!.alarm).toBeNull()
  })

  test('Q7: what was found under another policy is not taken for this one', async () => {
    const { keys, text } = await policyOf('quorum ada')
    await cosign(keys, [0])
    const { browser, window } = await openPanel({ quorum: text })
    expect((await quorumOf(window)).isMet).toBe(true)
    await window.close()
    const stricter = (await policyOf('group all3 all ada bob cyd\nquorum all3')).text
    const again = browser.openWindow()
    await again.log.call('open', { ...(await server.signIn()), quorum: stricter })
    const { trust } = await again.until(status => status.trust?.quorum?.policy === stricter)
    expect(trust!.quorum!.isMet).toBe(false)
    expect(parsePolicy(stricter).witnesses.size).toBe(3)
  })
})
