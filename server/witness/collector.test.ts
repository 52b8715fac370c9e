import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { formatSignatureLine, parseNote } from '../../shared/log/note.ts'
import { openWithPolicy, parsePolicy } from '../../shared/log/policy.ts'
import { parseReceipt } from '../../shared/log/proof.ts'
import { openTestLog, type TestLog, testEvent, testEvents, testOrg } from '../../test/support/test-log.ts'
import { createTestWitnessKey, openTestWitness } from '../../test/support/test-witness.ts'
import { createLogReader } from '../log/reader.ts'
import type { Environment } from '../routes/environment.ts'
import { answerError } from '../routes/problems.ts'
import { witnessRoutes } from '../routes/witness.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { createCollector } from './collector.ts'
import { createCosignedNotes } from './cosigned-notes.ts'
import { openWitnessStore } from './witness-store.ts'

let log: TestLog
beforeEach(async () => {
  log = await openTestLog()
  await log.writer.append(testEvents(0, 300))
})
afterEach(() => log.close())

/** A witness of the log at `https://<name>.example/witness/`. */
async function openWitness(name: string, seed: number) {
  const key = await createTestWitnessKey(`${name}.example`, seed, () => log.clock.now)
  const { witness, store } = await openTestWitness([log.key], { key, clock: () => log.clock.now })
  const app = new Hono<Environment>().route('/', witnessRoutes(witness))
  app.onError(answerError({ error: (_, message) => log.errors.push(message) }))
  return { name, key, witness, store, app, answer: null as null | (() => Response | Promise<Response>) }
}
type TestWitness = Awaited<ReturnType<typeof openWitness>>

async function openRound(quorum: string, names = ['ada', 'bob', 'cyd']) {
  const witnesses = await Promise.all(names.map((name, i) => openWitness(name, i + 10)))
  const text = [
    `log ${log.key.verifierKeys.log}`,
    ...witnesses.map(({ name, key }) => `witness ${name} ${key.verifierKey} https://${name}.example/witness`),
    `group two 2 ${names.join(' ')}`,
    `quorum ${quorum}`,
  ]
  const policy = parsePolicy(`${text.join('\n')}\n`)
  const asked: string[] = []
  const planned: { ms: number; run: () => void }[] = []
  const send = (async (url: string, init: RequestInit) => {
    const { hostname, pathname } = new URL(url)
    const witness = witnesses.find(({ name }) => hostname === `${name}.example`)!
    asked.push(witness.name)
    return witness.answer ? witness.answer() : witness.app.request(pathname, init)
  }) as typeof fetch
  const store = openWitnessStore(openDatabase(':memory:'))
  const reader = createLogReader({ org: testOrg, store: log.store, cosigned: createCosignedNotes(store) })
  const open = () =>
    createCollector({
      ...{ policy, reader, store, fetch: send, clock: () => log.clock.now },
      signedNote: async () => (await log.store.state(testOrg)).checkpoint,
      after(ms, run) {
        const plan = { ms, run }
        planned.push(plan)
        return () => planned.splice(planned.indexOf(plan), 1)
      },
      onError: error => log.errors.push(error),
    })
  return { witnesses, policy, asked, planned, store, reader, open, collector: open() }
}

const sizeOf = (note: string | null) => note && parseCheckpoint(parseNote(note).text).size
const away = () => Promise.reject(new TypeError('fetch failed'))
const stateOf = ({ collector }: Awaited<ReturnType<typeof openRound>>, name: string) =>
  collector.states().find(state => state.name === name)!

describe('a round', () => {
  test('W8: brings every witness’s cosignature to the published checkpoint, and to receipts', async () => {
    const round = await openRound('two')
    const { collector, reader, policy, asked } = round
    expect(await reader.cosignedCheckpoint()).toBeNull()
    await collector.collect()
    expect(asked.toSorted()).toEqual(['ada', 'bob', 'cyd'])
    const opened = await openWithPolicy(await reader.checkpoint(), policy)
    expect(opened.verified).toHaveLength(4)
    expect(await reader.cosignedCheckpoint()).toBe(await reader.checkpoint())
    const receipt = parseReceipt((await reader.receipt(7))!)
    expect((await openWithPolicy(receipt.checkpoint, policy)).checkpoint.size).toBe(300)
    expect(stateOf(round, 'bob')).toMatchObject({ asked: true, size: 300, error: null })
    expect(log.errors).toEqual([])
  })

  test('W8: sends the proof from what each cosigned last', async () => {
    const round = await openRound('two')
    await round.collector.collect()
    await log.writer.append(testEvents(300, 700))
    await round.collector.collect()
    expect(round.asked).toHaveLength(6)
    expect(sizeOf(await round.reader.cosignedCheckpoint())).toBe(700)
  })

  test('W8: adopts the size that a witness tells, after a restart and after having forgotten it', async () => {
    const round = await openRound('two')
    await round.collector.collect()
    await log.writer.append(testEvents(300, 310))
    round.asked.length = 0
    await round.open().collect()
    expect(round.asked).toHaveLength(3)
    for (const { verifierKey } of round.witnesses.map(({ key }) => key)) {
      round.store.putAsked(log.key.origin, { key: verifierKey, size: 4, at: 0 })
    }
    await log.writer.append(testEvents(310, 320))
    const forgetful = round.open()
    await forgetful.collect()
    expect(forgetful.states().map(({ size }) => size)).toEqual([320, 320, 320])
  })

  test('W9: the newest is served at once, and the newest with a quorum beside it', async () => {
    const round = await openRound('two')
    const { collector, reader, witnesses, policy } = round
    await collector.collect()
    await log.writer.append(testEvents(300, 301))
    for (const witness of witnesses.slice(1)) witness.answer = away
    await collector.collect()
    expect(sizeOf(await reader.checkpoint())).toBe(301)
    expect(parseNote(await reader.checkpoint()).signatures).toHaveLength(3)
    expect(sizeOf(await reader.cosignedCheckpoint())).toBe(300)
    // A receipt for what the quorum covers is with the quorum; for what is newer, as good as can be had.
    const [old, fresh] = [
      parseReceipt((await reader.receipt(299))!),
      parseReceipt((await reader.receipt(300))!),
    ]
    expect((await openWithPolicy(old.checkpoint, policy)).checkpoint.size).toBe(300)
    expect(sizeOf(fresh.checkpoint)).toBe(301)
    await expect(openWithPolicy(fresh.checkpoint, policy)).rejects.toMatchObject({ code: 'quorum_not_met' })
  })

  test('W9: a late cosignature of the same checkpoint joins the earlier ones', async () => {
    const { collector, reader, witnesses } = await openRound('two')
    for (const witness of witnesses.slice(1)) witness.answer = away
    await collector.collect()
    expect(await reader.cosignedCheckpoint()).toBeNull()
    for (const witness of witnesses) witness.answer = null
    log.clock.now += 60_000
    await collector.collect()
    expect(parseNote((await reader.cosignedCheckpoint())!).signatures).toHaveLength(5)
  })

  test('W9: a checkpoint that was only signed again keeps its cosignatures, and gets them again in time', async () => {
    const { collector, reader, asked } = await openRound('two')
    await collector.collect()
    log.clock.now += 11 * 60_000
    log.tick()
    await expect.poll(async () => (await log.store.state(testOrg)).checkpoint).not.toBeNull()
    expect(parseNote(await reader.checkpoint()).signatures).toHaveLength(5)
    await collector.collect()
    expect(asked).toHaveLength(6)
    await collector.collect()
    expect(asked).toHaveLength(6)
  })
})

describe('a witness that', () => {
  test('is away is asked again later and later, and the others count meanwhile', async () => {
    const round = await openRound('two')
    const { collector, witnesses, asked, planned } = round
    witnesses[0]!.answer = away
    await collector.collect()
    expect(stateOf(round, 'ada')).toMatchObject({ size: null, error: { code: 'unreachable' } })
    expect(sizeOf(await round.reader.cosignedCheckpoint())).toBe(300)
    expect(planned.map(({ ms }) => ms)).toEqual([5000])
    await collector.collect()
    expect(asked.filter(name => name === 'ada')).toHaveLength(1)
    for (const wait of [5000, 10_000, 20_000]) {
      log.clock.now += wait
      await collector.collect()
    }
    expect(asked.filter(name => name === 'ada')).toHaveLength(4)
    witnesses[0]!.answer = null
    log.clock.now += 5 * 60_000
    await collector.collect()
    expect(stateOf(round, 'ada')).toMatchObject({ size: 300, error: null })
  })

  const lies: [string, string, (witness: TestWitness) => Response | Promise<Response>][] = [
    ['answers with a page', 'bad_answer', () => new Response('<html>')],
    ['answers with nothing', 'bad_answer', () => new Response('')],
    ['refuses', 'refused', () => new Response('no', { status: 403 })],
    ['fails', 'refused', () => new Response('no', { status: 500 })],
    ['tells no size', 'bad_answer', () => sizeAnswer('many\n')],
    ['tells one size after the other', 'bad_answer', () => sizeAnswer('5\n')],
    ['tells a size this log never had', 'ahead', () => sizeAnswer('301\n')],
    ['says that the log contradicts itself', 'inconsistent', () => new Response('', { status: 422 })],
    ['does not end', 'bad_answer', () => new Response('x'.repeat(100_000))],
    ['answers in no text', 'bad_answer', () => new Response(Uint8Array.of(0xff, 0xfe))],
    [
      'cosigns under another key',
      'bad_answer',
      async ({ name }) => {
        const { cosigner } = await createTestWitnessKey(`${name}.example`, 99)
        return cosignedBy(cosigner)
      },
    ],
    [
      'cosigns another state',
      'bad_answer',
      ({ key: { cosigner } }) => cosignedBy(cosigner, 'trailside.local/acme\n1\nAAAA\n'),
    ],
  ]

  test.each(lies)('W8: %s adds nothing', async (_, code, lie) => {
    const round = await openRound('two')
    const [liar] = round.witnesses
    liar!.answer = () => lie(liar!)
    await round.collector.collect()
    expect(stateOf(round, 'ada')).toMatchObject({ size: null, error: { code } })
    const published = await round.reader.checkpoint()
    expect(parseNote(published).signatures.map(({ name }) => name)).not.toContain('ada.example')
    expect((await openWithPolicy(published, round.policy)).verified).toHaveLength(3)
    expect(log.errors).toEqual([])
  })

  function sizeAnswer(text: string): Response {
    return new Response(text, { status: 409, headers: { 'content-type': 'text/x.tlog.size' } })
  }

  async function cosignedBy(cosigner: TestWitness['key']['cosigner'], text?: string): Promise<Response> {
    const note = (await log.store.state(testOrg)).checkpoint!
    const signature = await cosigner.sign(text ?? parseNote(note).text)
    return new Response(formatSignatureLine({ ...cosigner, signature }))
  }

  test('has no address is shown and not asked', async () => {
    const { key } = await openWitness('ada', 10)
    const policy = parsePolicy(`witness ada ${key.verifierKey}\nquorum ada\n`)
    const store = openWitnessStore(openDatabase(':memory:'))
    const collector = createCollector({
      ...{ policy, store, fetch: away, clock: () => log.clock.now, onError: () => {} },
      reader: createLogReader({ org: testOrg, store: log.store }),
      signedNote: async () => (await log.store.state(testOrg)).checkpoint,
      after: () => () => {},
    })
    await collector.collect()
    expect(collector.states()).toEqual([
      { name: 'ada', key: key.verifierKey, asked: false, size: null, at: null, error: null },
    ])
  })
})

describe('the log', () => {
  test('W8: is never kept waiting by its witnesses', async () => {
    const { collector, witnesses, planned, asked } = await openRound('two')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    for (const witness of witnesses) witness.answer = () => held.then(() => new Response('late'))
    log.writer.onCommitted(() => collector.noticeGrowth())
    await log.writer.append([testEvent(1000)])
    expect(planned.map(({ ms }) => ms)).toEqual([1000])
    planned.shift()!.run()
    await expect.poll(() => asked.length).toBe(3)
    // The round is under way, and appends go on.
    await log.writer.append([testEvent(1001)])
    await log.writer.append([testEvent(1002)])
    expect(planned.map(({ ms }) => ms)).toEqual([1000])
    planned.shift()!.run()
    release()
    await expect.poll(() => planned.length).toBe(1)
    // What grew meanwhile is not forgotten.
    expect(planned[0]!.ms).toBe(1000)
    await collector.close()
    expect(planned).toEqual([])
  })

  test('that was restored from a backup hears that its witnesses saw more', async () => {
    const round = await openRound('two')
    await round.collector.collect()
    const restored = await openTestLog({ key: log.key })
    await restored.writer.append(testEvents(0, 200))
    const collector = createCollector({
      ...{ policy: round.policy, store: openWitnessStore(openDatabase(':memory:')), onError: () => {} },
      clock: () => log.clock.now,
      fetch: (async (url: string, init: RequestInit) => {
        const { hostname, pathname } = new URL(url)
        return round.witnesses.find(({ name }) => hostname === `${name}.example`)!.app.request(pathname, init)
      }) as typeof fetch,
      reader: createLogReader({ org: testOrg, store: restored.store }),
      signedNote: async () => (await restored.store.state(testOrg)).checkpoint,
      after: () => () => {},
    })
    await collector.collect()
    expect(collector.states().map(({ error }) => error?.code)).toEqual(['ahead', 'ahead', 'ahead'])
    expect(collector.states()[0]!.error!.detail).toBe(
      'It cosigned 300 entries of this log, which now has 200',
    )
    await restored.close()
  })
})
