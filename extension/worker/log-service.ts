/** The worker's commands, over the one log that is open and the exports made of it. */
import { FailureError } from '../api/failure.ts'
import { createExportDesk, type ExportDesk } from '../export/export-desk.ts'
import { type Answers, createAnswers } from './answers.ts'
import { createEvidenceDesk } from './evidence-desk.ts'
import { createExportSource } from './export-source.ts'
import { type LogSession, openLogSession } from './log-session.ts'
import type { SyncStatus, WorkerCommands, WorkerSession } from './protocol.ts'
import { createServerLog } from './server-log.ts'
import type { Post } from './status-keeper.ts'
import { verifyFiles } from './verify-files.ts'
import type { World } from './world.ts'

export type LogService = {
  [Name in keyof WorkerCommands]: (
    ...args: Parameters<WorkerCommands[Name]>
  ) => Promise<ReturnType<WorkerCommands[Name]>>
}

interface OpenLog {
  log: LogSession
  answers: Answers
  exports: ExportDesk
  evidence: ReturnType<typeof createEvidenceDesk>
}

export function createLogService(world: World, post: Post): LogService {
  let open: OpenLog | null = null
  let turn: Promise<unknown> = Promise.resolve()

  async function close(options: { purge: boolean }): Promise<void> {
    const closing = open
    open = null
    closing?.exports.cancelAll()
    await closing?.log.close(options)
  }

  async function openLog(session: WorkerSession): Promise<SyncStatus> {
    await close({ purge: false })
    const log = await openLogSession(world, session, post)
    const server = createServerLog(log.client, log.local.scope)
    log.onForgotten(server.forget)
    const exports = createExportDesk({
      source: createExportSource(log, server),
      crypto: world.crypto,
      now: world.now,
      random: world.random,
      onProgress: progress => post('exportProgress', progress),
    })
    open = { log, answers: createAnswers(log, server), exports, evidence: createEvidenceDesk(log) }
    return log.status()
  }

  function opened(): OpenLog {
    if (open) return open
    throw new FailureError({ kind: 'failed', code: 'closed', detail: 'No log is open' })
  }

  return {
    // One after the other: two opening at once would share a cache and a channel.
    open: inTurn(openLog),
    close: inTurn(close),
    async renew(token) {
      opened().log.renew(token)
    },
    async syncNow() {
      const { log, exports } = opened()
      log.syncNow()
      exports.wake()
    },
    async lookAgain() {
      await opened().log.lookAgain()
    },
    async acceptLog(key) {
      await opened().log.acceptLog(key)
    },
    prove: async index => opened().evidence.prove(index),
    verifyEvidence: async text => opened().evidence.verify(text),
    rows: async (...args) => opened().answers.rows(...args),
    total: async (...args) => opened().answers.total(...args),
    facets: async (...args) => opened().answers.facets(...args),
    histogram: async (...args) => opened().answers.histogram(...args),
    overview: async (...args) => opened().answers.overview(...args),
    wholeOverview: async (...args) => opened().answers.wholeOverview(...args),
    sparklines: async (...args) => opened().answers.sparklines(...args),
    event: async (...args) => opened().answers.event(...args),
    timeRange: async (...args) => opened().answers.timeRange(...args),
    arrivedSince: async (...args) => opened().answers.arrivedSince(...args),
    export: async (...args) => opened().exports.start(...args),
    verifyFiles: files => verifyFiles(files, opened().log.status().trust),
    async cancelExport(id) {
      open?.exports.cancel(id)
    },
  }

  function inTurn<Args extends unknown[], T>(run: (...args: Args) => Promise<T>) {
    return (...args: Args): Promise<T> => {
      const mine = turn.then(() => run(...args))
      turn = mine.catch(() => {})
      return mine
    }
  }
}
