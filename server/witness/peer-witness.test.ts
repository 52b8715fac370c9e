import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddCheckpoint, parseAddCheckpoint } from '../../shared/log/add-checkpoint.ts'
import { toHex, utf8 } from '../../shared/log/bytes.ts'
import { cosignedAt, openCheckpoint, parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { formatNote, parseNote, parseSignatureLine } from '../../shared/log/note.ts'
import { sha256 } from '../../shared/log/sha256.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { codeOf, facts } from '../../test/support/access.ts'
import {
  createTestKey,
  openTestLog,
  type TestLog,
  testEvent,
  testEvents,
  testStart,
} from '../../test/support/test-log.ts'
import { createTestWitnessKey, openTestWitness, submission } from '../../test/support/test-witness.ts'

type Opened = Awaited<ReturnType<typeof openTestWitness>>

async function openPair(entries = 5) {
  const log = await openTestLog()
  if (entries > 0) await log.writer.append(testEvents(0, entries))
  return { log, ...(await openTestWitness([log.key])) }
}

const ask = async ({ witness }: Pick<Opened, 'witness'>, log: TestLog, oldSize: number) =>
  witness.addCheckpoint(await submission(log, oldSize), facts)

const refusal = (opened: Pick<Opened, 'witness'>, body: string | Uint8Array) =>
  codeOf(opened.witness.addCheckpoint(typeof body === 'string' ? utf8(body) : body, facts))

const hashOf = ({ key }: TestLog) => toHex(sha256(utf8(key.origin)))

/** The same entries but the last, under the same key: what only a log that forks can show. */
async function forkOf(log: TestLog, size: number): Promise<TestLog> {
  const fork = await openTestLog({ key: log.key })
  await fork.writer.append([...testEvents(0, size - 1), testEvent(size - 1, { outcome: 'denied' })])
  return fork
}

const noteIn = (body: Uint8Array) => parseAddCheckpoint(body).note
const rootIn = (body: Uint8Array) => parseCheckpoint(parseNote(noteIn(body)).text).root

describe('a witness', () => {
  test('W5: cosigns what continues what it cosigned last, and shows it to whoever asks', async () => {
    const pair = await openPair()
    const { log, witness } = pair
    const answer = await ask(pair, log, 0)
    expect(answer).toHaveProperty('cosignature')
    await log.writer.append(testEvents(5, 300))
    const line = ((await ask(pair, log, 5)) as { cosignature: string }).cosignature
    expect(line).toMatch(/^— witness\.example\/w1 \S+\n$/)
    const note = witness.latest(hashOf(log))!
    const cosigner = createVerifier(witness.key)
    const { checkpoint, verified } = await openCheckpoint(
      note,
      log.key.origin,
      createVerifier(log.key.verifierKeys.log),
      [cosigner],
    )
    expect(checkpoint.size).toBe(300)
    expect(cosignedAt(verified, cosigner)).toBe(testStart / 1000)
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual([log.key.origin, 'witness.example/w1'])
    expect(witness.latest(toHex(sha256(utf8('another log'))))).toBeNull()
  })

  test('W5: cosigns the same checkpoint again, at a later time', async () => {
    const log = await openTestLog()
    await log.writer.append(testEvents(0, 3))
    let now = testStart
    const key = await createTestWitnessKey('witness.example/w1', 1, () => now)
    const opened = await openTestWitness([log.key], { key, clock: () => now })
    const first = await ask(opened, log, 0)
    now += 60_000
    const second = await ask(opened, log, 3)
    expect(second).toHaveProperty('cosignature')
    expect(second).not.toEqual(first)
  })

  test('W4: tells the size it cosigned last to who took another one for it', async () => {
    const pair = await openPair()
    const { log } = pair
    expect(await ask(pair, log, 3)).toEqual({ size: 0 })
    await ask(pair, log, 0)
    expect(await ask(pair, log, 0)).toEqual({ size: 5 })
    await log.writer.append(testEvents(5, 9))
    expect(await ask(pair, log, 0)).toEqual({ size: 5 })
    expect(await ask(pair, log, 7)).toEqual({ size: 5 })
    expect(await ask(pair, log, 5)).toHaveProperty('cosignature')
  })

  test('W2: knows nothing of other logs, whoever signed', async () => {
    const pair = await openPair()
    const stranger = await openTestLog({ key: await createTestKey(undefined, 50, 'stranger.example/log') })
    await stranger.writer.append(testEvents(0, 5))
    expect(await refusal(pair, await submission(stranger, 0))).toBe('not_found')
  })

  test('W3: believes nobody but the log’s key, and a known key whose signature fails condemns the note', async () => {
    const pair = await openPair()
    const forged = await openTestLog({ key: await createTestKey(undefined, 77) })
    await forged.writer.append(testEvents(0, 5))
    expect(await refusal(pair, await submission(forged, 0))).toBe('checkpoint_untrusted')
    const body = Buffer.from(await submission(pair.log, 0)).toString()
    expect(await refusal(pair, body.replace('\n5\n', '\n6\n'))).toBe('checkpoint_untrusted')
    const { text, signatures } = parseNote(body.slice(body.indexOf('\n\n') + 2))
    const [own] = signatures
    const bad = { ...own!, signature: own!.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) }
    const stranger = { name: 'x.example', keyId: '00000000', signature: new Uint8Array(64) }
    const noteWith = (...lines: typeof signatures) =>
      formatAddCheckpoint({ oldSize: 0, proof: [], note: formatNote({ text, signatures: lines }) })
    expect(await refusal(pair, noteWith(bad))).toBe('checkpoint_untrusted')
    expect(await refusal(pair, noteWith(stranger))).toBe('checkpoint_untrusted')
    expect(await refusal(pair, noteWith(stranger, own!))).toBe('none')
  })

  test('W1: refuses what is no request, and an old size above the checkpoint’s', async () => {
    const pair = await openPair()
    expect(await refusal(pair, '')).toBe('malformed')
    expect(await refusal(pair, '{}')).toBe('malformed')
    expect(await refusal(pair, 'old 0\n\nno note')).toBe('malformed')
    expect(await refusal(pair, await submission(pair.log, 6))).toBe('malformed')
  })

  test('W6: refuses another root for a size it cosigned', async () => {
    const pair = await openPair()
    await ask(pair, pair.log, 0)
    const fork = await forkOf(pair.log, 5)
    expect(await refusal(pair, await submission(fork, 5))).toBe('checkpoint_inconsistent')
    expect(pair.witness.logs()[0]!.latest!.size).toBe(5)
  })

  test('W6: refuses a proof that fails, is missing, or proves something of nothing', async () => {
    const pair = await openPair()
    const { log } = pair
    const proof = [new Uint8Array(32)]
    const note = noteIn(await submission(log, 0))
    expect(await refusal(pair, formatAddCheckpoint({ oldSize: 0, proof, note }))).toBe(
      'checkpoint_inconsistent',
    )
    await ask(pair, log, 0)
    expect(await refusal(pair, formatAddCheckpoint({ oldSize: 5, proof, note }))).toBe(
      'checkpoint_inconsistent',
    )
    const fork = await forkOf(log, 5)
    await fork.writer.append(testEvents(5, 8))
    expect(await refusal(pair, await submission(fork, 5))).toBe('checkpoint_inconsistent')
    await log.writer.append(testEvents(5, 8))
    const grown = noteIn(await submission(log, 0))
    expect(await refusal(pair, formatAddCheckpoint({ oldSize: 5, proof: [], note: grown }))).toBe(
      'checkpoint_inconsistent',
    )
    expect(await ask(pair, log, 5)).toHaveProperty('cosignature')
  })

  test('W6: takes an empty log with the empty root, once and again, and what then grows', async () => {
    const pair = await openPair(0)
    expect(await ask(pair, pair.log, 0)).toHaveProperty('cosignature')
    expect(await ask(pair, pair.log, 0)).toHaveProperty('cosignature')
    await pair.log.writer.append(testEvents(0, 2))
    expect(await ask(pair, pair.log, 0)).toHaveProperty('cosignature')
    const note = await pair.log.key.sign(0, new Uint8Array(32))
    const fresh = await openTestWitness([pair.log.key])
    expect(await refusal(fresh, formatAddCheckpoint({ oldSize: 0, proof: [], note }))).toBe(
      'checkpoint_inconsistent',
    )
  })
})

describe('what a log signed and a witness refused', () => {
  test('W7: is kept as evidence, once for each checkpoint, and is an event', async () => {
    const pair = await openPair()
    const { log, store, events } = pair
    await ask(pair, log, 0)
    const fork = await forkOf(log, 5)
    for (let i = 0; i < 3; i++) await refusal(pair, await submission(fork, 5))
    // Also where the sender did not know how far this witness was.
    await ask(pair, fork, 0)
    const [evidence, ...more] = store.refused(log.key.origin)
    expect(more).toEqual([])
    const { note } = JSON.parse(evidence!.request) as { note: string }
    expect(parseCheckpoint(parseNote(note).text).size).toBe(5)
    expect(events).toEqual([
      expect.objectContaining({
        action: 'auditlog.checkpoint_refused',
        outcome: 'denied',
        targets: [{ type: 'log', id: log.key.origin, name: null }],
        metadata: expect.objectContaining({ size: 5, oldSize: 5 }),
      }),
    ])
  })

  test('W7: has its bounds, and floods no log with events', async () => {
    const pair = await openPair(1)
    const { log, store, events } = pair
    await ask(pair, log, 0)
    const proof = [new Uint8Array(32)]
    for (let i = 2; i <= 110; i++) {
      const note = await log.key.sign(i, new Uint8Array(32).fill(i))
      await refusal(pair, formatAddCheckpoint({ oldSize: 1, proof, note }))
    }
    expect(store.refused(log.key.origin)).toHaveLength(100)
    expect(events).toHaveLength(1)
  })
})

describe('a witness never goes back', () => {
  test('W5: however many ask at once', async () => {
    const log = await openTestLog()
    const opened = await openTestWitness([log.key])
    const bodies: Uint8Array[] = []
    for (let size = 1; size <= 12; size++) {
      await log.writer.append(testEvents(size - 1, size))
      bodies.push(await submission(log, 0))
    }
    const answers = await Promise.all(bodies.map(body => opened.witness.addCheckpoint(body, facts)))
    // The first one in is taken; all others learn how far it went.
    expect(answers.filter(answer => 'cosignature' in answer)).toHaveLength(1)
    const { size } = opened.witness.logs()[0]!.latest!
    for (const answer of answers) if ('size' in answer) expect(answer.size).toBe(size)
  })

  test('W5: not even where two processes look at one state', async () => {
    const pair = await openPair()
    const { log, store } = pair
    await ask(pair, log, 0)
    const stale = store.witnessed(log.key.origin)
    await log.writer.append(testEvents(5, 9))
    await ask(pair, log, 5)
    const other = await openTestWitness([log.key], {
      store: { ...store, witnessed: () => stale },
    })
    expect(await ask(other, log, 5)).toEqual({ size: 5 })
    expect(store.witnessed(log.key.origin)!.size).toBe(9)
  })

  test('W5: whatever is sent to it, in whatever order', async () => {
    const log = await openTestLog()
    const fork = await openTestLog({ key: log.key })
    const bodies = new Map<string, Uint8Array>()
    const trueRoots = new Map<number, Uint8Array>()
    const isTrue = (size: number, root: Uint8Array) => toHex(trueRoots.get(size)!) === toHex(root)
    for (let size = 1; size <= 8; size++) {
      await log.writer.append(testEvents(size - 1, size))
      trueRoots.set(size, rootIn(await submission(log, 0)))
      await fork.writer.append([testEvent(size - 1, size > 3 ? { outcome: 'denied' } : {})])
      for (let old = 0; old <= size; old++) {
        bodies.set(`true ${old} ${size}`, await submission(log, old))
        bodies.set(`false ${old} ${size}`, await submission(fork, old))
      }
    }
    const names = fc.array(fc.constantFrom(...bodies.keys()), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (sent, atOnce) => {
        const { witness, store } = await openTestWitness([log.key])
        const kept: { size: number; root: Uint8Array }[] = []
        const send = async (name: string) => {
          const answer = await witness.addCheckpoint(bodies.get(name)!, facts).catch(() => null)
          if (answer && 'cosignature' in answer) kept.push(store.witnessed(log.key.origin)!)
        }
        if (atOnce) await Promise.all(sent.map(send))
        else for (const name of sent) await send(name)
        const sizes = kept.map(({ size }) => size)
        expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
        // Above the fork only one of the two histories was ever cosigned.
        const histories = kept.filter(({ size }) => size > 3).map(({ size, root }) => isTrue(size, root))
        expect(new Set(histories).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 40 },
    )
  })

  test('W5: what was cosigned is on disk before the answer: a witness killed in between has it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trailside-witness-'))
    const path = join(folder, 'witness.db')
    const log = await openTestLog()
    await log.writer.append(testEvents(0, 5))
    const { store } = await openTestWitness([log.key], { path })
    const advance: typeof store.advance = (...moves) => {
      store.advance(...moves)
      throw new Error('killed')
    }
    const killed = await openTestWitness([log.key], { path, store: { ...store, advance } })
    await expect(ask(killed, log, 0)).rejects.toThrow('killed')
    await log.writer.append(testEvents(5, 8))
    const after = await openTestWitness([log.key], { path })
    // The log, which got no answer, asks as before and learns what was kept; then it goes on.
    expect(await ask(after, log, 0)).toEqual({ size: 5 })
    expect(await ask(after, log, 5)).toHaveProperty('cosignature')
    rmSync(folder, { recursive: true })
  })

  test('W5: what could not be kept is not cosigned', async () => {
    const { log, store } = await openPair()
    const full = () => {
      throw new Error('the disk is full')
    }
    const opened = await openTestWitness([log.key], { store: { ...store, advance: full } })
    await expect(ask(opened, log, 0)).rejects.toThrow('the disk is full')
  })
})

test('W5: the answer’s line is a cosignature of the witness and of nobody else', async () => {
  const pair = await openPair()
  const { cosignature } = (await ask(pair, pair.log, 0)) as { cosignature: string }
  const { name, keyId } = parseSignatureLine(cosignature.trimEnd())
  expect({ name, keyId }).toEqual({
    name: 'witness.example/w1',
    keyId: createVerifier(pair.witness.key).keyId,
  })
})
