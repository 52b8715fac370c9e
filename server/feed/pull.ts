/**
 * The pull of one source, a request a step. What a page holds is in the log before the place moves past it: whatever
 * kills the process, and wherever, the next one asks again and the log knows what it has.
 */
import { sql } from 'kysely'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { SourceKind } from '../../shared/sources.ts'
import { formatMoment } from '../../shared/time.ts'
import type { ImportSink } from '../intake/import.ts'
import { advance, nextTask, pageOf, type Surroundings } from './advance.ts'
import { clockSkewOf, type PageAnswer, platformNow } from './ask.ts'
import { connectors, type PageRequest } from './connector.ts'
import { tell } from './feed-events.ts'
import type { FeedJournal } from './feed-journal.ts'
import { dropOtherSets, markListed } from './listed.ts'
import { Place, startingPlace } from './place.ts'
import { rateWait, recovered, setBack } from './setback.ts'
import type { FeedDatabase } from './tables.ts'
import { RecentEntries, type TakenPage, takePage } from './take-page.ts'
import { FeedError } from './trouble.ts'

export interface PulledSource {
  id: string
  name: string
  kind: SourceKind
  eventSource: string
  intervalMs: number
  startMs: number | null
}

export interface PullParts {
  source: PulledSource
  /** @throws {FeedError} */
  ask: (request: PageRequest) => Promise<PageAnswer>
  sink: ImportSink
  nameIt: (events: NewEventInput[]) => Promise<NewEventInput[]>
  db: FeedDatabase
  journal: FeedJournal
  /** Milliseconds since 1970. */
  clock: () => number
  /** From 0 up to 1. */
  random: () => number
}

/** Refusals beyond this many are not remembered one by one. */
const maxUnreadable = 10_000

export class Pull {
  readonly #parts: PullParts
  readonly #recent = new RecentEntries()

  constructor(parts: PullParts) {
    this.#parts = parts
  }

  /** Asks one question, if one is due. Answers in how many milliseconds the next one is. */
  async step(): Promise<number> {
    const { db, clock, source, random } = this.#parts
    const place = await readPlace(db, source.id)
    const now = clock()
    if (place.notBefore > now) return place.notBefore - now
    const due = nextTask(place, now)
    if (!due) return Math.max(1, place.followAt - now)
    try {
      const next = await this.#read(due.place, due.task)
      return Math.max(0, next.notBefore - clock())
    } catch (error) {
      if (!(error instanceof FeedError)) throw error
      // What was begun is begun again: a task costs nothing until its page was kept.
      const set = await this.#keep(place, setBack(due.place, error, clock(), random()))
      return Math.max(1, set.notBefore - clock())
    }
  }

  async #read(place: Place, task: 'walk' | 'follow'): Promise<Place> {
    const { source, sink, nameIt, ask, clock, db } = this.#parts
    const connector = connectors[source.kind]
    const sinceMs = connector.countsSince ? source.startMs : null
    const answer = await ask({ page: pageOf(place, task), size: place.pageSize, sinceMs })
    const known = await countUnreadable(db, source.id)
    const taken = await takePage(answer.items, {
      connector,
      eventSource: source.eventSource,
      startMs: source.startMs,
      sink,
      nameIt,
      hasUnreadable: known > 0,
      recent: this.#recent,
    })
    const now = clock()
    const rested = rateWait(answer.header, platformNow(answer.header, now))
    return await this.#keepPage(place, task, answer, taken, now, now + rested)
  }

  async #keepPage(
    place: Place,
    task: 'walk' | 'follow',
    answer: PageAnswer,
    taken: TakenPage,
    now: number,
    notBefore: number,
  ): Promise<Place> {
    const { db, source, random, journal } = this.#parts
    const { id: sourceId } = source
    const next = await db.transaction().execute(async trx => {
      const newlyListed = await markListed(trx, { sourceId, number: place.listedIn }, taken.indexes)
      const newlyWalked = place.walk
        ? await markListed(trx, { sourceId, number: place.walkedIn }, taken.indexes)
        : 0
      await noteUnreadable(trx, sourceId, taken, now)
      const page = {
        items: answer.items.length,
        total: answer.total,
        size: answer.size,
        times: taken.times,
        newlyListed,
        newlyWalked,
      }
      const around: Surroundings = {
        now,
        intervalMs: source.intervalMs,
        startMs: source.startMs,
        countsSince: connectors[source.kind].countsSince,
        unreadable: await countUnreadable(trx, sourceId),
        random: random(),
      }
      const advanced = recovered(advance(place, task, page, around), now)
      const skewed = { ...advanced, notBefore, clockSkewMs: clockSkewOf(answer.header, now) }
      if (skewed.listedIn !== place.listedIn || skewed.walkedIn !== place.walkedIn || !skewed.walk)
        await dropOtherSets(trx, sourceId, [skewed.listedIn, ...(skewed.walk ? [skewed.walkedIn] : [])])
      return await this.#write(trx, place, skewed, now)
    })
    await journal.deliver()
    return next
  }

  async #keep(before: Place, after: Place): Promise<Place> {
    const { db, clock, journal } = this.#parts
    const kept = await db.transaction().execute(trx => this.#write(trx, before, after, clock()))
    await journal.deliver()
    return kept
  }

  /** The place and the events that tell of it, both or neither. */
  async #write(trx: FeedDatabase, before: Place, after: Place, now: number): Promise<Place> {
    const { source, journal } = this.#parts
    const { place, events } = tell(source, before, after, now)
    await writePlace(trx, source.id, place)
    await journal.keep(trx, events)
    return place
  }
}

export async function readPlace(db: FeedDatabase, sourceId: string): Promise<Place> {
  const row = await db.selectFrom('place').select('place').where('sourceId', '=', sourceId).executeTakeFirst()
  return row ? Place.parse(JSON.parse(row.place)) : startingPlace
}

export async function writePlace(db: FeedDatabase, sourceId: string, place: Place): Promise<void> {
  const text = JSON.stringify(place)
  await db
    .insertInto('place')
    .values({ sourceId, place: text })
    .onConflict(conflict => conflict.column('sourceId').doUpdateSet({ place: text }))
    .execute()
}

export async function countUnreadable(db: FeedDatabase, sourceId: string): Promise<number> {
  const { count } = await db
    .selectFrom('unreadable')
    .select(sql<number>`count(*)`.as('count'))
    .where('sourceId', '=', sourceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function noteUnreadable(
  trx: FeedDatabase,
  sourceId: string,
  { unreadable, readable }: TakenPage,
  now: number,
): Promise<void> {
  if (readable.length > 0)
    await trx
      .deleteFrom('unreadable')
      .where('sourceId', '=', sourceId)
      .where('digest', 'in', readable)
      .execute()
  if (unreadable.length === 0 || (await countUnreadable(trx, sourceId)) >= maxUnreadable) return
  const firstAt = formatMoment(now)
  await trx
    .insertInto('unreadable')
    .values(unreadable.map(each => ({ sourceId, firstAt, ...each })))
    .onConflict(conflict => conflict.columns(['sourceId', 'digest']).doNothing())
    .execute()
}
