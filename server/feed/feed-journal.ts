/** The journal that carries events about sources into the log, over a table of the same shape in feed.db. */

import type { NewEventInput } from '../../shared/audit-event.ts'
import { Journal, type JournalLog, type RecordEvent } from '../access/journal.ts'
import type { AccessDatabase } from '../access/tables.ts'
import type { FeedDatabase } from './tables.ts'

export interface FeedJournal {
  /** In the transaction of the change they tell of. */
  keep(trx: FeedDatabase, events: readonly NewEventInput[]): Promise<void>
  deliver(): Promise<void>
}

export function createFeedJournal(db: FeedDatabase, record: RecordEvent, log: JournalLog): FeedJournal {
  // It touches `pendingEvent` alone; the query builder's types cannot say so.
  const asItsOwn = (database: FeedDatabase) => database as unknown as AccessDatabase
  const journal = new Journal(asItsOwn(db), record, log)
  return {
    keep: (trx, events) => journal.keep(asItsOwn(trx), events),
    deliver: () => journal.deliver(),
  }
}
