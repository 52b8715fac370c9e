/**
 * Retention: what is older than so many days loses its content, whole bundles at a time; hashes stay. The task is kept
 * first, then the event that tells of it, then the content goes: whatever stops it midway, the next start finishes it.
 */
import * as z from 'zod/mini'
import { type Retention as Answer, bundleSize, type RetentionSetting } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { rangesOfBundles, retentionAction } from '../../shared/log/removal.ts'
import { ProblemError } from '../../shared/problem.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import type { By } from '../access/access.ts'
import { eventBy, eventBySystem } from '../access/access-events.ts'
import type { LogStore } from '../store/log-store.ts'
import { holdsOf } from './legal-holds.ts'
import type { Recorder } from './recorder.ts'
import type { Removals } from './removals.ts'
import { planRetention } from './retention-plan.ts'
import { changeSetting, finishSettings } from './told-settings.ts'
import type { LogWriter } from './writer.ts'

export interface RetentionOptions {
  org: string
  store: LogStore
  removals: Removals
  writer: Pick<LogWriter, 'size'>
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
  /** Bundles a run tells of and takes at once; what remains follows in the next. */
  bundlesAtOnce?: number
}

export interface Retention {
  state(): Promise<Answer>
  /** What is younger than `days` is kept, null keeps everything. The first run under it comes an hour later. */
  change(setting: RetentionSetting, by: By): Promise<Answer>
  /** Takes what is old enough now; answers how many entries. @throws {ProblemError} conflict where everything is kept */
  run(by: By | null): Promise<number>
  /** Runs whenever it is due. Answers how to stop, which waits for what is being taken. */
  schedule(onError: (error: unknown) => void, every?: Every): () => Promise<void>
}

type Every = (ms: number, callback: () => void) => () => void

const settingName = 'retention'
const runName = 'retention-run'
const itself = { id: 'retention', name: 'Retention' }
/** Time to think again after a change. */
const hourMs = 3_600_000
const lookEveryMs = 60_000

const Kept = z.object({ days: z.nullable(z.int()), nextRunAt: z.nullable(z.number()) })
const Run = z.object({
  /** Milliseconds since 1970. */
  at: z.nullable(z.number()),
  entries: z.int(),
  nextRunAt: z.nullable(z.number()),
  /** The place of the event that tells of all that was taken so far. */
  told: z.nullable(z.int()),
})

interface RetentionTask {
  kind: 'retention'
  bundles: number[]
  event: NewEventInput
}

/** Finishes what an earlier process began. */
export async function openRetention(options: RetentionOptions): Promise<Retention> {
  await finishSettings(options, settingName)
  const retention = new StoredRetention(options)
  await retention.resume()
  return retention
}

/** Where the log tells of all that retention took; null where it took nothing. */
export async function removalToldAt(store: Pick<LogStore, 'setting'>, org: string): Promise<number | null> {
  return (await readRun(store, org)).told
}

class StoredRetention implements Retention {
  readonly #options: RetentionOptions
  #isStopping = false

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  async state(): Promise<Answer> {
    const { org, store } = this.#options
    const { days } = await this.#kept()
    const { at, entries } = await readRun(store, org)
    const nextRunAt = await this.#nextRunAt()
    return {
      days,
      nextRunAt: nextRunAt === null ? null : formatMoment(nextRunAt),
      lastRun: at === null ? null : { at: formatMoment(at), entries },
      removed: (await store.prunedBundles(org)).length * bundleSize,
    }
  }

  change({ days }: RetentionSetting, by: By): Promise<Answer> {
    const { removals, clock } = this.#options
    return removals.exclusively(async () => {
      const before = await this.#kept()
      if (days === before.days) return this.state()
      const changes = [{ field: 'retentionDays', before: before.days, after: days }]
      const event = eventBy('auditlog.retention_changed', by, clock(), { changes })
      const nextRunAt = days === null ? null : clock() + hourMs
      await changeSetting(this.#options, {
        name: settingName,
        value: JSON.stringify({ days, nextRunAt } satisfies z.infer<typeof Kept>),
        event,
      })
      return this.state()
    })
  }

  async run(by: By | null): Promise<number> {
    let all = 0
    for (;;) {
      const { entries, isAll } = await this.#options.removals.exclusively(() => this.#runOnce(by, all))
      all += entries
      if (isAll || this.#isStopping) return all
    }
  }

  schedule(onError: (error: unknown) => void, every: Every = everyUnreferenced): () => Promise<void> {
    let running: Promise<unknown> | null = null
    const look = async () => {
      const due = await this.#nextRunAt()
      if (due !== null && due <= this.#options.clock()) await this.run(null)
    }
    const start = () => {
      running ??= look()
        .catch(onError)
        .finally(() => {
          running = null
        })
    }
    start()
    const stopLooking = every(lookEveryMs, start)
    return async () => {
      this.#isStopping = true
      stopLooking()
      await running
    }
  }

  async resume(): Promise<void> {
    const { org, store } = this.#options
    for (const { task } of await store.tasks(org)) {
      const begun = JSON.parse(task) as RetentionTask
      if (begun.kind === 'retention') await this.#finish(begun, 0)
    }
  }

  async #runOnce(by: By | null, before: number): Promise<{ entries: number; isAll: boolean }> {
    const { org, store, writer, clock, bundlesAtOnce = 256 } = this.#options
    const { days } = await this.#kept()
    if (days === null) throw new ProblemError('conflict', 'Everything is kept for ever: no retention is set.')
    const cutoff = formatMoment(clock() - days * dayMs)
    const holds = await holdsOf(store, org)
    const scope = { cutoff, size: writer.size, holds, limit: bundlesAtOnce }
    const bundles = await planRetention(store, org, scope)
    if (bundles.length === 0) {
      await this.#keepRun({ at: clock(), entries: before, nextRunAt: clock() + dayMs })
      return { entries: 0, isAll: true }
    }
    const removed = rangesOfBundles([...(await store.prunedBundles(org)), ...bundles])
    const entries = bundles.length * bundleSize
    const metadata = { days, cutoff, entries, removed: removed.map(range => ({ ...range })) }
    const event = by
      ? eventBy(retentionAction, by, clock(), { metadata })
      : eventBySystem(retentionAction, itself, clock(), { metadata })
    const task: RetentionTask = { kind: 'retention', bundles, event }
    await store.putTask(org, { id: event.id, task: JSON.stringify(task) })
    await this.#finish(task, before)
    return { entries, isAll: bundles.length < bundlesAtOnce }
  }

  async #finish({ bundles, event }: RetentionTask, before: number): Promise<void> {
    const { org, store, recorder, removals, clock } = this.#options
    const told = await recorder.record(event)
    const entries = before + bundles.length * bundleSize
    await this.#keepRun({ at: clock(), entries, nextRunAt: clock() + dayMs, told })
    await removals.prune(bundles)
    // What a reader of an older state keeps in the journal, the next start takes out of it.
    if (await removals.emptyJournal()) await store.dropTask(org, event.id)
  }

  async #keepRun(change: Partial<z.infer<typeof Run>>): Promise<void> {
    const { org, store } = this.#options
    await store.putSetting(org, runName, JSON.stringify({ ...(await readRun(store, org)), ...change }))
  }

  async #kept(): Promise<z.infer<typeof Kept>> {
    const kept = await this.#options.store.setting(this.#options.org, settingName)
    return kept === null ? { days: null, nextRunAt: null } : Kept.parse(JSON.parse(kept))
  }

  /** An hour after the setting was changed, then a day after each run. */
  async #nextRunAt(): Promise<number | null> {
    const { org, store } = this.#options
    const { days, nextRunAt } = await this.#kept()
    if (days === null || nextRunAt === null) return null
    const { at, nextRunAt: afterRun } = await readRun(store, org)
    const hasRunSince = at !== null && at > nextRunAt - hourMs
    return hasRunSince && afterRun !== null ? afterRun : nextRunAt
  }
}

async function readRun(store: Pick<LogStore, 'setting'>, org: string): Promise<z.infer<typeof Run>> {
  const kept = await store.setting(org, runName)
  return kept === null ? { at: null, entries: 0, nextRunAt: null, told: null } : Run.parse(JSON.parse(kept))
}

/** A timer alone does not keep the process running. */
function everyUnreferenced(ms: number, callback: () => void): () => void {
  const timer = setInterval(callback, ms).unref()
  return () => clearInterval(timer)
}
