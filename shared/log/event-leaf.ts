/** How an audit event becomes a leaf and comes back: which fields stay open for ever and which are only committed to. */
import type { AuditEvent } from '../audit-event.ts'
import type { Json, JsonObject } from '../json.ts'
import { canonicalJson } from './canonical-json.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import {
  buildLeaf,
  type Disclosure,
  openDisclosures,
  parseLeaf,
  type RandomBytes,
  type SealedLeaf,
} from './leaf.ts'

/** The committed fields of every event leaf, in the leaf's order. All are always present, so presence tells nothing. */
export const COMMITTED_FIELDS = [
  'actor.email',
  'actor.name',
  'actor.onBehalfOf',
  'changes',
  'context.ip',
  'context.location',
  'context.userAgent',
  'metadata',
  'targets.names',
] as const
export type CommittedField = (typeof COMMITTED_FIELDS)[number]

/** The open fields of a leaf by their names there; `c` holds the commitments. */
export interface EventLeaf {
  readonly v: 1
  readonly id: string
  readonly source: string
  /** When it happened, and when it was received. */
  readonly ts: string
  readonly rx: string
  readonly tenant: string
  readonly action: string
  readonly area: string
  readonly actor: { readonly id: string; readonly type: string }
  readonly targets: readonly { readonly id: string; readonly type: string }[]
  readonly outcome: string
  readonly channel: string | null
  /** Request, session, and the id of whoever the actor acted on behalf of. */
  readonly req: string | null
  readonly ses: string | null
  readonly obo: string | null
  readonly c: Readonly<Record<CommittedField, string>>
}

const TEXTS = ['id', 'source', 'ts', 'rx', 'tenant', 'action', 'area', 'outcome'] as const
const TEXTS_OR_NULL = ['channel', 'req', 'ses', 'obo'] as const
const LEAF_FIELDS = [...TEXTS, ...TEXTS_OR_NULL, 'actor', 'c', 'targets', 'v'].sort()

/** What of an event is in its leaf. */
type LoggedEvent = Omit<AuditEvent, 'index' | 'withheld'>

/**
 * The leaf of an event and what opens it, one value and salt for each committed field.
 * Throws `entry_too_large` above 65,535 bytes, `json_unsupported` for values JSON cannot carry.
 */
export function eventToLeaf(
  hasher: Hasher,
  event: LoggedEvent,
  { tenant }: { readonly tenant: string },
  randomBytes: RandomBytes,
): SealedLeaf {
  const committed = { names: COMMITTED_FIELDS, values: committedValues(event) }
  return buildLeaf(hasher, committed, randomBytes, c => writeLeaf(event, tenant, c))
}

/** The open fields of an event leaf. Throws `leaf_malformed` for any other set of fields, `json_not_canonical`. */
export function parseEventLeaf(given: Uint8Array | string): EventLeaf {
  const leaf = parseLeaf(given)
  // Canonical JSON is sorted, so that one comparison settles both which names there are and which are missing.
  if (!hasNames(leaf, LEAF_FIELDS)) throw malformed('its fields are not those of an event')
  if (!hasNames(leaf.c, COMMITTED_FIELDS)) throw malformed('its commitments are not those of an event')
  for (const field of TEXTS) text(leaf[field], field)
  for (const field of TEXTS_OR_NULL) textOrNull(leaf[field], field)
  named(leaf.actor, 'actor')
  for (const target of list(leaf.targets, 'targets')) named(target, 'targets')
  return leaf as unknown as EventLeaf
}

/**
 * The event of a leaf at `index`, with the fields that `disclosures` open; every other committed field is null or
 * empty and listed in `withheld`. Throws as `parseEventLeaf` and `openDisclosures`, and `leaf_malformed` when a
 * disclosed value has the wrong shape.
 */
export function leafToEvent(
  hasher: Hasher,
  given: Uint8Array | string,
  disclosures: readonly Disclosure[],
  index: number,
): AuditEvent {
  const leaf = parseEventLeaf(given)
  const { values, withheld } = openDisclosures(hasher, leaf, disclosures)
  return assembleEvent(leaf, values, withheld, index)
}

/**
 * The event of a leaf's open fields and the disclosed values by name. Checks no commitment: only for a store reading
 * back what it was given. Throws `leaf_malformed` when a value has the wrong shape.
 */
export function assembleEvent(
  leaf: Omit<EventLeaf, 'c'>,
  values: ReadonlyMap<string, Json>,
  withheld: string[],
  index: number,
): AuditEvent {
  const value = (field: CommittedField): Json => values.get(field) ?? null
  return {
    id: leaf.id,
    source: leaf.source,
    index,
    occurredAt: leaf.ts,
    receivedAt: leaf.rx,
    action: leaf.action,
    area: leaf.area,
    actor: {
      type: leaf.actor.type as AuditEvent['actor']['type'],
      id: leaf.actor.id,
      name: textOrNull(value('actor.name'), 'actor.name'),
      email: textOrNull(value('actor.email'), 'actor.email'),
      onBehalfOf: onBehalfOf(leaf.obo, value('actor.onBehalfOf')),
    },
    targets: targets(leaf, value('targets.names')),
    outcome: leaf.outcome as AuditEvent['outcome'],
    changes: changes(value('changes') ?? []),
    context: {
      ip: textOrNull(value('context.ip'), 'context.ip'),
      userAgent: textOrNull(value('context.userAgent'), 'context.userAgent'),
      channel: leaf.channel as AuditEvent['context']['channel'],
      requestId: leaf.req,
      sessionId: leaf.ses,
      location: textOrNull(value('context.location'), 'context.location'),
    },
    metadata: object(value('metadata') ?? {}, 'metadata'),
    withheld,
  }
}

/** The disclosures of an event that were kept as its values here and their salts by name: undoes `leafToEvent`. */
export function disclosuresOf(event: AuditEvent, salts: Readonly<Record<string, string>>): Disclosure[] {
  const values = committedValues(event)
  return Object.entries(salts).map(([name, salt]) => {
    return { name, salt, value: values[COMMITTED_FIELDS.indexOf(name as CommittedField)] ?? null }
  })
}

/** As canonical JSON has it, `c` given: written in one piece, since an object would first have to be made and sorted. */
function writeLeaf(event: LoggedEvent, tenant: string, c: string): string {
  const { actor, context } = event
  const json = canonicalJson
  const named = ({ id, type }: { id: string; type: string }) => `{"id":${json(id)},"type":${json(type)}}`
  return (
    `{"action":${json(event.action)},"actor":${named(actor)},"area":${json(event.area)},"c":${c},` +
    `"channel":${json(context.channel)},"id":${json(event.id)},"obo":${json(actor.onBehalfOf?.id ?? null)},` +
    `"outcome":${json(event.outcome)},"req":${json(context.requestId)},"rx":${json(event.receivedAt)},` +
    `"ses":${json(context.sessionId)},"source":${json(event.source)},` +
    `"targets":[${event.targets.map(named).join(',')}],"tenant":${json(tenant)},"ts":${json(event.occurredAt)},"v":1}`
  )
}

/** In the order of `COMMITTED_FIELDS`. */
function committedValues({ actor, context, changes, metadata, targets }: LoggedEvent): Json[] {
  const person = actor.onBehalfOf
  return [
    actor.email,
    actor.name,
    person && { name: person.name, email: person.email },
    changes,
    context.ip,
    context.location,
    context.userAgent,
    metadata,
    targets.map(target => target.name),
  ]
}

function onBehalfOf(id: string | null, value: Json): AuditEvent['actor']['onBehalfOf'] {
  if (id === null) {
    if (value !== null) throw malformed('actor.onBehalfOf names someone without an id')
    return null
  }
  const person = object(value ?? {}, 'actor.onBehalfOf')
  const [name, email] = [person.name ?? null, person.email ?? null]
  return { id, name: textOrNull(name, 'actor.onBehalfOf'), email: textOrNull(email, 'actor.onBehalfOf') }
}

function targets(leaf: Pick<EventLeaf, 'targets'>, names: Json): AuditEvent['targets'] {
  if (names === null) return leaf.targets.map(({ type, id }) => ({ type, id, name: null }))
  const given = list(names, 'targets.names')
  if (given.length !== leaf.targets.length) throw malformed('targets.names is not as long as targets')
  return leaf.targets.map(({ type, id }, i) => ({ type, id, name: textOrNull(given[i], 'targets.names') }))
}

function changes(value: Json): AuditEvent['changes'] {
  return list(value, 'changes').map(item => {
    const { field, before, after } = object(item, 'changes')
    if (before === undefined || after === undefined) throw malformed('changes lacks before or after')
    return { field: text(field, 'changes'), before, after }
  })
}

/** Exactly these, in this order. */
function hasNames(value: object, names: readonly string[]): boolean {
  const found = Object.keys(value)
  return found.length === names.length && names.every((name, i) => found[i] === name)
}

function named(value: Json | undefined, field: string): void {
  const fields = object(value, field)
  text(fields.id, field)
  text(fields.type, field)
  if (Object.keys(fields).length > 2) throw malformed(`${field} has more than id and type`)
}

function text(value: Json | undefined, field: string): string {
  if (typeof value !== 'string') throw malformed(`${field} is not text`)
  return value
}

function textOrNull(value: Json | undefined, field: string): string | null {
  return value === null ? null : text(value, field)
}

function list(value: Json | undefined, field: string): Json[] {
  if (!Array.isArray(value)) throw malformed(`${field} is not a list`)
  return value
}

function object(value: Json | undefined, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${field} is not an object`)
  }
  return value
}

function malformed(what: string): LogError {
  return new LogError('leaf_malformed', `not the leaf of an event: ${what}`)
}
