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

/** A phrase as it is looked for: folded, and on one line, since every value is searched as one line. */
export function foldPhrase(phrase: string): string {
  return oneLine(foldText(phrase))
}

/**
 * The folded text of an event, one value a line. With `personal` false the text holds only what every reader may
 * see, so that no phrase can tell a withheld value.
 */
export function searchTextOf(event: AuditEvent, scope: Scope): string {
  const { actor, context, targets } = event
  const open = [
    ...deedWords(event.action, event.area),
    foldPhrase(actor.id),
    ...targets.flatMap(({ id, name }) => [foldPhrase(id), foldPhrase(name ?? '')]),
    openRestText(event),
  ]
  const personal = [actor.name, actor.email, context.ip].map(text => foldPhrase(text ?? ''))
  return (scope.personal ? [...open, ...personal, personalRestText(event)] : open).filter(Boolean).join('\n')
}

/** What an action and its area are called, folded. */
export function deedWords(action: string, area: string): string[] {
  return [...actionWords(action), ...areaWords(area)]
}

export function actionWords(action: string): string[] {
  return [foldPhrase(action), foldPhrase(actionLabel(action))]
}

export function areaWords(area: string): string[] {
  return [foldPhrase(areaLabel(area))]
}

/** What everybody may see of an event beside its action, area, actor and targets: mostly its own alone. */
export function openRestText({ id, context, changes, metadata }: AuditEvent): string {
  const parts: Json[] = [id, context.requestId, context.sessionId]
  for (const change of changes) parts.push(change.field, change.before, change.after)
  parts.push(metadata)
  return foldText(wordsOf(parts))
}

/** The same of what is personal, beside the actor's own names and the address. */
export function personalRestText({ actor: { onBehalfOf }, context }: AuditEvent): string {
  const { userAgent, location } = context
  return foldText(wordsOf([onBehalfOf?.name ?? null, onBehalfOf?.email ?? null, userAgent, location]))
}

/** Names and scalar values of any JSON, one a line; nulls and emptiness leave nothing. */
function wordsOf(value: Json): string {
  if (value === null || value === '') return ''
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('\n')
  if (typeof value !== 'object') return oneLine(String(value))
  return Object.entries(value)
    .map(([name, inner]) => `${oneLine(name)}\n${wordsOf(inner)}`)
    .join('\n')
}

function oneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', ' ') : text
}
