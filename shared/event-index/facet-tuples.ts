/**
 * Facet tuples: each distinct (action, area, actor, channel, outcome) that occurs is one small integer,
 * so that a filter on these fields is settled once per tuple and not once per event.
 * The actor's part is the actor as that event names it: the same id under two names makes two tuples.
 */
import { type Actor, type AuditEvent, actorLabel } from '../audit-event.ts'
import { actionWords, areaWords, foldPhrase } from '../search-text.ts'
import { Dictionary } from './dictionary.ts'
import { GrowingCodes } from './growing-codes.ts'
import { LatestLabels } from './latest-labels.ts'

export const tupleFields = ['action', 'area', 'actor', 'channel', 'outcome'] as const
export type TupleField = (typeof tupleFields)[number]

export function isTupleField(field: string): field is TupleField {
  return tupleFields.some(known => known === field)
}

/** An actor as named by some events. */
interface NamedActor extends Pick<Actor, 'type' | 'id' | 'name' | 'email'> {
  label: string
}

export class FacetTuples {
  /** By field: its values, and the code of its value by tuple. */
  readonly fields: Record<TupleField, { values: Dictionary; codes: GrowingCodes }> = {
    action: newField(),
    area: newField(),
    actor: newField(),
    channel: newField(),
    outcome: newField(),
  }
  readonly #actorNames = new Dictionary()
  /** By code of an actor id: the name its latest event has. */
  readonly actorLabels = new LatestLabels(this.#actorNames)
  /** By code of an actor id: the e-mail its latest event has, empty where it has none. */
  readonly actorEmails = new LatestLabels(this.#actorNames)
  readonly #actors: NamedActor[] = []
  readonly #actorOfTuple = new GrowingCodes()
  readonly #namedActors = new Map<string, number>()
  readonly #deeds = new Map<string, number>()
  readonly #tuples = new Map<number, number>()

  get size(): number {
    return this.#actorOfTuple.length
  }

  /** The event's tuple; a new one gets the next number. */
  code(event: AuditEvent): number {
    const { fields } = this
    const actorId = fields.actor.values.code(event.actor.id)
    const actor = this.#actorCode(event.actor)
    this.actorLabels.see(actorId, this.#actorNames.code(this.#actors[actor]!.label), event.index)
    this.actorEmails.see(actorId, this.#actorNames.code(event.actor.email ?? ''), event.index)
    const action = fields.action.values.code(event.action)
    const area = fields.area.values.code(event.area)
    const channel = fields.channel.values.code(event.context.channel)
    const outcome = fields.outcome.values.code(event.outcome)
    const deed = numbered(this.#deeds, `${action},${area},${channel},${outcome}`)
    const key = actor * 2 ** 26 + deed
    const known = this.#tuples.get(key)
    if (known !== undefined) return known
    this.#tuples.set(key, this.size)
    fields.action.codes.push(action)
    fields.area.codes.push(area)
    fields.actor.codes.push(actorId)
    fields.channel.codes.push(channel)
    fields.outcome.codes.push(outcome)
    this.#actorOfTuple.push(actor)
    return this.size - 1
  }

  actorOf(tuple: number): NamedActor {
    return this.#actors[this.#actorOfTuple.array[tuple]!]!
  }

  /** The tuple's value in a field; null where it has none. */
  valueOf(field: TupleField, tuple: number): string | null {
    const { values, codes } = this.fields[field]
    return values.at(codes.array[tuple]!)
  }

  /**
   * Puts 1 for each tuple from `from` on whose words hold the folded phrase: action, area and the actor's id, with
   * `personal` the actor's name and e-mail too.
   */
  markHolding(phrase: string, personal: boolean, held: Uint8Array, from: number): void {
    const { action, area, actor } = this.fields
    const actions = holding(action.values, phrase, actionWords)
    const areas = holding(area.values, phrase, areaWords)
    const ids = holding(actor.values, phrase, id => [foldPhrase(id)])
    const actors = this.#actors.map(
      ({ name, email }) => personal && [name, email].some(text => foldPhrase(text ?? '').includes(phrase)),
    )
    for (let tuple = from; tuple < this.size; tuple++) {
      const open = [actions[action.codes.array[tuple]!], areas[area.codes.array[tuple]!]]
      if (open.some(Boolean) || ids[actor.codes.array[tuple]!] || actors[this.#actorOfTuple.array[tuple]!])
        held[tuple] = 1
    }
  }

  #actorCode(actor: Actor): number {
    // With lengths, no two actors share a key whatever their names hold.
    const { type, id, name, email } = actor
    const key = `${type}|${id.length}|${id}|${name === null ? '' : `${name.length}|`}${name}|${email === null}|${email}`
    const code = numbered(this.#namedActors, key)
    if (code === this.#actors.length) this.#actors.push({ type, id, name, email, label: actorLabel(actor) })
    return code
  }
}

/** By code: whether any of the value's words holds the phrase. */
function holding(values: Dictionary, phrase: string, wordsOf: (value: string) => string[]): boolean[] {
  return Array.from(
    { length: values.size },
    (_, code) => code > 0 && wordsOf(values.text(code)).some(word => word.includes(phrase)),
  )
}

function newField() {
  return { values: new Dictionary(), codes: new GrowingCodes() }
}

function numbered(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}
