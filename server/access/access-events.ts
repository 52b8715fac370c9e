/** The events that Trailside records about access to itself, made in one place and in one form. */
import { randomUUID } from 'node:crypto'
import type { Permission } from '../../shared/access.ts'
import { type NewEventInput, ownSource } from '../../shared/audit-event.ts'
import type { Json } from '../../shared/json.ts'
import { formatMoment } from '../../shared/time.ts'
import type { By, RequestFacts } from './access.ts'
import { type Caller, localCommandLine } from './caller.ts'

export type EventTarget = { type: string; id: string; name: string | null }
type Changes = { field: string; before: Json; after: Json }[]

interface Parts {
  outcome?: 'success' | 'failure' | 'denied'
  targets?: EventTarget[]
  changes?: Changes
  metadata?: Record<string, Json>
}

/** Something a known caller did (or was refused), `at` milliseconds since 1970. */
export function eventBy(action: string, by: By, at: number, parts: Parts = {}): NewEventInput {
  return {
    ...eventOf(action, by.facts, at, parts),
    actor: actorOf(by.caller),
    context: contextOf(by.facts, by.caller.sessionId),
  }
}

/** Something the server did by itself. */
export function eventBySystem(
  action: string,
  actor: { id: string; name: string },
  at: number,
  parts: Parts = {},
): NewEventInput {
  const facts = { address: null, userAgent: null, requestId: null, channel: 'background' } as const
  return { ...eventOf(action, facts, at, parts), actor: { type: 'system', ...actor } }
}

/** What somebody did who has not proven to be anyone: only what they said, in a personal field. */
export function eventByClaim(
  action: string,
  claim: { id: string; name: string | null; email: string | null },
  facts: RequestFacts,
  at: number,
  parts: Parts = {},
): NewEventInput {
  return { ...eventOf(action, facts, at, parts), actor: { type: 'user', ...claim } }
}

export function userTarget(user: { id: string; name: string }): EventTarget {
  return { type: 'user', id: user.id, name: user.name }
}

export function roleTarget(role: { id: string; name: string }): EventTarget {
  return { type: 'role', id: role.id, name: role.name }
}

export function keyTarget(key: { id: string; name: string }): EventTarget {
  return { type: 'api_key', id: key.id, name: key.name }
}

export function deniedEvent(
  by: By,
  permission: Permission,
  request: { method: string; path: string },
  at: number,
): NewEventInput {
  const metadata = { permission, method: request.method, path: request.path.slice(0, 500) }
  return eventBy('auditlog.access_denied', by, at, { outcome: 'denied', metadata })
}

/** Something that nobody in particular did. */
export function eventOf(action: string, facts: RequestFacts, at: number, parts: Parts): NewEventInput {
  return {
    id: randomUUID(),
    source: ownSource,
    occurredAt: formatMoment(at),
    action,
    actor: { type: 'system' },
    outcome: parts.outcome ?? 'success',
    targets: parts.targets ?? [],
    changes: parts.changes ?? [],
    context: contextOf(facts, null),
    metadata: parts.metadata ?? {},
  }
}

function actorOf(caller: Caller): NewEventInput['actor'] {
  const { id, name, email } = caller
  if (id === localCommandLine.id) return { type: 'system', id, name }
  return { type: caller.kind, id, name, email }
}

function contextOf(facts: RequestFacts, sessionId: string | null): NewEventInput['context'] {
  const { address, userAgent, requestId, channel } = facts
  // A session is named by the id of its row, which opens nothing.
  return { ip: address, userAgent: wellFormed(userAgent), channel, requestId, sessionId }
}

/** A header may hold anything; the log takes Unicode text only. */
function wellFormed(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, 'utf8').toString('utf8')
}
