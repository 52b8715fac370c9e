/** What free text is searched in: labels, names, ids, address, changes and metadata of one event. */
import type { Scope } from './access.ts'
import type { AuditEvent } from './audit-event.ts'
import { actionLabel, areaLabel } from './catalogue.ts'
import type { Json } from './json.ts'

/**
 * Lower case without accents: how both the searched text and the phrase are compared. Works letter by letter,
 * so that a part of a text folds to a part of the folded text.
 */
export function foldText(text: string): string {
  if (!/\P{ASCII}/u.test(text)) return text.toLowerCase()
  // A sigma at the end of a word has a lower case of its own, which is no letter of its own.
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ')
}

/**
 * The folded text of an event, its parts separated by line breaks. With `personal` false the text holds
 * only what every reader may see, so that no phrase can tell a withheld value.
 */
export function searchTextOf(event: AuditEvent, scope: Scope): string {
  return scope.personal ? `${openSearchText(event)}\n${personalSearchText(event)}` : openSearchText(event)
}

export function openSearchText(event: AuditEvent): string {
  const parts: Json[] = [
    event.action,
    actionLabel(event.action),
    areaLabel(event.area),
    event.actor.id,
    event.id,
  ]
  for (const target of event.targets) parts.push(target.id, target.name)
  parts.push(event.context.requestId, event.context.sessionId)
  for (const change of event.changes) parts.push(change.field, change.before, change.after)
  parts.push(event.metadata)
  return foldText(wordsOf(parts))
}

export function personalSearchText(event: AuditEvent): string {
  const { actor, context } = event
  const behalf = actor.onBehalfOf
  return foldText(
    wordsOf([
      actor.name,
      actor.email,
      behalf?.name ?? null,
      behalf?.email ?? null,
      context.ip,
      context.userAgent,
      context.location,
    ]),
  )
}

/** Names and scalar values of any JSON, one a line; nulls and emptiness leave nothing. */
function wordsOf(value: Json): string {
  if (value === null || value === '') return ''
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('\n')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([name, inner]) => `${name}\n${wordsOf(inner)}`)
    .join('\n')
}
