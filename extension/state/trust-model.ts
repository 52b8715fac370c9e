/** What this panel witnessed of the log, and what a person may decide after an alarm. */
import { computed, signal } from '@preact/signals'
import { failureOf } from '../api/failure.ts'
import type { Evidence, QuorumState } from '../cache/witness-record.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure } from '../worker/protocol.ts'
import type { SyncModel } from './sync-model.ts'

export interface TrustDependencies {
  log: LogClient
  sync: SyncModel
  save(name: string, blob: Blob): void
}

/** `unknown` before it was looked at under the policy in force. */
export type Quorum = QuorumState | 'unknown'

export type TrustModel = ReturnType<typeof createTrustModel>

export function createTrustModel({ log, sync, save }: TrustDependencies) {
  const record = computed(() => sync.status.value.trust)
  const alarm = computed(() => record.value?.alarm ?? null)
  const company = computed(() => sync.status.value.company)
  const quorum = computed((): Quorum | null => {
    const asked = sync.quorumAsked.value
    if (asked === null) return null
    const found = record.value?.quorum
    return found?.policy === asked ? found : 'unknown'
  })
  const busy = signal(false)
  const failure = signal<Failure | null>(null)
  /** The log that somebody chose not to go on with yet, by its key; asked again when the panel opens anew. */
  const staysWith = signal<string | null>(null)

  async function decide(work: () => Promise<void>): Promise<boolean> {
    busy.value = true
    failure.value = null
    try {
      await work()
      return true
    } catch (error) {
      failure.value = failureOf(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return {
    record,
    alarm,
    /** How the witnesses stand that the administrator asks for; null where none are asked for. */
    quorum,
    /** Who else witnesses the log, as the server says. */
    company,
    busy,
    failure,
    staysWith,
    /** Keeps showing the log as it was before this one took its place; null asks again. */
    stayWith(key: string | null): void {
      staysWith.value = key
    },
    /** Asks the server again; only an answer that holds ends the alarm. */
    lookAgain: () => decide(() => log.call('lookAgain')),
    /** Follows the other log from now on. What is cached is of the log before, and goes. */
    acceptLog: (key: string) =>
      decide(async () => {
        await log.call('acceptLog', key)
        await sync.clearCache()
      }),
    /** The proof that this event is in the log. @throws {FailureError} */
    prove: (index: number) => log.call('prove', index),
    /** What a proof's text proves. @throws {FailureError} */
    verifyEvidence: (text: string) => log.call('verifyEvidence', text.replaceAll('\r\n', '\n')),
    saveEvidence(evidence: Evidence): void {
      const text = JSON.stringify({ format: 'trailside-evidence/1', ...evidence }, null, 2)
      const stamp = evidence.at.slice(0, 19).replaceAll(/[-:]/g, '')
      save(`trailside-evidence-${stamp}Z.json`, new Blob([text], { type: 'application/json' }))
    },
  }
}
