/**
 * What happened to accounts on its way into the log. An event is kept in the same transaction as the change it
 * tells of and handed to the log afterwards, so that no change goes untold: not when the log cannot be written
 * just then, and not when the process is killed in between. Repeats are harmless: an event has one id for ever.
 */
import { sql } from 'kysely'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { AccessDatabase } from './tables.ts'

export type RecordEvent = (event: NewEventInput) => Promise<void>

export interface JournalLog {
  error(fields: object, message: string): void
}

export class Journal {
  readonly #db: AccessDatabase
  readonly #record: RecordEvent
  readonly #log: JournalLog
  #delivery: Promise<void> = Promise.resolve()

  constructor(db: AccessDatabase, record: RecordEvent, log: JournalLog) {
    this.#db = db
    this.#record = record
    this.#log = log
  }

  /** Keeps events with the change they tell of. `deliver` follows once the transaction is done. */
  async keep(trx: AccessDatabase, events: readonly NewEventInput[]): Promise<void> {
    if (!events.length) return
    const rows = events.map(event => ({ id: event.id, event: wholeCharacters(JSON.stringify(event)) }))
    await trx.insertInto('pendingEvent').values(rows).execute()
  }

  /** Keeps and delivers events that no change of the database belongs to. */
  async write(...events: NewEventInput[]): Promise<void> {
    await this.#db.transaction().execute(trx => this.keep(trx, events))
    await this.deliver()
  }

  /** Hands what is kept to the log, oldest first. What the log does not take now stays for the next time. */
  deliver(): Promise<void> {
    this.#delivery = this.#delivery.then(() => this.#deliverAll())
    return this.#delivery
  }

  async #deliverAll(): Promise<void> {
    const pending = await this.#db.selectFrom('pendingEvent').selectAll().orderBy(sql`rowid`).execute()
    for (const { id, event } of pending) {
      try {
        await this.#record(JSON.parse(event) as NewEventInput)
        await this.#db.deleteFrom('pendingEvent').where('id', '=', id).execute()
      } catch (error) {
        this.#log.error({ err: error, event: id }, 'an event about access waits: the log did not take it')
      }
    }
  }
}

/** Half a surrogate pair, which JSON can spell in a name, is no text and no event: the mark for that in its place. */
function wholeCharacters(json: string): string {
  return json.replaceAll(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, match => (match === '\\\\' ? match : '\ufffd'))
}
