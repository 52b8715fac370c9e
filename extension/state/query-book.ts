/**
 * What the log's people, targets, actions, areas and changed fields are called, for reading and writing queries. All
 * names are asked for at once; of a field with more than that, each name is asked for by itself.
 */
import { computed, signal } from '@preact/signals'
import type { FacetField } from '../../shared/api.ts'
import { allActions, areaLabel, catalogue } from '../../shared/catalogue.ts'
import { type KnownName, namesMeant } from '../../shared/query/names.ts'
import {
  catalogueValue,
  type NamedPart,
  type QueryBook,
  type Resolution,
} from '../../shared/query/vocabulary.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { NameBook } from './name-book.ts'

const fields = ['action', 'area', 'actor', 'target', 'changed'] as const satisfies readonly FacetField[]
const namesAsked = 1_000
const mostMeant = 50

interface Known {
  /** By part: all its names, or as many as were asked for. */
  names: Record<NamedPart, readonly KnownName[]>
  /** Parts with more names than were asked for. */
  partial: ReadonlySet<NamedPart>
}

export type LogBook = ReturnType<typeof createLogBook>

export function createLogBook(log: LogClient, names: NameBook) {
  const known = signal<Known | null>(null)
  /** By part and text: what was found of a part whose names are not all here. */
  const found = signal<ReadonlyMap<string, readonly KnownName[] | 'many'>>(new Map())
  const failed = signal(false)
  let sizeAsked = -1
  let learning = Promise.resolve()
  const keyOf = (part: NamedPart, text: string) => `${part} ${text}`

  /** Asks for all names, once at each size of the log. */
  function learn(size: number): Promise<void> {
    if (size !== sizeAsked) learning = ask(size)
    return learning
  }

  async function ask(size: number): Promise<void> {
    sizeAsked = size
    try {
      const { facets } = await log.call(
        'facets',
        { filter: {}, size },
        { fields: [...fields], limit: namesAsked },
      )
      if (size !== sizeAsked) return
      const all = {} as Record<NamedPart, readonly KnownName[]>
      for (const field of fields) {
        all[field] = facets[field]?.values ?? []
        names.learn(field, facets[field]?.values ?? [])
      }
      found.value = new Map()
      known.value = { names: all, partial: new Set(fields.filter(field => (facets[field]?.more ?? 0) > 0)) }
      failed.value = false
    } catch {
      // Names are then taken as they are written, which finds those that are ids.
      sizeAsked = -1
      failed.value = true
    }
  }

  /** Asks for the name where not all names are here. */
  async function lookUp(part: NamedPart, text: string, size: number): Promise<void> {
    const key = keyOf(part, text)
    if (!known.peek()?.partial.has(part) || found.peek().has(key)) return
    try {
      const request = { fields: [part], limit: namesAsked, search: text }
      const { facets } = await log.call('facets', { filter: {}, size }, request)
      const { values = [], more = 0 } = facets[part] ?? {}
      names.learn(part, values)
      found.value = new Map([...found.peek(), [key, more > 0 ? 'many' : values]])
    } catch {
      failed.value = true
    }
  }

  const book = computed<QueryBook>(() => bookOf(known.value, found.value, failed.value, names))

  return {
    book,
    learn,
    lookUp,
    forget(): void {
      sizeAsked = -1
      known.value = null
      found.value = new Map()
      failed.value = false
    },
  }
}

function bookOf(
  known: Known | null,
  found: ReadonlyMap<string, readonly KnownName[] | 'many'>,
  failed: boolean,
  names: NameBook,
): QueryBook {
  const answers = new Map<string, Resolution>()

  function answer(part: NamedPart, text: string): Resolution {
    const own = catalogueValue(part, text)
    if (own !== null) return { state: 'known', values: [own] }
    if (!known) return failed ? { state: 'known', values: [text] } : { state: 'pending' }
    const asked = known.partial.has(part) ? found.get(`${part} ${text}`) : known.names[part]
    if (asked === undefined) return failed ? { state: 'known', values: [text] } : { state: 'pending' }
    if (asked === 'many') return { state: 'many' }
    const values = isPerson(part) ? namesMeant(text, asked) : sameName(text, asked)
    if (values.length === 0) return { state: 'unknown' }
    return values.length > mostMeant ? { state: 'many' } : { state: 'known', values }
  }

  return {
    resolve(part, text) {
      const key = `${part} ${text}`
      const before = answers.get(key)
      if (before) return before
      const now = answer(part, text)
      answers.set(key, now)
      return now
    },
    labelOf: (part, value) => names.labelOf(part, value),
    words(part) {
      const all = known?.names[part] ?? []
      if (part === 'action')
        return [...allActions.map(([action]) => action), ...all.map(({ value }) => value)]
      if (part === 'area')
        return [...catalogue.map(({ id }) => id), ...catalogue.map(({ id }) => areaLabel(id))]
      return all.flatMap(({ value, label, email }) => [label, email ?? value])
    },
  }
}

/** Of these one types a part of the name. */
const isPerson = (part: NamedPart) => part === 'actor' || part === 'target'

function sameName(text: string, names: readonly KnownName[]): string[] {
  const same = names.find(({ value }) => value === text)
  if (same) return [same.value]
  const typed = text.toLowerCase()
  return names
    .filter(({ value, label }) => [value, label].some(name => name.toLowerCase() === typed))
    .map(({ value }) => value)
}
