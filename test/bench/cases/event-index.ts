/** What the event index is worth: its counts and pages beside SQL with indexes, its start beside reading the log. */
import { join } from 'node:path'
import { IndexKeeper } from '../../../server/log/index-keeper.ts'
import { createLiveIndex } from '../../../server/log/live-index.ts'
import { type Database, openDatabase } from '../../../server/store/sqlite/database.ts'
import { openIndexFile } from '../../../server/store/sqlite/index-file.ts'
import type { EventIndex } from '../../../shared/event-index/event-index.ts'
import type { Filter } from '../../../shared/filter.ts'
import { openTestLog, type TestLog, testOrg } from '../../support/test-log.ts'
import type { BenchCase } from '../bench.ts'
import { realisticEvents } from '../events.ts'
import { cpuMsOf, measureInTurns, speedRatios } from '../measure.ts'

const scope = { personal: true }
/** Events a chapter of text: few, so that a small log has some. */
const chapterEntries = 1024

export default {
  about: 'counts and pages of filters, to SQL with indexes; a start, to one that reads the log',
  unit: 'events',
  size: 25_600,
  async run({ size, rounds, createFolder }) {
    const log = await openTestLog()
    const path = join(createFolder(), 'index.db')
    try {
      await log.writer.append(realisticEvents(size))
      const live = createLiveIndex({ org: testOrg, store: log.store, writer: log.writer })
      await live.ready
      await startKept(log, path)
      const table = tableOf(live.index)
      const filters = filtersOf(live.index)
      for (const filter of filters)
        if (countBySql(table, filter) !== live.index.total(filter, scope))
          throw new Error(`index and SQL disagree on ${JSON.stringify(filter)}`)
      const answers = await measureInTurns(rounds, {
        sql: () => cpuMsOf(() => filters.map(filter => answerBySql(table, filter))),
        index: () => cpuMsOf(() => filters.map(filter => answer(live.index, filter))),
      })
      const starts = await measureInTurns(rounds, {
        read: () =>
          cpuMsOf(() => createLiveIndex({ org: testOrg, store: log.store, writer: log.writer }).ready),
        kept: () => startKept(log, path),
      })
      await live.close()
      table.close()
      return [
        {
          ...{ name: 'count and page, to SQL with indexes', unit: '×' },
          ...{ values: speedRatios(answers.sql, answers.index), target: null },
        },
        {
          ...{ name: 'count and page', unit: 'CPU µs' },
          ...{ values: answers.index.map(ms => (ms * 1000) / filters.length), target: null },
        },
        {
          ...{ name: 'start from what was kept, to reading the log', unit: '×' },
          ...{ values: speedRatios(starts.read, starts.kept), target: { atLeast: 1 } },
        },
      ]
    } finally {
      await log.close()
    }
  },
} satisfies BenchCase

async function startKept(log: TestLog, path: string): Promise<number> {
  const keeper = new IndexKeeper({
    ...{ org: testOrg, store: log.store, file: openIndexFile(path), erasures: () => 0, chapterEntries },
    onTrouble: (message, error) => {
      throw new Error(message, { cause: error })
    },
  })
  let close = async () => {}
  const ms = await cpuMsOf(async () => {
    const live = createLiveIndex({ org: testOrg, store: log.store, writer: log.writer, keeper })
    close = () => live.close()
    await live.ready
  })
  await keeper.idle()
  await close()
  return ms
}

function tableOf(index: EventIndex): Database {
  const database = openDatabase(':memory:')
  database.exec(
    'CREATE TABLE events (place INTEGER PRIMARY KEY, time INTEGER, action TEXT, area TEXT, actor TEXT)',
  )
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
  const { indexes } = index.page({}, scope, { limit: index.count })
  database.transaction(() => {
    for (const row of index.rows(indexes, scope))
      insert.run(row.index, row.occurredAt, row.action, row.area, row.actor.id)
  })
  for (const columns of ['action, time', 'area, time', 'actor, action, time', 'time'])
    database.exec(`CREATE INDEX by_${columns.replaceAll(', ', '_')} ON events (${columns})`)
  return database
}

/** The most frequent actions, areas and actors, alone and together. */
function filtersOf(index: EventIndex): Filter[] {
  const fields = ['action', 'area', 'actor'] as const
  const facets = index.facets({}, scope, { fields, limit: 6 })
  const only = (value: string) => ({ include: [value], exclude: [] })
  const single = fields.flatMap(field => facets[field].values.map(({ value }) => ({ [field]: only(value) })))
  const pairs = facets.actor.values.flatMap(({ value: actor }) =>
    facets.action.values.map(({ value: action }) => ({ actor: only(actor), action: only(action) })),
  )
  return [{}, ...single, ...pairs]
}

function answer(index: EventIndex, filter: Filter): void {
  index.total(filter, scope)
  index.page(filter, scope, { limit: 50 })
}

function answerBySql(table: Database, filter: Filter): void {
  countBySql(table, filter)
  const { where, values } = conditionOf(filter)
  table
    .prepare(`SELECT place FROM events WHERE ${where} ORDER BY time DESC, place DESC LIMIT 50`)
    .all(...values)
}

function countBySql(table: Database, filter: Filter): number {
  const { where, values } = conditionOf(filter)
  return Number(table.prepare(`SELECT count(*) AS count FROM events WHERE ${where}`).get(...values)!.count)
}

function conditionOf(filter: Filter): { where: string; values: string[] } {
  const fields = (['action', 'area', 'actor'] as const).filter(field => filter[field])
  return {
    where: fields.map(field => `${field} = ?`).join(' AND ') || '1',
    values: fields.map(field => filter[field]!.include[0]!),
  }
}
