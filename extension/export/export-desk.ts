/** Exports under way, by id: started, watched, cancelled, and taken up again where the network left them. */
import type { ExportRecord } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { Position } from '../../shared/event-index/event-index.ts'
import type { Manifest } from '../../shared/export/manifest.ts'
import { cancelled, failureOf, isUnreachable } from '../api/failure.ts'
import { backoffMs, createPauser, type Pauser } from '../sync/pause.ts'
import type { ExportedFile, ExportProgress, ExportRequest, View } from '../worker/protocol.ts'
import { createExportJob, type ExportJob } from './export-job.ts'
import type { Prover } from './prover.ts'

/** Where the next page begins. */
export type ExportPlace = { from: 'cache'; after: Position } | { from: 'server'; cursor: string }

export interface ExportPage {
  events: AuditEvent[]
  next: ExportPlace | null
}

export type ExportFacts = Pick<Manifest, 'createdBy' | 'workspace' | 'server' | 'personal'>

/** Where an export's events, their proof, its record in the log and its manifest's facts come from. */
export interface ExportSource {
  total(view: View): Promise<number>
  page(view: View, place: ExportPlace | null, limit: number): Promise<ExportPage>
  /** Logs the export; answers the place of that event. */
  record(record: ExportRecord): Promise<{ index: number }>
  facts(): Promise<ExportFacts>
  /** For one export. */
  prover(): Prover
}

export interface ExportDeskOptions {
  source: ExportSource
  crypto: Crypto
  now(): number
  random(): number
  onProgress(progress: ExportProgress): void
}

export interface ExportDesk {
  /**
   * Makes the file. While the server is away it waits, trying again now and then, keeping the parts that are done. A
   * second call with the same id and request tries at once, or takes up what failed.
   */
  start(id: string, request: ExportRequest): Promise<ExportedFile>
  /** What waits for the network tries again now. */
  wake(): void
  cancel(id: string): void
  cancelAll(): void
}

interface Task {
  key: string
  job: ExportJob
  pauser: Pauser
  stop: AbortController
  running: Promise<ExportedFile> | null
}

export function createExportDesk(options: ExportDeskOptions): ExportDesk {
  const tasks = new Map<string, Task>()

  function tell(id: string, { job }: Task, state: ExportProgress['state'], error?: unknown): void {
    const failure = error === undefined ? null : failureOf(error)
    options.onProgress({ id, state, rowsDone: job.rowsDone(), rowsTotal: job.rowsTotal(), failure })
  }

  async function run(id: string, task: Task): Promise<ExportedFile> {
    for (let attempt = 0; ; attempt++) {
      try {
        tell(id, task, 'running')
        const file = await task.job.run(task.stop.signal, () => {
          attempt = 0
          tell(id, task, 'running')
        })
        tasks.delete(id)
        tell(id, task, 'done')
        return file
      } catch (error) {
        if (task.stop.signal.aborted) throw cancelled()
        if (!isUnreachable(error)) {
          tell(id, task, 'failed', error)
          throw error
        }
        tell(id, task, 'waiting', error)
        await task.pauser.pause(backoffMs(attempt, options.random), task.stop.signal)
        if (task.stop.signal.aborted) throw cancelled()
      }
    }
  }

  return {
    start(id, request) {
      const key = JSON.stringify(request)
      let task = tasks.get(id)
      if (task?.key !== key) {
        task?.stop.abort()
        const job = createExportJob(options, request)
        task = { key, job, pauser: createPauser(), stop: new AbortController(), running: null }
        tasks.set(id, task)
      }
      const started = task
      if (started.running) started.pauser.wake()
      started.running ??= run(id, started).finally(() => {
        started.running = null
      })
      return started.running
    },
    wake() {
      for (const { pauser, running } of tasks.values()) if (running) pauser.wake()
    },
    cancel(id) {
      const task = tasks.get(id)
      if (!task) return
      tasks.delete(id)
      task.stop.abort()
      task.pauser.wake()
      tell(id, task, 'cancelled')
    },
    cancelAll() {
      for (const id of [...tasks.keys()]) this.cancel(id)
    },
  }
}
