// Fifty times: start, take events in, change the log's keys again and again, SIGKILL at a random moment. No
// acknowledged event is lost or doubled, and the next start goes on from a sound log, under a key that follows.
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settleKeys } from '../../server/log/log-key.ts'
import { nodeHasher } from '../../server/node-hasher.ts'
import { openDataFolder } from '../../server/store/data-folder.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { openSqliteLogStore } from '../../server/store/sqlite/log-store.ts'
import { claimedRotation, followRotations } from '../../shared/log/key-transition.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { bundleChild, startChild } from '../support/child.ts'
import { testOrg } from '../support/test-log.ts'

const kills = 50
const seed = Number(process.env.TRAILSIDE_TEST_SEED ?? Date.now() % 2 ** 31)

/** mulberry32: small, seeded, good enough to spread moments. */
function randomFrom(state: number): () => number {
  let at = state
  return () => {
    at = (at + 0x6d2b79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), at | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Acknowledged {
  id: string
  index: number
  status: string
}

/** Lets the child work for a while once it is ready (or kills it during its start), and answers what it said. */
async function killAfter(child: ChildProcess, ms: number, duringStart: boolean): Promise<string[]> {
  let output = ''
  let timer = duringStart ? setTimeout(() => child.kill('SIGKILL'), ms) : undefined
  child.stdout!.on('data', chunk => {
    output += chunk
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms)
  })
  const signal = await new Promise(resolve => child.on('close', (_code, killedBy) => resolve(killedBy)))
  clearTimeout(timer)
  expect(signal, 'the child must die by our hand, not of its own').toBe('SIGKILL')
  // The last line may be cut short.
  return output.split('\n').slice(0, -1)
}

function lastNumber(ids: readonly string[]): number {
  return Number(ids.at(-1)?.split('-')[1] ?? 0)
}

function parseLine(line: string): Acknowledged {
  const [id, index, status] = line.split(' ')
  return { id: id!, index: Number(index), status: status! }
}

test(`no acknowledged event is lost or doubled by ${kills} kills (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const place = await mkdtemp(join(tmpdir(), 'trailside-kill-'))
  const folder = join(place, 'data')
  const bundle = await bundleChild('append-until-killed')
  const acknowledged = new Map<string, number>()
  let started = 0
  for (let run = 0; run < kills; run++) {
    // Some that were answered, some that perhaps were not: only the former must be duplicates.
    const known = [...acknowledged.keys()].slice(-3)
    const unsure = Array.from({ length: 5 }, (_, i) => `${run - 1}-${lastNumber(known) + 1 + i}`)
    const child = startChild(bundle, folder, String(run), [...known, ...unsure].join(','))
    const lines = await killAfter(child, random() * 120, random() < 0.15)
    if (lines[0] === 'ready') started++
    for (const { id, index, status } of lines.slice(1).map(parseLine)) {
      expect(['accepted', 'duplicate']).toContain(status)
      if (acknowledged.has(id))
        expect({ id, index, status }).toEqual({ id, index: acknowledged.get(id), status: 'duplicate' })
      acknowledged.set(id, index)
    }
  }
  await expectAllKept(folder, acknowledged)
  expect(started).toBeGreaterThan(kills / 2)
  expect(acknowledged.size).toBeGreaterThan(kills)
  await rm(place, { recursive: true })
}, 180_000)

async function expectAllKept(path: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const folder = openDataFolder(path)
  const database = openDatabase(folder.files.log)
  const store = openSqliteLogStore(database)
  const { size, checkpoint } = await store.state(testOrg)
  const range = new CompactRange(nodeHasher)
  const ids = new Map<string, number>()
  for (const entry of await store.entries(testOrg, 0, size)) {
    range.append(nodeHasher.leafHash(entry.leaf))
    ids.set(String(entry.open.id), entry.index)
  }
  expect(ids.size, 'no event is doubled').toBe(size)
  const lost = [...acknowledged].filter(([id, index]) => ids.get(id) !== index)
  expect(lost, 'acknowledged events are where they were said to be').toEqual([])
  const key = await settleKeys(folder.files.logKey, checkpoint, Date.now)
  const signed = await key.open(checkpoint!)
  expect(signed).toMatchObject({ size, root: range.root() })
  const changes = await store.transitions(testOrg)
  const first = claimedRotation(nodeHasher, changes[0]!)!.before
  const proven = await followRotations(nodeHasher, changes, first)
  expect(proven, 'each change of keys is proven by the key before').toHaveLength(changes.length)
  expect(proven.at(-1)!.after).toMatchObject(key.verifierKeys)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  database.close()
  folder.close()
}
