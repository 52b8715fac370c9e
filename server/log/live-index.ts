/** The event index over the whole log: read once at start, then fed by every commit. */
import type { EventIndex } from '../../shared/event-index/event-index.ts'
import type { LogStore } from '../store/log-store.ts'
import type { LogWriter } from './writer.ts'

export interface LiveIndex {
  readonly index: EventIndex
  /** Entries the index holds: the first so many of the log. */
  size(): number
  /** Resolves when the index has caught up with the log for the first time; rejects when the log cannot be read. */
  readonly ready: Promise<void>
  /** Calls back whenever the index has grown. Answers how to stop. */
  onGrown(listener: () => void): () => void
  close(): void
}

export function createLiveIndex(_options: {
  org: string
  store: LogStore
  writer: Pick<LogWriter, 'size' | 'onCommitted'>
  index?: EventIndex
}): LiveIndex {
  throw new Error('not yet')
}
