/** The gate: whatever a sender writes either becomes a complete event or is refused with the reason and the place. */
import { createHmac } from 'node:crypto'
import { maxEventCharacters, NewEvent } from '../../shared/audit-event.ts'
import { areaOf } from '../../shared/catalogue.ts'
import { foldText } from '../../shared/search-text.ts'
import { issueWords } from './issue-words.ts'
import { jsonProblem } from './json-problem.ts'

/** An event with everything filled in that the log and the index rely on. */
export type NormalisedEvent = NewEvent & { area: string; actor: NewEvent['actor'] & { id: string } }

export type Normalised = { ok: true; event: NormalisedEvent } | { ok: false; reason: string; path: string }

/** Checks and completes one event; never throws. */
export type Normalise = (input: unknown) => Normalised

/**
 * The gate of one workspace. `pseudonymKey` (any 32 bytes of its own, kept secret and for ever) turns an address or
 * name into the same id every time, and nobody without it can tell which.
 */
export function createNormalise(pseudonymKey: Uint8Array): Normalise {
  return input => normalise(input, pseudonymKey)
}

function normalise(input: unknown, pseudonymKey: Uint8Array): Normalised {
  if (input === null || typeof input !== 'object' || Array.isArray(input))
    return refusal('is not an object', '')
  const problem = jsonProblem(input, maxEventCharacters)
  if (problem) return refusal(problem.reason, problem.path)
  const parsed = NewEvent.safeParse(keepUnknown(input as Record<string, unknown>))
  if (!parsed.success) {
    const { reason, path } = issueWords(parsed.error.issues[0]!, input)
    return refusal(reason, path)
  }
  const event = parsed.data
  const actorId = event.actor.id ?? pseudonymOf(event.actor, pseudonymKey)
  if (actorId === null) return refusal('has neither id, e-mail nor name', 'actor')
  const complete: NormalisedEvent = {
    ...event,
    area: event.area ?? areaOf(event.action),
    actor: { ...event.actor, id: actorId },
    targets: event.targets.map(target => withoutAddressAsId(target, pseudonymKey)),
  }
  return { ok: true, event: complete }
}

function refusal(reason: string, path: string): Normalised {
  return { ok: false, reason, path }
}

const eventFields: ReadonlySet<string> = new Set(Object.keys(NewEvent.shape))
/** What the log itself adds to an event: exported events bring it back, and the log says it anew. */
const logFields: ReadonlySet<string> = new Set(['index', 'receivedAt', 'withheld', 'erased'])

/** Fields that events do not have go into the metadata: a sender's own word is never dropped in silence. */
function keepUnknown(input: Record<string, unknown>): Record<string, unknown> {
  const unknown = Object.keys(input).filter(name => !eventFields.has(name) && !logFields.has(name))
  const { metadata } = input
  if (unknown.length === 0 || (metadata !== undefined && !isPlainObject(metadata))) return input
  const extras = Object.fromEntries(unknown.map(name => [name, input[name]]))
  return { ...input, metadata: { ...extras, ...(metadata as object | undefined) } }
}

function isPlainObject(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

type Nameable = { name: string | null; email: string | null }

function pseudonymOf({ name, email }: Nameable, key: Uint8Array): string | null {
  const known = [email, name].find(text => text !== null && text.trim() !== '')
  return known ? pseudonym(known, key) : null
}

/** The same for every spelling of an address or name: case, accents and outer spaces make no difference. */
export function pseudonym(text: string, key: Uint8Array): string {
  const digest = createHmac('sha256', key).update(foldText(text.trim())).digest('hex')
  return `pseudonym-${digest.slice(0, 32)}`
}

/** Ids stay in the log for ever: an address given as one, and nothing beside it, becomes the name instead. */
function withoutAddressAsId(
  target: NewEvent['targets'][number],
  key: Uint8Array,
): NewEvent['targets'][number] {
  if (target.name !== null || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(target.id)) return target
  return { ...target, id: pseudonym(target.id, key), name: target.id }
}
