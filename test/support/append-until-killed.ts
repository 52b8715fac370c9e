/**
 * Child process of the crash test: takes a data folder and appends without end, several appends at a time, while the
 * log's keys change again and again.
 * Each acknowledged event becomes a line `id index status` before anything else happens.
 */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { atCommandLine } from '../../server/first-start.ts'
import { createNormalise } from '../../server/intake/normalise.ts'
import { createKeyRotator } from '../../server/log/key-rotation.ts'
import { openLogKey } from '../../server/log/log-key.ts'
import { openLogWriter } from '../../server/log/writer.ts'
import { openDataFolder } from '../../server/store/data-folder.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { openSqliteLogStore } from '../../server/store/sqlite/log-store.ts'
import { testEvent, testOrg } from './test-log.ts'

const [path, run, again] = process.argv.slice(2)
const folder = openDataFolder(path!)
const store = openSqliteLogStore(openDatabase(folder.files.log))
const { checkpoint } = await store.state(testOrg)
const key = await openLogKey({
  path: folder.files.logKey,
  origin: `trailside.local/${testOrg}`,
  mayCreate: checkpoint === null,
  checkpoint,
  clock: Date.now,
  randomBytes,
})
const writer = await openLogWriter({ org: testOrg, store, key, clock: Date.now, randomBytes })
writeSync(1, 'ready\n')

async function append(ids: string[]): Promise<void> {
  const items = await writer.append(ids.map(id => testEvent(id)))
  const lines = items.map((item, i) => `${ids[i]} ${'index' in item ? item.index : '-'} ${item.status}\n`)
  writeSync(1, lines.join(''))
}

// What earlier runs sent comes first: as a client would that never got its answer.
if (again) await append(again.split(','))
let count = 0
const rotator = createKeyRotator({
  ...{ org: testOrg, path: folder.files.logKey, store, writer, clock: Date.now, randomBytes },
  normalise: createNormalise(randomBytes(32)),
})
const rotating = (async () => {
  for (;;) await rotator.rotate(atCommandLine)
})()
await Promise.all([
  rotating,
  [1, 3, 40, 300].map(async size => {
    for (;;) await append(Array.from({ length: size }, () => `${run}-${count++}`))
  }),
])
