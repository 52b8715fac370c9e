import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { facetFields } from '../../shared/api.ts'
import type { EventIndex } from '../../shared/event-index/event-index.ts'
import type { Filter } from '../../shared/filter.ts'
import { realisticEvents } from '../../test/bench/events.ts'
import { openTestLog, type TestLog, testOrg } from '../../test/support/test-log.ts'
import { localCommandLine } from '../access/caller.ts'
import { createNormalise } from '../intake/normalise.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { type IndexFile, openIndexFile } from '../store/sqlite/index-file.ts'
import type { IncomingEvent } from './batch.ts'
import { type Forgetting, openForgetting } from './forgetting.ts'
import { IndexKeeper } from './index-keeper.ts'
import { createLiveIndex, type LiveIndex } from './live-index.ts'
import { createRecorder } from './recorder.ts'

const normalise = createNormalise(new Uint8Array(32))
const events = lateOnesAmong(realisticEvents(1700))
const by = {
  caller: localCommandLine,
  facts: { address: null, userAgent: null, requestId: null, channel: 'background' as const },
}

let folder: string
let log: TestLog
let forgetting: Forgetting
let troubles: string[]
let open: LiveIndex[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trailside-index-'))
  log = await openTestLog()
  const clock = () => log.clock.now
  const recorder = createRecorder({ writer: log.writer, normalise, clock })
  forgetting = await openForgetting({ org: testOrg, store: log.store, writer: log.writer, recorder, clock })
  troubles = []
  open = []
})
afterEach(async () => {
  for (const live of open) await live.close()
  await log.close()
  rmSync(folder, { recursive: true })
})

/** Some come late: into segments and after chapters that are long complete. */
function lateOnesAmong(inOrder: IncomingEvent[]): IncomingEvent[] {
  const late = inOrder.filter((_, i) => i % 9 === 4)
  return [...inOrder.filter((_, i) => i % 9 !== 4), ...late]
}

const path = () => join(folder, 'index.db')

/** The server's index over the kept one; `wrap` makes its file fail. */
async function start(wrap: (file: IndexFile) => IndexFile = file => file): Promise<LiveIndex> {
  const keeper = new IndexKeeper({
    ...{ org: testOrg, store: log.store, erasures: () => forgetting.removals.version, chapterEntries: 256 },
    file: wrap(openIndexFile(path())),
    onTrouble: (message, error) => troubles.push(`${message}: ${(error as Error).message}`),
  })
  const { store, writer } = log
  const { removals } = forgetting
  const live = createLiveIndex({ org: testOrg, store, writer, removals, keeper })
  open.push(live)
  await live.ready
  await keeper.idle()
  return live
}

async function stop(live: LiveIndex): Promise<void> {
  open.splice(open.indexOf(live), 1)
  await live.close()
}

/** One that has read the whole log, and keeps nothing. */
async function rebuilt(): Promise<LiveIndex> {
  const live = createLiveIndex({ org: testOrg, store: log.store, writer: log.writer })
  open.push(live)
  await live.ready
  return live
}

async function expectSameAnswers(live: LiveIndex): Promise<void> {
  const fresh = await rebuilt()
  for (const personal of [true, false])
    for (const filter of filters())
      expect(answers(live.index, filter, personal)).toEqual(answers(fresh.index, filter, personal))
}

function filters(): Filter[] {
  const only = (value: string) => ({ include: [value], exclude: [] })
  const [first, , , , later] = events.filter(event => event.context.requestId !== null)
  const phrases = [
    'scan',
    'chrome',
    'status',
    'nowhere at all',
    first!.id,
    later!.id.slice(3, 20),
    'true',
    first!.context.requestId!.slice(0, 6),
  ]
  return [
    {},
    ...phrases.map(phrase => ({ text: only(phrase) })),
    { text: { include: ['example'], exclude: ['chrome', 'a1'] } },
    { actor: only(first!.actor.id), text: only('demo') },
    { area: only('scans') },
  ]
}

function answers(index: EventIndex, filter: Filter, personal: boolean) {
  const scope = { personal }
  return {
    page: index.page(filter, scope, { limit: 2000 }),
    facets: index.facets(filter, scope, { fields: facetFields, limit: 50 }),
    coverage: index.coverage(),
  }
}

describe('an index taken up again', () => {
  test('answers as one that read the whole log, late events and all', async () => {
    await log.writer.append(events.slice(0, 1000))
    await stop(await start())
    await log.writer.append(events.slice(1000, 1400))
    const again = await start()
    await log.writer.append(events.slice(1400))
    await expectSameAnswers(again)
    await stop(again)
    await expectSameAnswers(await start())
    expect(troubles).toEqual([])
  })

  test('reads only what came after it was kept', async () => {
    await log.writer.append(events.slice(0, 1300))
    await stop(await start())
    // What the kept index holds is not read again: chapters end at 1,280.
    log.database.exec('DELETE FROM entries WHERE place < 1280')
    const again = await start()
    expect({ size: again.size, count: again.index.count, troubles }).toEqual({
      size: 1300,
      count: 1300,
      troubles: [],
    })
  })

  test('is kept while events arrive', async () => {
    const live = await start()
    for (let at = 0; at < 1000; at += 100) await log.writer.append(events.slice(at, at + 100))
    await stop(live)
    log.database.exec('DELETE FROM entries WHERE place < 256')
    expect((await start()).index.count).toBe(1000)
  })
})

describe('a kept index that is not what was written', () => {
  const damages: [string, string][] = [
    ['its contents', "UPDATE pieces SET bytes = x'7b7d' WHERE name = 'contents'"],
    ['a segment', "UPDATE pieces SET bytes = substr(bytes, 2) WHERE name LIKE 'segment/%'"],
    ['names', "UPDATE pieces SET digest = zeroblob(32) WHERE name LIKE 'texts/%'"],
    ['text', "DELETE FROM pieces WHERE name LIKE 'text/2/%'"],
    ['everything', 'DROP TABLE pieces'],
  ]
  test.each(damages)('%s: the log is read again', async (_what, sql) => {
    await log.writer.append(events.slice(0, 1000))
    await stop(await start())
    const database = openDatabase(path())
    database.exec(sql)
    database.close()
    await expectSameAnswers(await start())
    expect(troubles).toHaveLength(sql.startsWith('DROP') ? 0 : 1)
  })

  test('of another log: the log is read again', async () => {
    await log.writer.append(events.slice(0, 1000))
    await stop(await start())
    await log.close()
    log = await openTestLog()
    await log.writer.append(events.slice(500, 1600))
    await expectSameAnswers(await start())
    expect(troubles).toEqual([expect.stringContaining('it is of another log')])
  })

  test.each([1, 2, 5, 9, 14])('stopped at change %i of the file: the one before holds', async changes => {
    await log.writer.append(events.slice(0, 600))
    await stop(await start())
    await log.writer.append(events.slice(600, 1400))
    let left = changes
    const killed = await start(file => ({
      ...bound(file),
      change: change => (left-- > 0 ? file.change(change) : fail()),
    }))
    await stop(killed)
    expect(troubles.every(trouble => trouble.includes('killed'))).toBe(true)
    await expectSameAnswers(await start())
  })
})

describe('an erasure', () => {
  const person = events.find(event => event.actor.email !== null)!.actor

  test('is out of the kept index before it is answered, and searches find the rest', async () => {
    await log.writer.append(events)
    const live = await start()
    expect(isInFiles(person.email!)).toBe(true)
    await forgetting.eraser.erase({ actor: person.id, basis: 'asked', content: true }, by)
    expect(isInFiles(person.email!)).toBe(false)
    await expectSameAnswers(live)
    await stop(live)
    await expectSameAnswers(await start())
    expect(troubles).toEqual([])
  })

  test('that a kept index does not know makes it useless', async () => {
    await log.writer.append(events)
    await stop(await start())
    await forgetting.eraser.erase({ actor: person.id, basis: 'asked', content: false }, by)
    await expectSameAnswers(await start())
    expect(troubles).toEqual([expect.stringContaining('entries were erased since')])
  })

  test('a removal by retention is out of it too, and what is left is taken up at the next start', async () => {
    const old = events.map(event => ({ ...event, occurredAt: '2026-01-01T00:00:00.000Z' }))
    const marked = { ...old[0]!, metadata: { note: 'very-particular-value' } }
    await log.writer.append([marked, ...old.slice(1, 1000)])
    log.clock.now += 40 * 86_400_000
    await log.writer.append(old.slice(1000))
    const live = await start()
    expect(isInFiles('very-particular-value')).toBe(true)
    await forgetting.retention.change({ days: 30 }, by)
    expect(await forgetting.retention.run(by)).toBe(768)
    expect(isInFiles('very-particular-value')).toBe(false)
    await expectSameAnswers(live)
    await stop(live)
    const again = await start()
    expect(again.size).toBe(log.writer.size)
    await expectSameAnswers(again)
    expect(troubles).toEqual([])
  })

  /** Pieces are compressed: looked at as they are read. */
  function isInFiles(text: string): boolean {
    expect(readdirSync(folder).length).toBeGreaterThan(0)
    const file = openIndexFile(path())
    const names = file.names()
    const isIn = names.some(name => contentOf(file.read(name)!).includes(text.toLowerCase()))
    file.close()
    return isIn
  }
})

function contentOf(bytes: Uint8Array): string {
  try {
    return inflateRawSync(bytes).toString().toLowerCase()
  } catch {
    return Buffer.from(bytes).toString()
  }
}

function fail(): never {
  throw new Error('killed')
}

function bound(file: IndexFile): IndexFile {
  return {
    change: change => file.change(change),
    read: name => file.read(name),
    readChecked: name => file.readChecked(name),
    names: () => file.names(),
    bytes: () => file.bytes(),
    clear: () => file.clear(),
    emptyJournal: () => file.emptyJournal(),
    close: () => file.close(),
  }
}
