/**
 * The one writer of a log. Events that arrive while a commit is under way go into the next one together, up to 256:
 * alone an event is kept at once, under load one signature and one disk flush serve many.
 */
import type { IntakeItem, LogKeys } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { growTiles, TILE_WIDTH } from '../../shared/log/tiles.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import { type LogStore, SizeConflict } from '../store/log-store.ts'
import { AppendQueue, type WaitingEvent } from './append-queue.ts'
import { type Batch, type IncomingEvent, prepareBatch } from './batch.ts'
import type { LogKey } from './log-key.ts'
import { type ResumedLog, resumeLog } from './start-up.ts'

export type { IncomingEvent } from './batch.ts'

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
  /** Calls back again and again; answers how to stop. */
  every?: (ms: number, callback: () => void) => () => void
  /** Told of every commit that failed. */
  onError?: (error: unknown) => void
}

export interface LogWriter {
  /** Entries kept so far. */
  readonly size: number
  /** What its checkpoints are verified by. */
  readonly keys: LogKeys
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

const maxBatch = TILE_WIDTH
const maxWaiting = 50_000
/** An unchanged checkpoint is signed again this often, so that readers can tell a quiet log from a withheld one. */
const freshnessMs = 10 * 60_000

/** Checks the right edge of the stored log and opens it for writing. @throws {DamagedLogError} */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  const resumed = await resumeLog(options.store, options.org, options.key)
  const { size } = resumed.range
  await options.store.putCheckpoint(options.org, size, await options.key.sign(size, resumed.range.root()))
  return new QueuedLogWriter(options, resumed)
}

class QueuedLogWriter implements LogWriter {
  readonly #options: LogWriterOptions
  readonly #queue = new AppendQueue()
  readonly #listeners = new Set<(committed: Committed) => void>()
  readonly #stopTimer: () => void
  #log: ResumedLog
  #signedAt: number
  #running: Promise<void> | null = null
  #closed = false
  /** Set when somebody else wrote to the log: nothing can be appended to what we know of it. */
  #conflict = false

  constructor(options: LogWriterOptions, log: ResumedLog) {
    this.#options = { ...options, randomBytes: poolBytes(options.randomBytes) }
    this.#log = log
    this.#signedAt = options.clock()
    this.#stopTimer = (options.every ?? everyUnreferenced)(freshnessMs / 10, () => this.#start())
  }

  get size(): number {
    return this.#log.range.size
  }

  get keys(): LogKeys {
    const { origin, verifierKeys } = this.#options.key
    return { origin, ...verifierKeys }
  }

  append(events: readonly IncomingEvent[]): Promise<IntakeItem[]> {
    if (this.#closed) return Promise.reject(unavailable('The server is stopping.'))
    if (this.#conflict) return Promise.reject(unavailable(conflictWords))
    if (this.#queue.length + events.length > maxWaiting) {
      return Promise.reject(
        new ProblemError('unavailable', 'Too many events are waiting.', { retryAfter: 1 }),
      )
    }
    const answer = this.#queue.add(events)
    this.#start()
    return answer
  }

  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopTimer()
    await this.#running
  }

  #start(): void {
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    do {
      // One turn, in which appends of the same moment come together and readers get their share.
      await new Promise(resolve => setImmediate(resolve))
      const taken = this.#queue.take(maxBatch)
      try {
        if (taken.length > 0) await this.#commit(taken)
        else await this.#refresh()
      } catch (error) {
        this.#fail(taken, error)
      }
    } while (this.#queue.length > 0)
    // In the same breath as the check above: an append in between would wait for ever.
    this.#running = null
  }

  async #commit(taken: readonly WaitingEvent[]): Promise<void> {
    const { org, store, clock, randomBytes } = this.#options
    const incoming = taken.map(({ event }) => event)
    const lastReceivedAt = Math.max(clock(), this.#log.lastReceivedAt)
    const batch = prepareBatch(incoming, {
      org,
      size: this.size,
      receivedAt: formatMoment(lastReceivedAt),
      known: await store.indexesOf(org, incoming),
      randomBytes,
    })
    if (batch.entries.length > 0) await this.#keep(batch, lastReceivedAt)
    this.#queue.answer(taken, batch.items)
  }

  /** What is known of the log changes only after the store has kept it. */
  async #keep({ entries, leafHashes, events }: Batch, lastReceivedAt: number): Promise<void> {
    const { org, store, key, clock } = this.#options
    const { range, edge } = this.#log
    const from = range.size
    const grown = growTiles(range, leafHashes, ({ level }) => edge.get(level)!)
    const checkpoint = await key.sign(grown.range.size, grown.range.root())
    const tiles = grown.tiles.map(({ level, index, bytes }) => ({ level, number: index, hashes: bytes }))
    await store.commit(org, { expectedSize: from, entries, tiles, checkpoint })
    const partial = new Map(edge)
    for (const { level, width, bytes } of grown.tiles) {
      if (width < TILE_WIDTH) partial.set(level, bytes)
      else partial.delete(level)
    }
    this.#log = { range: grown.range, edge: partial, lastReceivedAt }
    this.#signedAt = clock()
    this.#tell({ from, to: grown.range.size, events })
  }

  async #refresh(): Promise<void> {
    const { org, store, key, clock } = this.#options
    if (clock() - this.#signedAt < freshnessMs || this.#conflict) return
    await store.putCheckpoint(org, this.size, await key.sign(this.size, this.#log.range.root()))
    this.#signedAt = clock()
  }

  #tell(committed: Committed): void {
    for (const listener of this.#listeners) {
      try {
        listener(committed)
      } catch (error) {
        this.#options.onError?.(error)
      }
    }
  }

  #fail(taken: readonly WaitingEvent[], error: unknown): void {
    this.#options.onError?.(error)
    if (!(error instanceof SizeConflict)) {
      this.#queue.fail(taken, unavailable('The events could not be kept. Send them again.'))
      return
    }
    this.#conflict = true
    this.#queue.fail([...taken, ...this.#queue.take(maxWaiting)], unavailable(conflictWords))
  }
}

const conflictWords = 'Another process wrote to the log. The server must be started again.'

function unavailable(detail: string): ProblemError {
  return new ProblemError('unavailable', detail)
}

const poolSize = 64 * 1024

/** Asks for much at once: a call each for a few bytes costs more than all else that a leaf needs. No byte twice. */
function poolBytes(randomBytes: (length: number) => Uint8Array): (length: number) => Uint8Array {
  let pool: Uint8Array = new Uint8Array()
  return length => {
    if (length > pool.length) pool = randomBytes(Math.max(length, poolSize))
    const bytes = pool.subarray(0, length)
    pool = pool.subarray(length)
    return bytes
  }
}

/** A timer alone does not keep the process running. */
function everyUnreferenced(ms: number, callback: () => void): () => void {
  const timer = setInterval(callback, ms).unref()
  return () => clearInterval(timer)
}
