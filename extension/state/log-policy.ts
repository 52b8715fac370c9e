/** The log's keys as an administrator pins them by enterprise policy. */
import * as z from 'zod/mini'
import { LogKeys } from '../../shared/api.ts'
import { parseVerifierKey } from '../../shared/log/key.ts'
import { FailureError } from '../api/failure.ts'

const PinnedLogs = z.array(z.extend(LogKeys, { server: z.string() }))

/**
 * The keys pinned for this server; null where none are. A policy that cannot be read is never taken for none.
 * @throws {FailureError} failed, `policy_unreadable`
 */
export function pinnedFor(server: string, logs: unknown): LogKeys | null {
  if (logs === undefined || logs === null) return null
  try {
    const entry = z.parse(PinnedLogs, logs).find(each => new URL(each.server).origin === server)
    if (!entry) return null
    const { origin, log, time } = entry
    for (const key of [log, time]) parseVerifierKey(key)
    return { origin, log, time }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new FailureError({ kind: 'failed', code: 'policy_unreadable', detail })
  }
}
