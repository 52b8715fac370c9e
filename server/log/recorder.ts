/** Our own doings as events of the same log. */
import { createHash } from 'node:crypto'
import type { ExportRecord } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import type { Normalise } from '../intake/normalise.ts'
import type { LogWriter } from './writer.ts'

export interface Recorder {
  /** Keeps an event of our own (source `trailside`). Answers its place in the log once it is durable. */
  record(event: NewEventInput): Promise<number>
  /** Somebody looked at the log: kept once a session, once a day for an API key. */
  viewed(by: By): Promise<void>
  /** Answers the event's place in the log. */
  exported(by: By, record: ExportRecord): Promise<number>
}

export interface RecorderOptions {
  writer: Pick<LogWriter, 'append'>
  normalise: Normalise
  /** Milliseconds since 1970. */
  clock: () => number
}

const maxRemembered = 10_000
const dayMs = 86_400_000

export function createRecorder({ writer, normalise, clock }: RecorderOptions): Recorder {
  const views = new Map<string, Promise<unknown>>()

  async function record(event: NewEventInput): Promise<number> {
    const normal = normalise(event)
    if (!normal.ok) throw new Error(`our own event ${event.action} is none: ${normal.path} ${normal.reason}`)
    const [item] = await writer.append([normal.event])
    if (item!.status === 'rejected')
      throw new Error(`our own event ${event.action} was rejected: ${item!.reason}`)
    return item!.index
  }

  async function viewed(by: By): Promise<void> {
    const look = lookOf(by, clock())
    let recorded = views.get(look)
    if (!recorded) {
      recorded = record({ ...eventBy('auditlog.viewed', by, clock()), id: `view-${digestOf(look)}` })
      remember(views, look, recorded)
      // What could not be kept is tried again at the next look.
      recorded.catch(() => views.delete(look))
    }
    await recorded
  }

  return {
    record,
    viewed,
    exported(by, { id, ...metadata }) {
      const event = eventBy('auditlog.exported', by, clock(), { metadata })
      return record(id === undefined ? event : { ...event, id: exportId(by, id, metadata) })
    },
  }
}

/** Whose export, and of what, is part of its id: nobody else's, and no other one, passes for it. */
function exportId({ caller }: By, id: string, metadata: Omit<ExportRecord, 'id'>): string {
  return `export-${digestOf(JSON.stringify([caller.id, id, metadata]))}`
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What counts as one look: its event has an id made from this, so that the log keeps it once, restarts or not. */
function lookOf({ caller }: By, now: number): string {
  return JSON.stringify([caller.kind, caller.id, caller.sessionId ?? Math.floor(now / dayMs)])
}

/** Forgets the oldest first: asking the log again costs more, and changes nothing. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= maxRemembered) map.delete(map.keys().next().value!)
  map.set(key, value)
}
