/** The audit event: one schema for intake, store, wire, index, panel and export. */
import * as z from 'zod/mini'
import { Json, JsonObject } from './json.ts'
import { parseMoment } from './time.ts'

/** Largest intake event, as characters of its JSON. Open fields have tighter limits: they live in the log for ever. */
export const maxEventCharacters = 2_000_000
export const maxTargets = 64

/** The source under which the server's own doings stand in the log; nobody else's events may have it. */
export const ownSource = 'trailside'

export const wellFormed = z.refine<string>(
  text => !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text),
  'holds half a surrogate pair, which is no Unicode text',
)
const identifier = z.string().check(z.minLength(1), z.maxLength(256), wellFormed)
const name = z.nullable(z.string().check(wellFormed))
const key = z.string().check(z.minLength(1), z.maxLength(128), wellFormed)

export const ActorType = z.enum(['user', 'api_key', 'service', 'system'])
export type ActorType = z.infer<typeof ActorType>
export const Outcome = z.enum(['success', 'failure', 'denied'])
export type Outcome = z.infer<typeof Outcome>
export const Channel = z.enum(['web', 'api', 'background'])
export type Channel = z.infer<typeof Channel>

/** A moment: RFC 3339 with any offset comes in, UTC with milliseconds goes on. */
export const Moment = z.pipe(
  z.string(),
  z.transform((text, context) => {
    const moment = parseMoment(text)
    if (moment !== null) return moment
    context.issues.push({ code: 'custom', message: 'is not a time with an offset (RFC 3339)', input: text })
    return z.NEVER
  }),
)

/** Someone an actor acted for or as: the real person behind an impersonation. */
export const Person = z.object({ id: identifier, name, email: name })
export type Person = z.infer<typeof Person>

export const Actor = z.object({
  type: ActorType,
  /** Stable, and a pseudonym: it stays in the log when the names are erased. */
  id: identifier,
  name,
  email: name,
  onBehalfOf: z.nullable(Person),
})
export type Actor = z.infer<typeof Actor>

export const Target = z.object({ type: key, id: identifier, name })
export type Target = z.infer<typeof Target>

export const Change = z.object({ field: z.string().check(wellFormed), before: Json, after: Json })
export type Change = z.infer<typeof Change>

export const Context = z.object({
  ip: name,
  userAgent: name,
  channel: z.nullable(Channel),
  requestId: z.nullable(identifier),
  sessionId: z.nullable(identifier),
  location: name,
})
export type Context = z.infer<typeof Context>

/** An event as it stands in the log. `source` and `id` together name it once; `index` is its place. */
export const AuditEvent = z.object({
  id: identifier,
  source: key,
  index: z.int().check(z.nonnegative()),
  occurredAt: z.string(),
  receivedAt: z.string(),
  action: key,
  area: key,
  actor: Actor,
  targets: z.array(Target),
  outcome: Outcome,
  changes: z.array(Change),
  context: Context,
  metadata: JsonObject,
  /** Names of committed fields that this reader was not given (`actor.email`, `changes`, …). */
  withheld: z.array(z.string()),
  /** Those of `withheld` that nobody is given any more: their values were erased, and an event of the log says so. */
  erased: z.optional(z.array(z.string())),
})
export type AuditEvent = z.infer<typeof AuditEvent>

/** What a sender must say, and what is filled in where they leave it out. */
export const NewEvent = z.object({
  id: identifier,
  source: z._default(key, 'api'),
  occurredAt: Moment,
  action: key,
  /** Taken from the catalogue, else from the action's first word, where absent. */
  area: z.optional(key),
  actor: z.object({
    type: z._default(ActorType, 'user'),
    /** A pseudonym is made from the e-mail or name where absent. */
    id: z.optional(identifier),
    name: z._default(name, null),
    email: z._default(name, null),
    onBehalfOf: z._default(
      z.nullable(z.object({ id: identifier, name: z._default(name, null), email: z._default(name, null) })),
      null,
    ),
  }),
  targets: z._default(
    z
      .array(z.object({ type: key, id: identifier, name: z._default(name, null) }))
      .check(z.maxLength(maxTargets)),
    [],
  ),
  outcome: z._default(Outcome, 'success'),
  changes: z._default(
    z.array(
      z.object({
        field: z.string().check(wellFormed),
        before: z._default(Json, null),
        after: z._default(Json, null),
      }),
    ),
    [],
  ),
  context: z._default(
    z.object({
      ip: z._default(name, null),
      userAgent: z._default(name, null),
      channel: z._default(z.nullable(Channel), null),
      requestId: z._default(z.nullable(identifier), null),
      sessionId: z._default(z.nullable(identifier), null),
      location: z._default(name, null),
    }),
    { ip: null, userAgent: null, channel: null, requestId: null, sessionId: null, location: null },
  ),
  metadata: z._default(JsonObject, {}),
})
export type NewEvent = z.infer<typeof NewEvent>
/** What a sender may write: everything with a default is optional. */
export type NewEventInput = z.input<typeof NewEvent>

/** How a target is named in filters and facets: type and id together, since ids of two types may be equal. */
export function targetKey(target: { type: string; id: string }): string {
  return `${target.type}:${target.id}`
}

/** The best name of an actor: name, else e-mail, else the id as it is. */
export function actorLabel(actor: Pick<Actor, 'id' | 'name' | 'email'>): string {
  return actor.name ?? actor.email ?? actor.id
}

/** Names of committed fields that hold personal data: withheld from roles without `audit_log.read_personal`. */
export const personalFields = [
  'actor.name',
  'actor.email',
  'actor.onBehalfOf',
  'context.ip',
  'context.userAgent',
  'context.location',
] as const
