import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fromHex, utf8 } from '../../shared/log/bytes.ts'
import { parseCanonical } from '../../shared/log/canonical-json.ts'
import { cosignedAt, openCheckpoint } from '../../shared/log/checkpoint.ts'
import { verifyConsistency } from '../../shared/log/consistency.ts'
import { verifyRotation } from '../../shared/log/key-transition.ts'
import { verifyEpoch } from '../../shared/log/epoch.ts'
import { LogError } from '../../shared/log/errors.ts'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import { verifyInclusion } from '../../shared/log/inclusion.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { parseReceipt, verifyReceipt } from '../../shared/log/proof.ts'
import { verifyRange } from '../../shared/log/range.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { hasher } from '../support/reference-tree.ts'
import { generateVectors, type TreeCase } from './generate.ts'

const vectors = await generateVectors()

function read<Name extends keyof typeof vectors>(name: Name): (typeof vectors)[Name] {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

/** Whether it returns; errors of the log mean no, all others are faults of the test. */
async function holds(verify: () => unknown): Promise<boolean> {
  try {
    await verify()
    return true
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

/** The abouts of cases whose verdict is not the one written down. */
async function disagreements<Case extends { about: string; holds: boolean }>(
  cases: readonly Case[],
  verify: (one: Case) => unknown,
): Promise<string[]> {
  const wrong: string[] = []
  for (const one of cases) if ((await holds(() => verify(one))) !== one.holds) wrong.push(one.about)
  return wrong
}

const hashes = (one: TreeCase, name: string) => (one.hashes[name] ?? []).map(fromHex)
/** The one hash of this name; where a case has none or two of it, bytes that are no hash. */
const hash = (one: TreeCase, name: string) => {
  const list = hashes(one, name)
  return list.length === 1 ? list[0]! : new Uint8Array()
}

describe('our own vectors', () => {
  it.each(Object.entries(vectors))('%s is as generated', async (name, content) => {
    await expect(`${JSON.stringify(content, null, 1)}\n`).toMatchFileSnapshot(name)
  })

  it('I2: inclusion', async () => {
    const wrong = await disagreements(read('inclusion.json').cases, one => {
      const { index, size } = one.numbers as { index: number; size: number }
      const [leafHash, root] = [hash(one, 'leaf'), hash(one, 'root')]
      verifyInclusion(hasher, { index, size, leafHash, root, proof: hashes(one, 'proof') })
    })
    expect(wrong).toEqual([])
  })

  it('C2, C3, C4: consistency', async () => {
    const wrong = await disagreements(read('consistency.json').cases, one => {
      const { oldSize, newSize } = one.numbers as { oldSize: number; newSize: number }
      const [oldRoot, newRoot] = [hash(one, 'oldRoot'), hash(one, 'newRoot')]
      verifyConsistency(hasher, { oldSize, newSize, oldRoot, newRoot, proof: hashes(one, 'proof') })
    })
    expect(wrong).toEqual([])
  })

  it('R3: ranges', async () => {
    const wrong = await disagreements(read('range.json').cases, one => {
      const { start, end, size } = one.numbers as { start: number; end: number; size: number }
      const [left, right, leafHashes] = [hashes(one, 'left'), hashes(one, 'right'), hashes(one, 'leaves')]
      verifyRange(hasher, { start, end, size, left, right, leafHashes, root: hash(one, 'root') })
    })
    expect(wrong).toEqual([])
  })

  it('J6: canonical JSON', async () => {
    const { cases } = read('canonical-json.json')
    expect(await disagreements(cases, ({ text }) => parseCanonical(utf8(text)))).toEqual([])
  })

  it('E2, L5: the leaf of an event', () => {
    const { event, leaf, disclosures, refused } = read('event-leaf.json')
    expect(leafToEvent(hasher, utf8(leaf), disclosures, 0)).toEqual({ ...event, index: 0, withheld: [] })
    for (const { code, disclosures } of refused) {
      expect(() => leafToEvent(hasher, utf8(leaf), disclosures, 0)).toThrow(expect.objectContaining({ code }))
    }
  })

  it('P2, S2: checkpoints', async () => {
    const { origin, logKey, timeKey, time, cases } = read('checkpoint.json')
    const [log, clock] = [createVerifier(logKey), createVerifier(timeKey)]
    expect(await disagreements(cases, ({ text }) => openCheckpoint(text, origin, log, [clock]))).toEqual([])
    const { verified } = await openCheckpoint(cases[0]!.text, origin, log, [clock])
    expect(cosignedAt(verified, clock)).toBe(time)
  })

  it('K5, K6, K7: changes of keys', async () => {
    const { before, after, time, cases } = read('key-transition.json')
    expect(await disagreements(cases, ({ text }) => verifyRotation(hasher, text, before))).toEqual([])
    const proven = await verifyRotation(hasher, cases[0]!.text, before)
    expect(proven).toMatchObject({ before, after, index: 7, size: 8, signedAt: time })
  })

  it('O1, O2, O3: epochs', async () => {
    const { before, after, time, size, cases } = read('epoch.json')
    expect(await disagreements(cases, ({ text }) => verifyEpoch(hasher, text, before))).toEqual([])
    const shown = await verifyEpoch(hasher, cases[0]!.text, before)
    expect(shown).toMatchObject({ before, after, index: size, restored: { size, signedAt: time } })
  })

  it('V2: the receipt', async () => {
    const { logKey, receipt } = read('checkpoint.json')
    const policy = parsePolicy(`log ${logKey}\nquorum none\n`)
    const leafHash = hasher.leafHash(fromHex(receipt.leaf))
    const opened = await verifyReceipt(hasher, parseReceipt(receipt.text), leafHash, policy)
    expect(opened.checkpoint.size).toBe(21)
  })
})
