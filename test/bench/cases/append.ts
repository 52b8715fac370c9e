/** What a log that can be proven costs above rows that cannot. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { IncomingEvent } from '../../../server/log/batch.ts'
import { openLogKey } from '../../../server/log/log-key.ts'
import { openLogWriter } from '../../../server/log/writer.ts'
import { openDatabase } from '../../../server/store/sqlite/database.ts'
import { openSqliteLogStore } from '../../../server/store/sqlite/log-store.ts'
import type { BenchCase, Figure } from '../bench.ts'
import { realisticEvents } from '../events.ts'
import { cpuMsOf, measureInTurns, speedRatios } from '../measure.ts'

const batchSize = 256
const hypercoreVersion = '11.37.0'

/** `FULL` flushes the disk at every commit, `NORMAL` leaves that to the moment when the journal is worked in. */
type Synchronous = 'FULL' | 'NORMAL'

export default {
  about: 'keeping events in batches of 256 until all lie in the file; × is our speed to theirs',
  unit: 'events',
  size: 12_800,
  async run({ size, rounds, createFolder, providePackage }) {
    const events = realisticEvents(size)
    const batches: IncomingEvent[][] = []
    for (let at = 0; at < size; at += batchSize) batches.push(events.slice(at, at + batchSize))
    const bytesPerEvent: number[] = []

    const log = (synchronous: Synchronous) => async () => {
      const folder = createFolder()
      const { ms, bytes } = await appendToLog(folder, batches, synchronous)
      bytesPerEvent.push(bytes / size)
      return ms
    }
    const durable = await measureInTurns(rounds, {
      insert: () => insertRows(createFolder(), batches),
      log: log('FULL'),
    })
    const figures: Figure[] = [
      {
        ...{ name: 'durable, to a plain INSERT', unit: '×' },
        ...{ values: speedRatios(durable.insert, durable.log), target: { atLeast: 0.5 } },
      },
      { name: 'plain INSERT, an event', unit: 'CPU µs', values: perEvent(durable.insert), target: null },
      { name: 'the log, an event', unit: 'CPU µs', values: perEvent(durable.log), target: null },
    ]
    const hypercore = await providePackage('hypercore', hypercoreVersion)
    const name = `no flush a batch, to hypercore ${hypercoreVersion}`
    if (hypercore) {
      const { theirs, ours } = await measureInTurns(rounds, {
        theirs: () => appendToHypercore(hypercore, createFolder(), batches),
        ours: log('NORMAL'),
      })
      figures.push({ name, unit: '×', values: speedRatios(theirs, ours), target: { atLeast: 1 } })
    } else {
      const skipped = `hypercore ${hypercoreVersion} could not be installed; is there a network?`
      figures.push({ name, unit: '×', values: [], target: { atLeast: 1 }, skipped })
    }
    const disk = { name: 'disk an event, all included', unit: 'B', target: { atMost: 900 } }
    return [...figures, { ...disk, values: bytesPerEvent }]

    function perEvent(ms: number[]): number[] {
      return ms.map(each => (each * 1000) / size)
    }
  },
} satisfies BenchCase

/** From the journal into the file itself, which is part of what keeping costs. */
const workIn = 'PRAGMA wal_checkpoint(TRUNCATE)'

type Batches = readonly (readonly IncomingEvent[])[]

/** The real writer over the real store: leaf, tree, signed checkpoint. */
async function appendToLog(folder: string, batches: Batches, synchronous: Synchronous) {
  const path = join(folder, 'log.db')
  const database = openDatabase(path)
  const store = openSqliteLogStore(database)
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  const world = { clock: Date.now, randomBytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const origin = 'bench.example/log'
  const key = await openLogKey({ path: join(folder, 'log-key'), origin, mayCreate: true, ...world })
  const writer = await openLogWriter({ org: 'bench', store, key, ...world })
  const ms = await cpuMsOf(async () => {
    for (const batch of batches) await writer.append(batch)
    await writer.close()
    database.exec(workIn)
  })
  database.close()
  return { ms, bytes: statSync(path).size }
}

/** One row of JSON an event, one transaction a batch, flushed like the log's. */
async function insertRows(folder: string, batches: Batches): Promise<number> {
  const database = openDatabase(join(folder, 'rows.db'))
  database.exec('CREATE TABLE events (number INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT')
  const insert = database.prepare('INSERT INTO events (event) VALUES (?)')
  const ms = await cpuMsOf(() => {
    for (const batch of batches) {
      database.transaction(() => {
        for (const event of batch) insert.run(JSON.stringify(event))
      })
    }
    database.exec(workIn)
  })
  database.close()
  return ms
}

interface Hypercore {
  ready(): Promise<void>
  append(blocks: readonly Uint8Array[]): Promise<unknown>
  close(): Promise<void>
}

/** One block of JSON an event; a signed Merkle tree too, without commitments of single fields. */
async function appendToHypercore(installed: string, folder: string, batches: Batches): Promise<number> {
  const Core: new (storage: string) => Hypercore = createRequire(import.meta.url)(installed)
  const core = new Core(join(folder, 'core'))
  await core.ready()
  return cpuMsOf(async () => {
    for (const batch of batches) await core.append(batch.map(event => Buffer.from(JSON.stringify(event))))
    await core.close()
  })
}
