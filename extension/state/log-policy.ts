/** The log's keys as an administrator pins them by enterprise policy. */
import * as z from 'zod/mini'
import { LogKeys } from '../../shared/api.ts'
import { formatVerifierKey, parseVerifierKey } from '../../shared/log/key.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { FailureError } from '../api/failure.ts'

const PinnedLogs = z.array(z.extend(LogKeys, { server: z.string(), policy: z.optional(z.string()) }))

/**
 * The keys pinned for this server; null where none are. A policy that cannot be read is never taken for none.
 * @throws {FailureError} failed, `policy_unreadable`
 */
export function pinnedFor(server: string, logs: unknown): LogKeys | null {
  return reading(() => {
    const entry = entryFor(server, logs)
    if (!entry) return null
    const { origin, log, time } = entry
    for (const key of [log, time]) parseVerifierKey(key)
    return { origin, log, time }
  })
}

/**
 * The trust policy with the witnesses asked for at this server, as text; null where none is.
 * @throws {FailureError} failed, `policy_unreadable`
 */
export function quorumFor(server: string, logs: unknown): string | null {
  return reading(() => {
    const { policy, log } = entryFor(server, logs) ?? {}
    if (policy === undefined) return null
    const named = parsePolicy(policy).logs.map(({ key }) => formatVerifierKey(key))
    if (named.length > 0 && !named.includes(log!)) throw new Error('the policy is for another log')
    return policy
  })
}

function entryFor(server: string, logs: unknown) {
  if (logs === undefined || logs === null) return null
  return z.parse(PinnedLogs, logs).find(each => new URL(each.server).origin === server) ?? null
}

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new FailureError({ kind: 'failed', code: 'policy_unreadable', detail })
  }
}
