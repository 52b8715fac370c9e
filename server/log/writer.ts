/**
 * The one writer of a log. Events that arrive while a commit is under way go into the next one together, up to 256:
 * alone an event is kept at once, under load one signature and one disk flush serve many.
 */
import type { IntakeItem, LogKeys } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { utf8 } from '../../shared/log/bytes.ts'
import { formatKeyTransition } from '../../shared/log/key-transition.ts'
import { disclosuresIn } from '../../shared/log/leaf.ts'
import { growTiles, TILE_WIDTH } from '../../shared/log/tiles.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import { type LogCommit, type LogStore, SizeConflict } from '../store/log-store.ts'
import { AppendQueue, type WaitingEvent } from './append-queue.ts'
import { type Batch, type IncomingEvent, prepareBatch } from './batch.ts'
import { type LogKey, signChange } from './log-key.ts'
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
  /** The log was restored from a backup: it goes on under this key, and with this event. */
  epoch?: { event: IncomingEvent; next: LogKey } | null
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
  /**
   * Appends the event that tells of the next key, alone, under a checkpoint that both keys sign (an epoch's next one
   * alone), and signs by the next one from then on. Answers the event's place.
   * @throws {ProblemError} unavailable, when it could not be kept; the stored checkpoint tells which key is in force
   */
  rotateKey(event: IncomingEvent, next: LogKey): Promise<number>
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
  const writer = new QueuedLogWriter(options, resumed)
  const { epoch } = options
  if (epoch) {
    await writer.rotateKey(epoch.event, epoch.next)
    return writer
  }
  const { size } = resumed.range
  await options.store.putCheckpoint(options.org, size, await options.key.sign(size, resumed.range.root()))
  return writer
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
  #key: LogKey
  #rotation: (() => Promise<void>) | null = null
  /** Set when somebody else wrote to the log: nothing can be appended to what we know of it. */
  #conflict = false

  constructor(options: LogWriterOptions, log: ResumedLog) {
    this.#options = { ...options, randomBytes: poolBytes(options.randomBytes) }
    this.#log = log
    this.#key = options.key
    this.#signedAt = options.clock()
    this.#stopTimer = (options.every ?? everyUnreferenced)(freshnessMs / 10, () => this.#start())
  }

  get size(): number {
    return this.#log.range.size
  }

  get keys(): LogKeys {
    return keysOf(this.#key)
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

  rotateKey(event: IncomingEvent, next: LogKey): Promise<number> {
    if (this.#closed) return Promise.reject(unavailable('The server is stopping.'))
    if (this.#conflict) return Promise.reject(unavailable(conflictWords))
    if (this.#rotation) return Promise.reject(unavailable('Another change of keys is under way.'))
    return new Promise((resolve, reject) => {
      this.#rotation = async () => {
        try {
          resolve(await this.#rotate(event, next))
        } catch (error) {
          reject(unavailable('The key was not changed.'))
          throw error
        }
      }
      this.#start()
    })
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
      const rotation = this.#rotation
      const taken = rotation ? [] : this.#queue.take(maxBatch)
      try {
        if (rotation) await rotation()
        else if (taken.length > 0) await this.#commit(taken)
        else await this.#refresh()
      } catch (error) {
        this.#fail(taken, error)
      }
      if (rotation) this.#rotation = null
    } while (this.#queue.length > 0 || this.#rotation)
    // In the same breath as the check above: an append in between would wait for ever.
    this.#running = null
  }

  async #commit(taken: readonly WaitingEvent[]): Promise<void> {
    const batch = await this.#prepare(taken.map(({ event }) => event))
    if (batch.entries.length > 0) await this.#keep(batch)
    this.#queue.answer(taken, batch.items)
  }

  async #rotate(event: IncomingEvent, next: LogKey): Promise<number> {
    const index = this.size
    const batch = await this.#prepare([event])
    if (batch.items[0]?.status !== 'accepted') throw new Error('the event that tells of a new key is none')
    await this.#keep(batch, next)
    this.#key = next
    return index
  }

  async #prepare(incoming: readonly IncomingEvent[]): Promise<Batch & { receivedAtMs: number }> {
    const { org, store, clock, randomBytes } = this.#options
    const receivedAtMs = Math.max(clock(), this.#log.lastReceivedAt)
    const place = { org, size: this.size, receivedAt: formatMoment(receivedAtMs), randomBytes }
    const known = await store.indexesOf(org, incoming)
    return { ...prepareBatch(incoming, { ...place, known }), receivedAtMs }
  }

  /** What is known of the log changes only after the store has kept it. With `next`, the last entry tells of that key. */
  async #keep(batch: Batch & { receivedAtMs: number }, next?: LogKey): Promise<void> {
    const { org, store, clock } = this.#options
    const { range, edge } = this.#log
    const { entries, leafHashes, events, receivedAtMs } = batch
    const from = range.size
    const grown = growTiles(range, leafHashes, ({ level }) => edge.get(level)!)
    const state = [grown.range.size, grown.range.root()] as const
    const checkpoint = await (next ? signChange(this.#key, next, ...state) : this.#key.sign(...state))
    const tiles = grown.tiles.map(({ level, index, bytes }) => ({ level, number: index, hashes: bytes }))
    const commit = { expectedSize: from, entries, tiles, checkpoint }
    await store.commit(org, next ? { ...commit, transition: this.#proveChange(commit, next) } : commit)
    const partial = new Map(edge)
    for (const { level, width, bytes } of grown.tiles) {
      if (width < TILE_WIDTH) partial.set(level, bytes)
      else partial.delete(level)
    }
    this.#log = { range: grown.range, edge: partial, lastReceivedAt: receivedAtMs }
    this.#signedAt = clock()
    this.#tell({ from, to: grown.range.size, events })
  }

  /** Of a commit with one entry. */
  #proveChange({ entries, checkpoint }: Pick<LogCommit, 'entries' | 'checkpoint'>, next: LogKey): string {
    const [{ leaf }] = entries as [LogCommit['entries'][number]]
    const { size, hashes } = this.#log.range
    return formatKeyTransition({
      ...{
        subtrees: hashes,
        index: size,
        leaf: utf8(leaf.text),
        disclosures: disclosuresIn(leaf),
        checkpoint,
      },
      after: keysOf(next),
    })
  }

  async #refresh(): Promise<void> {
    const { org, store, clock } = this.#options
    if (clock() - this.#signedAt < freshnessMs || this.#conflict) return
    await store.putCheckpoint(org, this.size, await this.#key.sign(this.size, this.#log.range.root()))
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

function keysOf({ origin, verifierKeys }: LogKey): LogKeys {
  return { origin, ...verifierKeys }
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
