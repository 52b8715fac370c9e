/** A name for an id that the log learnt after the event: from an entry of its own, which proves nothing of this one (SPEC U3). */
import { type AuditEvent, targetKey } from '../../shared/audit-event.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { View } from '../worker/protocol.ts'

export interface LaterName {
  name: string
  /** The entry that tells it. */
  index: number
}

const ownSource = 'trailside'
/** Anyone who may send events may call one so: only the server's own count, and they are not sought for ever. */
const mostLookedAt = 5

/** The latest one told of this user or target; null where there is none. */
export async function findLaterName(
  log: LogClient,
  named: { type: string; id: string },
  size: number,
): Promise<LaterName | null> {
  const include = (value: string) => ({ include: [value], exclude: [] })
  const key = targetKey(named)
  const view: View = { filter: { action: include('name.resolved'), target: include(key) }, size }
  const { rows } = await log.call('rows', view, { offset: 0, limit: mostLookedAt })
  for (const { index } of rows) {
    const event = await log.call('event', index)
    const name = event && nameIn(event, key)
    if (name) return { name, index }
  }
  return null
}

function nameIn({ source, targets }: AuditEvent, key: string): string | null {
  return source === ownSource ? (targets.find(target => targetKey(target) === key)?.name ?? null) : null
}

/** Whether an event has no name for its user although nobody keeps it back: only then another entry's is looked for. */
export function lacksName({ actor, withheld }: AuditEvent): boolean {
  return actor.type === 'user' && !actor.name && !actor.email && !withheld.includes('actor.name')
}
