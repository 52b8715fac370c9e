/** What may be written where the caret stands: keys first, then values of the log with their counts. */
import type { FacetField } from '../../shared/api.ts'
import { facetFields } from '../../shared/api.ts'
import type { Filter } from '../../shared/filter.ts'
import type { CaretPlace } from '../../shared/query/caret.ts'
import { formatTerm } from '../../shared/query/format.ts'
import { writeValue } from '../../shared/query/read.ts'
import {
  type DateKey,
  type KeyedPart,
  keyOfPart,
  type QueryBook,
  queryKeys,
} from '../../shared/query/vocabulary.ts'
import type { LogClient } from '../worker/log-client.ts'

/** `insert` takes the place `start` to `end`. A `whole` one is a term that is complete with it. */
export type Suggestion = { start: number; end: number; insert: string; whole: boolean } & (
  | { kind: 'key'; key: string }
  | { kind: 'value'; part: KeyedPart; value: string; label: string; count: number }
  | { kind: 'date'; date: DateKey; text: string }
)

export interface SuggestionContext {
  log: LogClient
  book: QueryBook
  zone: string
  /** What holds apart from the term at the caret: counts are of this. */
  view: { filter: Filter; size: number }
  /** Parts that this person cannot filter by. */
  hidden: ReadonlySet<KeyedPart>
}

const valuesOffered = 8
const valuesOfWord = 3
/** A word says too little before it has so many letters. */
const shortestWord = 2
const wordFields = ['actor', 'target', 'action', 'area'] as const satisfies readonly FacetField[]

/** Those that need nothing to be asked. */
export function suggestKeys(place: CaretPlace, { hidden }: Pick<SuggestionContext, 'hidden'>): Suggestion[] {
  if (place.kind !== 'word') return []
  const typed = place.typed.toLowerCase()
  const hiddenKeys = [...hidden].map(part => keyOfPart[part])
  const { start, end } = place
  return queryKeys
    .filter(key => key.startsWith(typed) && !hiddenKeys.includes(key))
    .map(key => ({ kind: 'key', key, start, end, insert: `${key}:`, whole: false }))
}

/** @throws {FailureError} */
export async function suggestValues(place: CaretPlace, context: SuggestionContext): Promise<Suggestion[]> {
  if (place.kind === 'date') return suggestDates(place)
  if (place.kind === 'value') return await suggestOfPart(place, context)
  return place.typed.length < shortestWord ? [] : await suggestOfWord(place, context)
}

const dateWords: Record<DateKey, readonly string[]> = {
  after: ['today', 'yesterday'],
  before: ['today', 'yesterday'],
  on: ['today', 'yesterday'],
  last: ['7d', '30d', '90d'],
}

function suggestDates(place: CaretPlace & { kind: 'date' }): Suggestion[] {
  const { start, end, date } = place
  return dateWords[date]
    .filter(text => text.startsWith(place.typed.toLowerCase()))
    .map(text => ({ kind: 'date', date, text, start, end, insert: text, whole: true }))
}

async function suggestOfPart(
  place: CaretPlace & { kind: 'value' },
  { log, view, book, zone }: SuggestionContext,
): Promise<Suggestion[]> {
  const { part, start, end, term } = place
  const field = facetFields.find(known => known === part)
  if (!field) return []
  const request = { fields: [field], limit: valuesOffered, ...(place.typed && { search: place.typed }) }
  const { facets } = await log.call('facets', view, request)
  const isAlone = (term?.values.length ?? 0) <= 1 && term?.unclosed !== 'list'
  const chosen = new Set([...(view.filter[part]?.include ?? []), ...(view.filter[part]?.exclude ?? [])])
  const key = keyOfPart[part]
  return (facets[field]?.values ?? [])
    .filter(({ value, count }) => count > 0 && !chosen.has(value))
    .map(({ value, label, count }) => {
      const written = formatTerm(part, value, false, { zone, book }).slice(key.length + 1)
      return {
        kind: 'value',
        part,
        value,
        label,
        count,
        start,
        end,
        insert: written || writeValue(value),
        whole: isAlone,
      }
    })
}

async function suggestOfWord(
  place: CaretPlace,
  { log, view, book, zone }: SuggestionContext,
): Promise<Suggestion[]> {
  const { start, end, negated } = place
  const request = { fields: [...wordFields], limit: valuesOfWord, search: place.typed }
  const { facets } = await log.call('facets', view, request)
  return wordFields.flatMap(part => {
    const { include = [], exclude = [] } = view.filter[part] ?? {}
    const chosen = new Set([...include, ...exclude])
    return (facets[part]?.values ?? [])
      .filter(({ value, count }) => count > 0 && !chosen.has(value))
      .slice(0, valuesOfWord)
      .map(({ value, label, count }): Suggestion => {
        const insert = formatTerm(part, value, negated, { zone, book })
        return {
          kind: 'value',
          part,
          value,
          label,
          count,
          start: start - (negated ? 1 : 0),
          end,
          insert,
          whole: true,
        }
      })
  })
}
