/** The entries of a page on their way into the log: read, appended, and each one's place or refusal known. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { ProblemError } from '../../shared/problem.ts'
import { contentDigest } from '../intake/content-id.ts'
import { RowError } from '../intake/format-row.ts'
import { type ImportSink, maxBatchSize } from '../intake/import.ts'
import type { Connector } from './connector.ts'
import { FeedError } from './trouble.ts'

export interface Unreadable {
  digest: string
  reason: string
  path: string
}

export interface TakenPage {
  /** Places in the log of entries that are there now, whether they were before or not. */
  indexes: number[]
  times: number[]
  unreadable: Unreadable[]
  /** Digests of those that were taken, by which an earlier refusal is forgotten. */
  readable: string[]
}

interface Known {
  index: number
  time: number
}

/**
 * Entries seen lately, by their very text: a look at the newest finds mostly these, and the log's places never change.
 * Only a saving: what is not in it goes to the log, which knows its own.
 */
export class RecentEntries {
  #known = new Map<string, Known>()
  #older = new Map<string, Known>()

  get(text: string): Known | undefined {
    return this.#known.get(text) ?? this.#older.get(text)
  }

  add(text: string, index: number, time: number): void {
    this.#known.set(text, { index, time })
    if (this.#known.size >= maxRecent) [this.#older, this.#known] = [this.#known, new Map()]
  }
}

const maxRecent = 2500

export interface TakeOptions {
  connector: Connector
  eventSource: string
  /** Older entries are left alone. */
  startMs: number | null
  sink: ImportSink
  /** Fills in names that are known, before the entry is made. */
  nameIt: (events: NewEventInput[]) => Promise<NewEventInput[]>
  /** Whether digests of good entries are wanted. */
  hasUnreadable: boolean
  recent: RecentEntries
}

/** @throws {FeedError} log_unavailable */
export async function takePage(items: readonly JsonObject[], options: TakeOptions): Promise<TakenPage> {
  const taken: TakenPage = { indexes: [], times: [], unreadable: [], readable: [] }
  const good: { item: JsonObject; text: string; time: number; event: NewEventInput }[] = []
  for (const item of items) {
    const text = JSON.stringify(item)
    const known = options.recent.get(text)
    if (known) {
      taken.times.push(known.time)
      taken.indexes.push(known.index)
      continue
    }
    try {
      const event = options.connector.event(item, options.eventSource)
      const time = Date.parse(event.occurredAt)
      taken.times.push(time)
      if (options.startMs === null || time >= options.startMs) good.push({ item, text, time, event })
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      taken.unreadable.push({ digest: contentDigest(item), reason: error.message, path: error.path })
    }
  }
  const events = await options.nameIt(good.map(({ event }) => event))
  for (let from = 0; from < events.length; from += maxBatchSize) {
    const answers = await append(options.sink, events.slice(from, from + maxBatchSize))
    answers.forEach((answer, i) => {
      const { item, text, time } = good[from + i]!
      if (answer.status === 'rejected') {
        taken.unreadable.push({ digest: contentDigest(item), reason: answer.reason, path: answer.path })
      } else {
        taken.indexes.push(answer.index)
        options.recent.add(text, answer.index, time)
        if (options.hasUnreadable) taken.readable.push(contentDigest(item))
      }
    })
  }
  return taken
}

async function append(sink: ImportSink, events: readonly NewEventInput[]) {
  try {
    return await sink.append(events)
  } catch (error) {
    if (error instanceof ProblemError) throw new FeedError('log_unavailable', error.detail)
    throw error
  }
}
