/**
 * Facet tuples: each distinct (action, area, actor, channel, outcome) that occurs is one small integer,
 * so that a filter on these fields is settled once per tuple and not once per event.
 * The actor's part is the actor as that event names it: the same id under two names makes two tuples.
 */
import { type Actor, type AuditEvent, actorLabel } from '../audit-event.ts'
import { actionWords, areaWords, foldPhrase } from '../search-text.ts'
import { Dictionary } from './dictionary.ts'
import { GrowingCodes } from './growing-codes.ts'
import { columnOf, type KeptIndex, type VocabularyColumns } from './index-image.ts'
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
  readonly fields: Record<TupleField, { values: Dictionary; codes: GrowingCodes }>
  /** By code of an actor id: the name its latest event has. */
  readonly actorLabels: LatestLabels
  /** By code of an actor id: the e-mail its latest event has, empty where it has none. */
  readonly actorEmails: LatestLabels
  readonly #actorNames: Dictionary
  readonly #actors: NamedActor[] = []
  readonly #actorOfTuple: GrowingCodes
  readonly #namedActors = new Map<string, number>()
  readonly #deeds = new Map<string, number>()
  readonly #tuples = new Map<number, number>()

  constructor({ texts, numbers }: Pick<KeptIndex, 'texts' | 'numbers'> = emptyTuples) {
    const codes = (name: string) => new GrowingCodes(columnOf(numbers, name))
    const field = (name: TupleField) => ({
      values: new Dictionary(columnOf(texts, name)),
      codes: codes(name),
    })
    this.fields = {
      ...{ action: field('action'), area: field('area'), actor: field('actor') },
      ...{ channel: field('channel'), outcome: field('outcome') },
    }
    this.#actorNames = new Dictionary(columnOf(texts, 'actor names'))
    this.actorLabels = new LatestLabels(this.#actorNames, codes('actor labels'), codes('actor label indexes'))
    this.actorEmails = new LatestLabels(
      this.#actorNames,
      codes('actor e-mails'),
      codes('actor e-mail indexes'),
    )
    this.#actorOfTuple = codes('actors')
    // One that is gone still takes its number.
    for (const [code, text] of columnOf(texts, 'actors').entries()) {
      if (text === null) this.#addActor(goneActor, `gone ${code}`)
      else this.#addActor(JSON.parse(text) as Actor, null)
    }
    for (let tuple = 0; tuple < this.size; tuple++) this.#tuples.set(this.#keyOf(tuple), tuple)
  }

  /** `isUsed`: by tuple, whether its actor's names are to stay. */
  columns(isUsed?: (tuple: number) => boolean): VocabularyColumns {
    const used = isUsed && this.#usedActors(isUsed)
    const texts: VocabularyColumns['texts'] = {
      'actor names': this.#actorNames.column(used ? name => used.names[name] === 1 : undefined),
      actors: {
        size: this.#actors.length,
        at: actor => (!used || used.actors[actor] === 1 ? this.#actorText(actor) : null),
      },
    }
    const numbers: VocabularyColumns['numbers'] = {
      actors: this.#actorOfTuple.column,
      'actor labels': this.actorLabels.labels.column,
      'actor label indexes': this.actorLabels.indexes.column,
      'actor e-mails': this.actorEmails.labels.column,
      'actor e-mail indexes': this.actorEmails.indexes.column,
    }
    for (const name of tupleFields) {
      texts[name] = this.fields[name].values.column()
      numbers[name] = this.fields[name].codes.column
    }
    return { texts, numbers }
  }

  #usedActors(isUsed: (tuple: number) => boolean) {
    const actors = new Uint8Array(this.#actors.length)
    for (let tuple = 0; tuple < this.size; tuple++)
      if (isUsed(tuple)) actors[this.#actorOfTuple.array[tuple]!] = 1
    const names = new Uint8Array(this.#actorNames.size)
    for (const name of [...this.actorLabels.labels.column, ...this.actorEmails.labels.column]) names[name] = 1
    return { actors, names }
  }

  #actorText(actor: number): string {
    const { type, id, name, email } = this.#actors[actor]!
    return JSON.stringify({ type, id, name, email })
  }

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
    const key = actor * 2 ** 26 + this.#deedOf(action, area, channel, outcome)
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

  /** Names an actor as a tuple does that was seen at the index, now that what named them later is gone. */
  relabel(actorId: number, latest: { tuple: number; index: number } | null): void {
    const actor = latest && this.actorOf(latest.tuple)
    const [label, email] = actor
      ? [actor.label, actor.email ?? ''].map(name => this.#actorNames.code(name))
      : [0, 0]
    this.actorLabels.reset(actorId, label!, latest?.index ?? 0)
    this.actorEmails.reset(actorId, email!, latest?.index ?? 0)
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

  #deedOf(...codes: number[]): number {
    return numbered(this.#deeds, codes.join())
  }

  #keyOf(tuple: number): number {
    const { action, area, channel, outcome } = this.fields
    const codes = [action, area, channel, outcome].map(field => field.codes.array[tuple]!)
    return this.#actorOfTuple.array[tuple]! * 2 ** 26 + this.#deedOf(...codes)
  }

  #actorCode(actor: Actor): number {
    return this.#namedActors.get(keyOfActor(actor)) ?? this.#addActor(actor, null)
  }

  #addActor(actor: Pick<Actor, 'type' | 'id' | 'name' | 'email'>, key: string | null): number {
    const { type, id, name, email } = actor
    this.#namedActors.set(key ?? keyOfActor(actor), this.#actors.length)
    return this.#actors.push({ type, id, name, email, label: actorLabel(actor) }) - 1
  }
}

/** With lengths, no two actors share a key whatever their names hold. */
function keyOfActor({ type, id, name, email }: Pick<Actor, 'type' | 'id' | 'name' | 'email'>): string {
  return `${type}|${id.length}|${id}|${name === null ? '' : `${name.length}|`}${name}|${email === null}|${email}`
}

const goneActor = { type: 'system', id: '', name: null, email: null } as const
const emptyTexts = Object.fromEntries([...tupleFields, 'actor names', 'actors'].map(name => [name, []]))
const labelColumns = ['actor labels', 'actor label indexes', 'actor e-mails', 'actor e-mail indexes']
const emptyNumbers = Object.fromEntries(
  [...tupleFields, 'actors', ...labelColumns].map(name => [name, new Uint32Array(0)]),
)
const emptyTuples = { texts: emptyTexts, numbers: emptyNumbers }

/** By code: whether any of the value's words holds the phrase. */
function holding(values: Dictionary, phrase: string, wordsOf: (value: string) => string[]): boolean[] {
  return Array.from(
    { length: values.size },
    (_, code) => code > 0 && wordsOf(values.text(code)).some(word => word.includes(phrase)),
  )
}

function numbered(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}
