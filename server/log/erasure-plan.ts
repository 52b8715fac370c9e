/** What an erasure takes from each entry that speaks of a person. */
import { ActorType, ownSource, personalFields } from '../../shared/audit-event.ts'
import type { Json } from '../../shared/json.ts'
import { tellsOfNewKeys } from '../../shared/log/key-transition.ts'
import { retentionAction } from '../../shared/log/removal.ts'
import type { LogStore, Removal, StoredEntry } from '../store/log-store.ts'

/** The event that tells of an erasure. */
export const erasureAction = 'auditlog.erased'

export interface ErasureScope {
  actor: string
  /** Changes and metadata too. */
  content: boolean
  /** Only entries below: the log as it stood when the erasure was asked for. */
  size: number
}

/** What belongs to whoever sat in front of it. */
const whereabouts = ['context.ip', 'context.userAgent', 'context.location'] as const
const batchSize = 256
/** Kinds of targets that are actors themselves; a scan target may have the same id and is someone else. */
const people: ReadonlySet<string> = new Set(ActorType.options)

/**
 * Every entry that has something to forget, in the order of the log. Lets others work in between. `check` sees each of
 * them, and may throw.
 */
export async function planErasure(
  store: Pick<LogStore, 'entries'>,
  org: string,
  scope: ErasureScope,
  check: (entry: StoredEntry) => void = () => {},
): Promise<Removal[]> {
  const plan: Removal[] = []
  for (let from = 0; from < scope.size; from += batchSize) {
    const entries = await store.entries(org, from, Math.min(from + batchSize, scope.size))
    for (const entry of entries) {
      const fields = fieldsToErase(entry, scope)
      if (fields.length === 0) continue
      check(entry)
      plan.push({ index: entry.index, fields })
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  return plan
}

/** Names of the committed fields of the entry that the erasure takes, without those that are gone already. */
export function fieldsToErase(entry: StoredEntry, { actor, content }: Omit<ErasureScope, 'size'>): string[] {
  const roles = rolesOf(entry, actor)
  if (!roles.isActor && !roles.isPrincipal && !roles.isTarget) return []
  const fields = new Set<string>()
  if (roles.isActor) for (const field of personalFields) fields.add(field)
  if (roles.isPrincipal) for (const field of ['actor.onBehalfOf', ...whereabouts]) fields.add(field)
  // What the log says of itself, and to nobody's person, outlives what it was about.
  if (!isErasure(entry) && !tellsOfNewKeys(entry.open) && entry.open.action !== retentionAction) {
    // Names stand in one commitment together: those of an event's other targets go with it.
    if (roles.isTarget) fields.add('targets.names')
    if (content) for (const field of ['changes', 'metadata']) fields.add(field)
  }
  return [...fields].filter(field => entry.values.has(field))
}

/** In what ways the entry speaks of the person; the open fields stay, and with them these ids. */
export function rolesOf({ open }: Pick<StoredEntry, 'open'>, id: string) {
  const targets = (open.targets ?? []) as { type: string; id: string }[]
  return {
    isActor: idOf(open.actor) === id,
    isPrincipal: open.obo === id,
    isTarget: targets.some(target => target.id === id && people.has(target.type)),
  }
}

export function isErasure({ open }: Pick<StoredEntry, 'open'>): boolean {
  return open.source === ownSource && open.action === erasureAction
}

function idOf(actor: Json | undefined): unknown {
  return (actor as { id?: unknown } | undefined)?.id
}
