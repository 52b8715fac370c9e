/** The worker's connection to the log: opened with the session, watched while it lasts. */
import { computed, effect, signal } from '@preact/signals'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { SyncStatus } from '../worker/protocol.ts'
import { pinnedFor, quorumFor } from './log-policy.ts'
import type { SessionModel } from './session-model.ts'

export const closedStatus: SyncStatus = {
  phase: 'closed',
  size: 0,
  held: 0,
  removed: 0,
  complete: false,
  lastContact: null,
  clockOffsetMs: null,
  failure: null,
  damaged: 0,
  trust: null,
  company: null,
}

/** Beyond this the relative times here would mislead. */
const noticeableSkewMs = 2 * 60_000

export type SyncModel = ReturnType<typeof createSyncModel>

/** `managedLogs` answers what this browser's administrator pinned. */
export function createSyncModel(
  log: LogClient,
  session: SessionModel,
  managedLogs: () => Promise<unknown> = async () => null,
) {
  const status = signal<SyncStatus>(closedStatus)
  /** Rows can be asked for. */
  const opened = signal(false)
  /** The trust policy whose quorum this browser's administrator asks for at this server. */
  const quorumAsked = signal<string | null>(null)
  let openedFor: string | null = null

  const skewMs = computed(() => {
    const offset = status.value.clockOffsetMs
    return offset !== null && Math.abs(offset) > noticeableSkewMs ? offset : null
  })

  async function open(): Promise<void> {
    const wanted = session.workerSession()
    const key = wanted && `${wanted.server} ${wanted.userId} ${wanted.accessVersion}`
    if (key === openedFor) return
    openedFor = key
    opened.value = false
    if (!wanted) {
      status.value = closedStatus
      return
    }
    status.value = { ...closedStatus, phase: 'opening' }
    try {
      const logs = await managedLogs()
      const [policy, quorum] = [pinnedFor(wanted.server, logs), quorumFor(wanted.server, logs)]
      if (openedFor !== key) return
      quorumAsked.value = quorum
      const answer = await log.call('open', { ...wanted, policy, quorum })
      if (openedFor !== key) return
      take(answer)
      opened.value = true
    } catch (error) {
      if (openedFor !== key) return
      openedFor = null
      const failure = failureOf(error)
      take({ ...status.peek(), phase: phaseOf(failure.status), failure })
    }
  }

  function take(next: SyncStatus): void {
    status.value = next
    if (next.phase === 'expired') session.sessionEnded()
    if (next.phase === 'forbidden') void session.refresh()
  }

  return {
    status,
    opened,
    quorumAsked,
    skewMs,
    retry(): void {
      if (opened.peek()) void log.call('syncNow').catch(() => {})
      else void open()
    },
    /** Deletes what is kept on this device and begins anew. */
    async clearCache(): Promise<void> {
      await log.call('close', { purge: true }).catch(() => {})
      openedFor = null
      await open()
    },
    /** Returns the clean-up. */
    follow(): () => void {
      const stopNews = log.on('status', take)
      const stopAccess = log.on('accessChanged', () => {
        // The worker has closed by itself and kept nothing.
        openedFor = null
        opened.value = false
        void session.refresh({ always: true })
      })
      const stopSession = effect(() => {
        session.state.value
        void open()
      })
      return () => {
        stopNews()
        stopAccess()
        stopSession()
      }
    },
  }
}

function phaseOf(httpStatus: number | undefined): SyncStatus['phase'] {
  if (httpStatus === 401) return 'expired'
  return httpStatus === 403 ? 'forbidden' : 'failed'
}
