/** Who may not see something is told so, in place of an answer that would say that nothing happened. */
import { FailureError } from '../api/failure.ts'
import type { LogSession } from './log-session.ts'
import type { View } from './protocol.ts'

/** After access was lost nothing is held; an empty answer would say that nothing happened. */
export function requireAccess(log: LogSession): void {
  const { phase, failure } = log.status()
  if (phase === 'forbidden' && failure) throw new FailureError(failure)
}

/** As the server refuses it: withheld fields must not be probed, and an empty answer would mislead. */
export function requirePersonal(log: LogSession, { filter }: View): void {
  if (!filter.ip || log.local.scope.personal) return
  throw new FailureError({
    kind: 'refused',
    code: 'personal_data_withheld',
    detail: 'Filtering by IP address needs a permission',
    permission: 'audit_log.read_personal',
  })
}
