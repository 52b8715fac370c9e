import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personalFields } from '../../shared/audit-event.ts'
import { decodeBundle } from '../../shared/log/bundle.ts'
import { fromBase64 } from '../../shared/log/bytes.ts'
import { verifyConsistency } from '../../shared/log/consistency.ts'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import { verifyInclusion } from '../../shared/log/inclusion.ts'
import { parseLeaf, verifyDisclosure } from '../../shared/log/leaf.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { parseReceipt, verifyReceipt } from '../../shared/log/proof.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { openTestLog, type TestLog, testEvents, testOrg } from '../../test/support/test-log.ts'
import { nodeHasher } from '../node-hasher.ts'
import { createLogReader, type LogReader } from './reader.ts'

const size = 700
const everything = { personal: true }
let log: TestLog
let reader: LogReader
/** Leaf hashes and, by size, roots: made from the bundles alone, as a follower would. */
const leafHashes: Uint8Array[] = []
const roots: Uint8Array[] = []

beforeAll(async () => {
  log = await openTestLog()
  reader = createLogReader({ org: testOrg, store: log.store })
  await log.writer.append(testEvents(0, size))
  const range = new CompactRange(nodeHasher)
  roots.push(range.root())
  for (const [index, width] of [256, 256, 188].entries()) {
    for (const leaf of decodeBundle((await reader.entryBundle({ index, width }))!, width)) {
      leafHashes.push(nodeHasher.leafHash(leaf))
      range.append(leafHashes.at(-1)!)
      roots.push(range.root())
    }
  }
})
afterAll(() => log.close())

test('the checkpoint signs the root that the bundles lead to', async () => {
  expect(await log.key.open(await reader.checkpoint())).toMatchObject({ size, root: roots[size] })
})

test('tiles hold the leaf hashes, in any width there is, and none beyond', async () => {
  const joined = (from: number, to: number) => new Uint8Array(Buffer.concat(leafHashes.slice(from, to)))
  expect(await reader.tile({ level: 0, index: 1, width: 256 })).toEqual(joined(256, 512))
  expect(await reader.tile({ level: 0, index: 2, width: 188 })).toEqual(joined(512, 700))
  expect(await reader.tile({ level: 0, index: 2, width: 3 })).toEqual(joined(512, 515))
  expect((await reader.tile({ level: 1, index: 0, width: 2 }))!.length).toBe(64)
  for (const [level, index, width] of [
    [0, 2, 189],
    [0, 3, 1],
    [1, 0, 3],
    [2, 0, 1],
  ] as const) {
    expect(await reader.tile({ level, index, width })).toBeNull()
  }
})

test('bundles beyond the log are none', async () => {
  expect(await reader.entryBundle({ index: 2, width: 189 })).toBeNull()
  expect(await reader.entryBundle({ index: 3, width: 1 })).toBeNull()
  expect(await reader.disclosures(3, everything)).toBeNull()
})

test('every consistency proof verifies', async () => {
  const sizes = [1, 2, 255, 256, 257, 511, 512, 513, 699, 700]
  for (const from of sizes) {
    for (const to of sizes.filter(to => to >= from)) {
      const proof = (await reader.consistency(from, to)).map(fromBase64)
      const claim = { oldSize: from, newSize: to, oldRoot: roots[from]!, newRoot: roots[to]!, proof }
      expect(() => verifyConsistency(nodeHasher, claim)).not.toThrow()
    }
  }
  for (const [from, to] of [
    [0, 1],
    [5, 4],
    [1, 701],
    [1.5, 3],
  ] as const) {
    await expect(reader.consistency(from, to)).rejects.toMatchObject({ code: 'malformed' })
  }
})

test('every inclusion proof verifies', async () => {
  for (const [index, at] of [
    [0, 1],
    [0, 700],
    [255, 256],
    [256, 700],
    [511, 513],
    [699, 700],
  ] as const) {
    const proof = (await reader.inclusion(index, at)).map(fromBase64)
    const claim = { index, size: at, leafHash: leafHashes[index]!, proof, root: roots[at]! }
    expect(() => verifyInclusion(nodeHasher, claim)).not.toThrow()
  }
  for (const [index, at] of [
    [-1, 5],
    [5, 5],
    [0, 701],
  ] as const) {
    await expect(reader.inclusion(index, at)).rejects.toMatchObject({ code: 'malformed' })
  }
})

test('a receipt verifies offline', async () => {
  const policy = parsePolicy(`log ${log.key.verifierKeys.log}\nquorum none\n`)
  const receipt = parseReceipt((await reader.receipt(300))!)
  const opened = await verifyReceipt(nodeHasher, receipt, leafHashes[300]!, policy)
  expect(opened.checkpoint.size).toBe(size)
  expect(await reader.receipt(size)).toBeNull()
})

describe('what a reader may see', () => {
  test('every disclosure opens its leaf, and leads to the same event', async () => {
    const { start, entries } = (await reader.disclosures(2, everything))!
    expect({ start, count: entries.length }).toEqual({ start: 512, count: 188 })
    const leaves = decodeBundle((await reader.entryBundle({ index: 2, width: 188 }))!, 188)
    for (const disclosure of entries[7]!) verifyDisclosure(nodeHasher, parseLeaf(leaves[7]!), disclosure)
    const [event] = await reader.events([519], everything)
    expect(leafToEvent(nodeHasher, leaves[7]!, entries[7]!, 519)).toEqual(event)
    expect(event).toMatchObject({ id: '519', index: 519, actor: { email: 'zoe@example.com' }, withheld: [] })
  })

  test('without the permission personal fields are withheld, and said to be', async () => {
    const { entries } = (await reader.disclosures(0, { personal: false }))!
    const names = entries[0]!.map(({ name }) => name)
    expect(names).toEqual(['changes', 'metadata', 'targets.names'])
    const [event] = await reader.events([0], { personal: false })
    expect(event!.withheld).toEqual([...personalFields].sort())
    expect(event).toMatchObject({
      actor: { id: 'u-1', name: null, email: null },
      context: { ip: null, userAgent: null },
    })
    expect(JSON.stringify(event)).not.toContain('192.0.2.7')
    expect(event!.changes).toHaveLength(1)
  })

  test('events come in the order asked, without those that are none', async () => {
    const events = await reader.events([699, 5000, 0], everything)
    expect(events.map(event => event.index)).toEqual([699, 0])
  })

  test('erased fields are withheld from everyone', async () => {
    await log.store.erase(testOrg, [{ index: 650, fields: ['actor.email', 'changes'] }])
    const [event] = await reader.events([650], everything)
    expect(event).toMatchObject({ actor: { email: null }, changes: [], withheld: ['actor.email', 'changes'] })
  })
})
