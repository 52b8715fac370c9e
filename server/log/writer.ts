/** The one writer of a log. */
import type { IntakeItem } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { LogStore } from '../store/log-store.ts'
import type { LogKey } from './log-key.ts'

/** An event as it comes in: everything but what its place in the log decides. */
export type IncomingEvent = Omit<AuditEvent, 'index' | 'receivedAt' | 'withheld'>

/** Entries [from, to) have been kept; `events` are those, in order. */
export interface Committed {
  from: number
  to: number
  events: readonly AuditEvent[]
}

export interface LogWriterOptions {
  org: string
  store: LogStore
  key: LogKey
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
  /** Told of every commit that failed. */
  onError?: (error: unknown) => void
}

/** Checks the right edge of the stored log and opens it for writing. @throws {DamagedLogError} */
export async function openLogWriter(_options: LogWriterOptions): Promise<LogWriter> {
  throw new Error('not yet')
}

export interface LogWriter {
  /** Entries kept so far. */
  readonly size: number
  /**
   * Keeps events: the answer comes item by item in their order, once all of them are durable.
   * @throws {ProblemError} unavailable, when they could not be kept; sending them again is safe
   */
  append(events: readonly IncomingEvent[]): Promise<IntakeItem[]>
  /** Calls back after every commit, before its appends are answered. Answers how to stop. */
  onCommitted(listener: (committed: Committed) => void): () => void
  /** Keeps what is waiting, then takes nothing more. */
  close(): Promise<void>
}
