/**
 * Names for the ids in the platform's entries. An entry takes the name that is known when it is made, and says when it was
 * looked up. A name that is learnt later never changes an entry: an entry of its own, `name.resolved`, tells it.
 */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { formatMoment } from '../../shared/time.ts'
import { feedEvent } from './feed-events.ts'
import type { FeedJournal } from './feed-journal.ts'
import { type KnownName, type NamedKind, readNames } from './name-list.ts'
import type { FeedDatabase } from './tables.ts'
import { FeedError } from './trouble.ts'

export interface NamerParts {
  sourceId: string
  eventSource: string
  /** Null where the platform's list is not to be asked. */
  paths: Record<NamedKind, string | null>
  /** @throws {FeedError} */
  ask: (path: string) => Promise<JsonObject>
  db: FeedDatabase
  journal: FeedJournal
  /** Milliseconds since 1970. */
  clock: () => number
}

type Named = { kind: NamedKind; id: string }

/** An unknown id is reason to read the list again, but not more often than this; names change, so it is read anyway. */
const soonestMs = 5 * 60_000
const latestMs = 60 * 60_000

export class Namer {
  readonly #parts: NamerParts

  constructor(parts: NamerParts) {
    this.#parts = parts
  }

  /** The same events, with names where they have none and one is known. Never fails for want of names. */
  async name(events: NewEventInput[]): Promise<NewEventInput[]> {
    const wanted = uniqueOf(events.flatMap(namelessIn))
    if (wanted.length === 0) return events
    for (const kind of ['user', 'target'] as const) await this.#refresh(kind, wanted)
    const known = await this.#known(wanted)
    await this.#owe(wanted.filter(each => !known.has(keyOf(each))))
    return events.map(event => this.#fillIn(event, known))
  }

  async #refresh(kind: NamedKind, wanted: readonly Named[]): Promise<void> {
    const { paths, db, sourceId, clock } = this.#parts
    const path = paths[kind]
    const ofKind = wanted.filter(each => each.kind === kind)
    if (path === null || ofKind.length === 0) return
    const last = await db
      .selectFrom('nameList')
      .select('readAt')
      .where('sourceId', '=', sourceId)
      .where('kind', '=', kind)
      .executeTakeFirst()
    const age = clock() - (last?.readAt ?? Number.NEGATIVE_INFINITY)
    const isKnown = (await this.#known(ofKind)).size === ofKind.length
    if (age >= (isKnown ? latestMs : soonestMs)) await this.#read(kind, path)
  }

  async #read(kind: NamedKind, path: string): Promise<void> {
    try {
      await this.#learn(kind, await readNames(kind, path, this.#parts.ask))
      await this.#note(kind, null)
    } catch (error) {
      if (!(error instanceof FeedError)) throw error
      await this.#note(kind, { code: error.code, detail: `${path}: ${error.detail}` })
    }
  }

  /** New names, and the entries that tell those which earlier entries lack: both or neither. */
  async #learn(kind: NamedKind, names: ReadonlyMap<string, KnownName>): Promise<void> {
    const { db, sourceId, eventSource, journal, clock } = this.#parts
    const seenAt = clock()
    await db.transaction().execute(async trx => {
      const owed = await trx
        .selectFrom('name')
        .select('id')
        .where('sourceId', '=', sourceId)
        .where('kind', '=', kind)
        .where('owed', '=', 1)
        .execute()
      for (const { id, name, email } of names.values()) {
        const row = { name, email, seenAt, owed: 0 }
        await trx
          .insertInto('name')
          .values({ sourceId, kind, id, ...row })
          .onConflict(conflict => conflict.columns(['sourceId', 'kind', 'id']).doUpdateSet(row))
          .execute()
      }
      const told = owed.flatMap(({ id }) => {
        const name = names.get(id)?.name ?? names.get(id)?.email
        return name
          ? [feedEvent('name.resolved', [{ type: kind, id, name }], seenAt, { source: eventSource })]
          : []
      })
      await journal.keep(trx, told)
    })
    await journal.deliver()
  }

  async #note(kind: NamedKind, trouble: { code: string; detail: string } | null): Promise<void> {
    const { db, sourceId, clock } = this.#parts
    const row = { readAt: clock(), trouble: trouble && JSON.stringify(trouble) }
    await db
      .insertInto('nameList')
      .values({ sourceId, kind, ...row })
      .onConflict(conflict => conflict.columns(['sourceId', 'kind']).doUpdateSet(row))
      .execute()
  }

  async #known(wanted: readonly Named[]): Promise<Map<string, KnownName>> {
    const { db, sourceId } = this.#parts
    if (wanted.length === 0) return new Map()
    const rows = await db
      .selectFrom('name')
      .select(['kind', 'id', 'name', 'email'])
      .where('sourceId', '=', sourceId)
      .where(
        'id',
        'in',
        wanted.map(({ id }) => id),
      )
      .where(({ or, eb }) => or([eb('name', 'is not', null), eb('email', 'is not', null)]))
      .execute()
    return new Map(rows.map(row => [keyOf(row as Named), row]))
  }

  async #owe(unknown: readonly Named[]): Promise<void> {
    const { db, sourceId, clock } = this.#parts
    if (unknown.length === 0) return
    const rows = unknown.map(each => ({
      sourceId,
      ...each,
      name: null,
      email: null,
      seenAt: clock(),
      owed: 1,
    }))
    await db
      .insertInto('name')
      .values(rows)
      .onConflict(conflict => conflict.columns(['sourceId', 'kind', 'id']).doNothing())
      .execute()
  }

  #fillIn(event: NewEventInput, known: ReadonlyMap<string, KnownName>): NewEventInput {
    if (!namelessIn(event).some(each => known.has(keyOf(each)))) return event
    const { actor, targets = [] } = event
    const person = isNameless(actor) ? known.get(keyOf({ kind: 'user', id: actor.id })) : undefined
    return {
      ...event,
      actor: person ? { ...actor, name: person.name, email: person.email } : actor,
      targets: targets.map(target => {
        const name = target.name ?? known.get(keyOf({ kind: kindOf(target), id: target.id }))?.name
        return name === undefined ? target : { ...target, name }
      }),
      // Said, since the platform's own entry held no name and people are renamed.
      metadata: { ...event.metadata, namesLookedUpAt: formatMoment(this.#parts.clock()) },
    }
  }
}

type Actor = NewEventInput['actor']

function isNameless(actor: Actor): actor is Actor & { id: string } {
  return actor.type === 'user' && actor.id !== undefined && !actor.name && !actor.email
}

function namelessIn({ actor, targets = [] }: NewEventInput): Named[] {
  const people: Named[] = isNameless(actor) ? [{ kind: 'user', id: actor.id }] : []
  const things = targets.filter(
    target => !target.name && (target.type === 'target' || target.type === 'user'),
  )
  return [...people, ...things.map(target => ({ kind: kindOf(target), id: target.id }))]
}

function kindOf({ type }: { type: string }): NamedKind {
  return type === 'user' ? 'user' : 'target'
}

function keyOf({ kind, id }: Named): string {
  return `${kind}:${id}`
}

function uniqueOf(all: readonly Named[]): Named[] {
  return [...new Map(all.map(each => [keyOf(each), each])).values()]
}
