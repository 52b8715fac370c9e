/** What the parts of access share. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { Accounts } from './accounts.ts'
import type { Journal } from './journal.ts'
import type { AccessDatabase } from './tables.ts'

export interface AccessCore {
  db: AccessDatabase
  accounts: Accounts
  journal: Journal
  /** Milliseconds since 1970. */
  clock: () => number
  /** The server's own secret, from which pseudonyms and cache keys are derived. */
  secret: string
  /** Runs one change at a time, so that what a change has checked still holds when it is made. */
  exclusively<T>(change: () => Promise<T>): Promise<T>
  /** Forgets whom earlier requests were from: permissions, sessions or keys have changed. */
  forgetCallers(): void
}

/** A queue of one: whatever is handed in waits for what came before. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}

/** Makes a change and keeps the events that tell of it, both or neither; then lets the world know. */
export async function applyChange(
  { db, journal, forgetCallers }: Pick<AccessCore, 'db' | 'journal' | 'forgetCallers'>,
  events: readonly NewEventInput[],
  change: (trx: AccessDatabase) => Promise<unknown>,
): Promise<void> {
  await db.transaction().execute(async trx => {
    await change(trx)
    await journal.keep(trx, events)
  })
  forgetCallers()
  await journal.deliver()
}
