import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromBase64, fromUtf8, utf8 } from '../../shared/log/bytes.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { growTiles } from '../../shared/log/tiles.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { createTestKey, openTestLog, type TestLog, testEvents, testOrg } from '../../test/support/test-log.ts'
import { nodeHasher } from '../node-hasher.ts'
import { newEntry, type SampleEntry, sampleEntry } from '../store/log-store.contract.ts'
import { foldTile } from './authentic-tiles.ts'
import type { Trust } from './stored-checkpoint.ts'
import { type VerifyReport, verifyLog } from './verify-log.ts'

const size = 700
let log: TestLog
beforeEach(async () => {
  log = await openTestLog()
  await log.writer.append(testEvents(0, size))
})
afterEach(() => log.close())

const verify = (trust: Partial<Trust> = {}): Promise<VerifyReport> =>
  verifyLog({
    org: testOrg,
    store: log.store,
    trust: { own: log.key.verifierKeys, policy: null, ...trust },
  })

/** Outcome and place, and as much of the words as is asked for. */
const found = async (trust?: Partial<Trust>) => {
  const { outcome, place, words } = await verify(trust)
  return `${outcome} ${place}: ${words}`
}

const edit = (sql: string, ...parameters: (string | number | Uint8Array)[]) => {
  expect(log.database.prepare(sql).run(...parameters).changes).toBeGreaterThan(0)
}

function flip(table: string, column: string, where: string, at = 0): void {
  const row = log.database.prepare(`SELECT ${column} AS bytes FROM ${table} WHERE ${where}`).get()!
  const bytes = Uint8Array.from(row.bytes as Uint8Array)
  bytes[at]! ^= 1
  edit(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, bytes)
}

test('a log as it was written is verified, in every part', async () => {
  const told: number[] = []
  const report = await verifyLog({
    ...{ org: testOrg, store: log.store, trust: { own: log.key.verifierKeys, policy: null } },
    onProgress: done => told.push(done),
  })
  expect(report).toMatchObject({
    ...{ outcome: 'verified', place: null, origin: log.key.origin, size, entriesChecked: size },
    ...{ signedAtMs: log.clock.now, redacted: { entries: 0, fields: {} } },
  })
  expect(told).toEqual([256, 512, 700])
})

test('every size around the edges of tiles is verified', async () => {
  await log.close()
  log = await openTestLog()
  let id = 0
  for (const count of [0, 1, 1, 253, 1, 1, 254, 1, 1]) {
    await log.writer.append(testEvents(id, id + count))
    id += count
    expect(await verify()).toMatchObject({ outcome: 'verified', size: id })
  }
})

describe('whatever is changed is named', () => {
  test('an open field', async () => {
    edit("UPDATE entries SET open = replace(open, 'scan.started', 'scan.aborted') WHERE place = 300")
    expect(await found()).toMatch(/^tampered entry 300: Entry 300 is not what was signed/)
  })

  test('a disclosed value, a salt, and a value that is no JSON any more', async () => {
    edit("UPDATE disclosures SET fields = replace(fields, 'zoe@', 'eve@') WHERE place = 512")
    expect(await found()).toMatch(/^tampered entry 512: /)
    flip('disclosures', 'salts', 'place = 411', 20)
    expect(await found()).toMatch(/^tampered entry 411: /)
    edit("UPDATE disclosures SET fields = '[' WHERE place = 3")
    expect(await found()).toMatch(/^tampered entry 3: Entry 3 cannot be read/)
  })

  test('two entries in each other’s place', async () => {
    edit('UPDATE entries SET place = -1 WHERE place = 10')
    edit('UPDATE entries SET place = 10 WHERE place = 20')
    edit('UPDATE entries SET place = 20 WHERE place = -1')
    expect(await found()).toMatch(/^tampered entry 10: /)
  })

  test('an entry that is gone, in the middle and at the end', async () => {
    edit('DELETE FROM entries WHERE place = 699')
    expect(await found()).toBe('tampered entry 699: Entry 699 is missing.')
    edit('DELETE FROM entries WHERE place = 256')
    expect(await found()).toBe('tampered entry 256: Entry 256 is missing.')
  })

  test('what was kept beside an entry is gone', async () => {
    edit('DELETE FROM disclosures WHERE place = 257')
    expect(await found()).toMatch(/^tampered entry 257: Entry 257 cannot be read/)
  })

  test('entries and the size cut off together', async () => {
    edit('DELETE FROM entries WHERE place >= 650')
    edit('UPDATE logs SET size = 650')
    expect(await found()).toMatch(/^tampered entry 650: Entry 650 is missing/)
  })

  test('an entry beyond what was signed, counted or not', async () => {
    edit('INSERT INTO entries SELECT 700, open FROM entries WHERE place = 0')
    edit('INSERT INTO disclosures SELECT 700, shape, salts, fields FROM disclosures WHERE place = 0')
    expect(await found()).toMatch(/^tampered entry 700: Entry 700 lies beyond/)
    edit('UPDATE logs SET size = 701')
    expect(await found()).toMatch(/^tampered entry 700: Entry 700 lies beyond/)
  })

  test('the shape of what is kept', async () => {
    edit(`UPDATE shapes SET description = replace(description, '"actor.name"', '"actor.nome"')`)
    expect((await verify()).place).toBe('entry 0')
    edit(`UPDATE shapes SET description = 'nonsense'`)
    const again = await openTestLog({ database: log.database, key: log.key }).catch(error => error.message)
    expect(again).toMatch(/nonsense|JSON/)
  })
})

describe('what was signed can be wrong too', () => {
  test('an event twice or of another organization, a disclosure missing or changed, and what is no event', async () => {
    await log.close()
    log = await openTestLog()
    const { leaf, disclosures } = sampleEntry('a')
    const entry = { source: 'test', id: 'a', leaf, disclosures }
    const kept = async (...samples: SampleEntry[]) => {
      const entries = samples.map(newEntry)
      const grown = growTiles(new CompactRange(nodeHasher), hashesOf(samples), () => new Uint8Array())
      const tiles = grown.tiles.map(({ level, index, bytes }) => ({ level, number: index, hashes: bytes }))
      log.database.exec('DELETE FROM entries; DELETE FROM disclosures; DELETE FROM names; DELETE FROM tiles')
      log.database.exec('UPDATE logs SET size = 0')
      const checkpoint = await log.key.sign(entries.length, grown.range.root())
      await log.store.commit(testOrg, { expectedSize: 0, entries, tiles, checkpoint })
      return found()
    }
    expect(await kept(entry, entry)).toMatch(/^tampered entry 1: Entry 1 has the source and id of entry 0/)
    expect(await kept({ ...entry, disclosures: disclosures.slice(1) })).toMatch(
      /^tampered entry 0: Entry 0 has lost .*, and nothing says that it was erased/,
    )
    const changed = [{ ...disclosures[0]!, value: 'else' }, ...disclosures.slice(2)]
    expect(await kept({ ...entry, disclosures: changed })).toMatch(/^tampered entry 0: Entry 0 is wrong/)
    const foreign = utf8(fromUtf8(leaf).replace('"tenant":"acme"', '"tenant":"globex"'))
    expect(await kept({ ...entry, leaf: foreign })).toBe(
      'tampered entry 0: Entry 0 belongs to the organization globex, not to acme.',
    )
    const bare = utf8('{"id":"a","source":"test"}')
    expect(await kept({ ...entry, leaf: bare, disclosures: [] })).toMatch(/^malformed entry 0: /)
  })
})

describe('tiles', () => {
  test('a full tile of leaf hashes', async () => {
    flip('tiles', 'hashes', 'level = 0 AND number = 1', 32 * 7)
    expect(await found()).toMatch(/^tampered tile 0\/1: Tile 0\/1 is not what was signed: it does not fit/)
  })

  test('a partial tile at either level', async () => {
    flip('tiles', 'hashes', 'level = 0 AND number = 2')
    expect(await found()).toBe('tampered tile 0/2: Tile 0/2 is not what was signed; the entries are.')
    flip('tiles', 'hashes', 'level = 0 AND number = 2')
    flip('tiles', 'hashes', 'level = 1 AND number = 0', 40)
    expect(await found()).toBe('tampered tile 1/0: Tile 1/0 is not what was signed; the entries are.')
  })

  test('a tile that is gone, cut short, or too many', async () => {
    edit('INSERT INTO tiles SELECT org, 5, 0, hashes FROM tiles WHERE level = 1')
    expect(await found()).toBe('tampered log: There are 5 tiles, where a log of 700 has 4.')
    edit('UPDATE tiles SET hashes = substr(hashes, 1, 32) WHERE level = 1')
    expect(await found()).toMatch(/^tampered tile 1\/0: Tile 1\/0 has 32 bytes/)
    edit('DELETE FROM tiles WHERE level = 0 AND number = 2')
    expect(await found()).toBe('tampered tile 0/2: Tile 0/2 is missing.')
  })

  test('two tiles in each other’s place', async () => {
    edit('UPDATE tiles SET number = 9 WHERE level = 0 AND number = 0')
    edit('UPDATE tiles SET number = 0 WHERE level = 0 AND number = 1')
    edit('UPDATE tiles SET number = 1 WHERE level = 0 AND number = 9')
    expect(await found()).toMatch(/^tampered tile 0\/0: /)
  })

  test('an entry changed together with its tile, as far up as the attacker likes', async () => {
    edit("UPDATE entries SET open = replace(open, 'scan.started', 'scan.aborted') WHERE place = 300")
    const [entry] = await log.store.entries(testOrg, 300, 301)
    const put = (level: number, number: number, at: number, hash: Uint8Array) => {
      const where = `level = ${level} AND number = ${number}`
      const row = log.database.prepare(`SELECT hashes FROM tiles WHERE ${where}`).get()!
      const hashes = Uint8Array.from(row.hashes as Uint8Array)
      hashes.set(hash, at * 32)
      edit(`UPDATE tiles SET hashes = ? WHERE ${where}`, hashes)
      return hashes
    }
    const tile = put(0, 1, 300 - 256, nodeHasher.leafHash(entry!.leaf))
    expect(await found()).toMatch(
      /^tampered tile 0\/1: Tile 0\/1 .* neither are all of its entries 256 to 511/,
    )
    put(1, 0, 1, foldTile(tile))
    expect(await found()).toMatch(
      /^tampered checkpoint: Entries and tiles fit each other, but lead to another/,
    )
  })
})

describe('names', () => {
  test('one that is not found, one too many, and an entry that repeats another', async () => {
    edit('INSERT INTO names VALUES (0, 1, 900)')
    expect(await found()).toBe('tampered log: There are 701 rows of names, where 700 were signed.')
    edit('DELETE FROM names WHERE place = 530')
    expect(await found()).toMatch(/^tampered entry 530: Entry 530 is not found by its source and id/)
    edit("UPDATE secrets SET bytes = randomblob(16) WHERE name = 'name-hash'")
    log = { ...log, store: (await reopened()).store }
    expect(await found()).toMatch(/^tampered entry 0: Entry 0 is not found/)
  })

  const reopened = () => openTestLog({ database: log.database, key: log.key })
})

describe('the checkpoint', () => {
  const note = () => log.database.prepare('SELECT checkpoint FROM logs').get()!.checkpoint as string
  const setNote = (text: string) => edit('UPDATE logs SET checkpoint = ?', text)

  test('one byte of its root, of its signature, of its time', async () => {
    const whole = note()
    const lines = whole.split('\n')
    for (const line of [2, 4, 5]) {
      const changed = [...lines]
      const at = line === 2 ? 10 : changed[line]!.length - 12
      const other = changed[line]![at] === 'A' ? 'B' : 'A'
      changed[line] = changed[line]!.slice(0, at) + other + changed[line]!.slice(at + 1)
      setNote(changed.join('\n'))
      expect(await found()).toMatch(/^tampered checkpoint: The signed checkpoint is not to be believed/)
    }
    setNote(lines.slice(0, 5).join('\n').concat('\n'))
    expect(await found()).toMatch(/^untrusted checkpoint: .* lacks the time/)
    setNote('nonsense')
    expect(await found()).toMatch(/^malformed checkpoint: /)
    edit('UPDATE logs SET checkpoint = NULL')
    expect(await found()).toBe('malformed checkpoint: The log has no signed checkpoint.')
  })

  test('signed by another key', async () => {
    const other = await createTestKey(() => log.clock.now, 999)
    const root = fromBase64((await verify()).root!)
    setNote(await other.sign(size, root))
    expect(await found()).toMatch(/^untrusted checkpoint: /)
  })

  test('an older one put back', async () => {
    const before = note()
    await log.writer.append(testEvents(700, 710))
    setNote(before)
    expect(await found()).toMatch(/^tampered entry 700: Entry 700 lies beyond the signed checkpoint/)
  })
})

describe('a policy', () => {
  test('says whose key counts, whatever lies beside the log', async () => {
    const own = parsePolicy(`log ${log.key.verifierKeys.log}\nquorum none`)
    expect(await found({ policy: own })).toMatch(/^verified/)
    expect(await found({ policy: own, own: null })).toMatch(/^verified/)
    const other = await createTestKey(() => log.clock.now, 999)
    const foreign = parsePolicy(`log ${other.verifierKeys.log}\nquorum none`)
    expect(await found({ policy: foreign })).toMatch(/^untrusted checkpoint: /)
    expect(await found({ own: null })).toMatch(/^untrusted checkpoint: There is no key/)
  })

  test('asks for its quorum', async () => {
    const { log: key, time } = log.key.verifierKeys
    const policy = parsePolicy(`log ${key}\nwitness clock ${time}\nquorum clock`)
    expect(await verify({ policy })).toMatchObject({ outcome: 'verified', witnesses: ['clock'] })
    const other = (await createTestKey(() => log.clock.now, 999)).verifierKeys.time
    const unmet = parsePolicy(`log ${key}\nwitness far ${other}\nquorum far`)
    expect(await found({ policy: unmet })).toMatch(/^untrusted checkpoint: .*too few witnesses/)
  })
})

function hashesOf(entries: readonly SampleEntry[]): Uint8Array[] {
  return entries.map(entry => nodeHasher.leafHash(entry.leaf))
}
