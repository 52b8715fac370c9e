/** Rows without an id against what is in the log: an export file of the platform may tell what was pulled already. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import { foldText } from '../../shared/search-text.ts'
import type { NormalisedEvent } from './normalise.ts'

/** Events of the log with this action in the second that begins at the moment (ISO 8601), from any source. */
export type FindInSecond = (action: string, second: string) => Promise<readonly AuditEvent[]>

/**
 * Answers, for each row in turn, whether it is an entry of the log: the same source, action and user in the same second.
 * Each entry is taken for one row only, so that of two equal rows and one entry one is new.
 */
export function createRecogniser(find: FindInSecond): (event: NormalisedEvent) => Promise<boolean> {
  const taken = new Set<number>()
  return async event => {
    const second = `${event.occurredAt.slice(0, 19)}.000Z`
    const same = (await find(event.action, second)).find(
      entry => !taken.has(entry.index) && entry.source === event.source && isSameActor(event, entry),
    )
    if (same) taken.add(same.index)
    return same !== undefined
  }
}

/** By whatever both know of them: a row with a name and an entry with an id alone are not known to be one. */
function isSameActor({ actor: row }: NormalisedEvent, { actor: entry }: AuditEvent): boolean {
  if (row.id === entry.id) return true
  if (row.email && entry.email) return foldText(row.email) === foldText(entry.email)
  return Boolean(row.name && entry.name) && foldText(row.name!) === foldText(entry.name!)
}

/** Ids that were made of a row's content, having none: see `content-id.ts`. */
export function isContentId(id: string): boolean {
  return /^[0-9a-f]{64}(-\d+)?$/.test(id)
}
