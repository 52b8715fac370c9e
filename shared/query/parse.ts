/** From the text of a query to the filter it means. Total: what is wrong comes back as data, with what was meant. */
import { parseAddressRange } from '../address.ts'
import { Channel, Outcome } from '../audit-event.ts'
import { nearest } from '../edit-distance.ts'
import { type Filter, type FilterPart, filterParts, type Values } from '../filter.ts'
import { type DateContext, nearDate, readDate } from './dates.ts'
import { type Place, quoted, readTerms, type Term, writeValue } from './read.ts'
import {
  catalogueBook,
  type DateKey,
  findKey,
  isNamedPart,
  type KeyedPart,
  type QueryBook,
  queryKeys,
} from './vocabulary.ts'

/**
 * `key`: there is no such key. `choice`: none of the few values. `name`: nothing in the log is called so (the term still
 * stands for exactly what it says). `many`: so many are called so that nobody is meant. `empty`: a key without value.
 * `reversed`: no time is left between the dates.
 */
export type MistakeKind =
  | 'key'
  | 'choice'
  | 'name'
  | 'many'
  | 'ip'
  | 'date'
  | 'empty'
  | 'negated'
  | 'unclosed'
  | 'reversed'

export interface Mistake extends Place {
  kind: MistakeKind
  /** The key and the text that it is about, as typed. */
  key: string
  found: string
  /** What to write at this place instead; null where nothing is near. */
  meant: string | null
}

export interface QueryContext extends DateContext {
  book?: QueryBook
  /**
   * The place of the caret while someone types. A term that ends there is unfinished: unless it is wholly right, it is
   * left out, and nothing is said of it yet.
   */
  typingAt?: number | undefined
}

export interface ParsedQuery {
  filter: Filter
  /** The dates move with the days: `today`, `yesterday`, `7d`; null where they are fixed or open. */
  moving: string | null
  mistakes: Mistake[]
  terms: Term[]
  /** Terms that wait for the book to find out whom they mean. */
  pending: Term[]
}

export function parseQuery(text: string, context: QueryContext): ParsedQuery {
  const terms = readTerms(text)
  const meanings = terms
    .map(term => meaningOf(term, context))
    .flatMap(meaning => (meaning.term.end === context.typingAt ? unfinished(meaning) : meaning))
  const dates = meanings.flatMap(({ date }) => date ?? [])
  const filter = { ...partsOf(meanings), ...narrowest(dates.map(({ range }) => range)) }
  const mistakes = meanings.flatMap(meaning => meaning.mistakes)
  const last = meanings.findLast(({ date }) => date)?.term
  if (last && filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) {
    mistakes.push({ ...about(last), ...placeOf(last), kind: 'reversed', meant: null })
  }
  return {
    filter,
    moving: dates.length === 1 ? dates[0]!.moving : null,
    mistakes,
    terms,
    pending: meanings.filter(({ isPending }) => isPending).map(({ term }) => term),
  }
}

/** What is still open may be closed later and already means something; what is wrong may become right. */
function unfinished(meaning: Meaning): Meaning[] {
  const isWrong = meaning.mistakes.some(({ kind }) => kind !== 'unclosed')
  return isWrong ? [] : [{ ...meaning, mistakes: [] }]
}

interface Meaning {
  term: Term
  part?: FilterPart
  values?: string[]
  date?: { range: Pick<Filter, 'from' | 'to'>; moving: string | null }
  mistakes: Mistake[]
  isPending?: boolean
}

function meaningOf(term: Term, context: QueryContext): Meaning {
  if (!term.key) return textMeaning(term)
  const key = findKey(term.key.text)
  if (!key) return { term, mistakes: [unknownKey(term)] }
  const meaning =
    term.values.length === 0 || term.values.every(({ text }) => text === '')
      ? { term, mistakes: [{ ...about(term), ...placeOf(term), kind: 'empty' as const, meant: null }] }
      : 'date' in key
        ? dateMeaning(term, key.date, context)
        : partMeaning(term, key.part, context.book ?? catalogueBook)
  return term.unclosed ? { ...meaning, mistakes: [...meaning.mistakes, unclosed(term)] } : meaning
}

function textMeaning(term: Term): Meaning {
  const phrase = term.values[0]!.text
  const mistakes = term.unclosed ? [unclosed(term)] : []
  return { term, part: 'text', values: phrase === '' ? [] : [phrase], mistakes }
}

function partMeaning(term: Term, part: KeyedPart, book: QueryBook): Meaning {
  const mistakes: Mistake[] = []
  const values: string[] = []
  let isPending = false
  for (const value of term.values.filter(({ text }) => text !== '')) {
    const wrong = value.literal && isNamedPart(part) ? null : checkChoice(part, value.text)
    if (wrong) mistakes.push({ ...about(term, value), ...placeOf(value), ...wrong })
    else if (!isNamedPart(part) || value.literal) values.push(value.text)
    else {
      const resolution = book.resolve(part, value.text)
      if (resolution.state === 'known') values.push(...resolution.values)
      else if (resolution.state === 'pending') isPending = true
      else if (resolution.state === 'many')
        mistakes.push({ ...about(term, value), ...placeOf(value), kind: 'many', meant: null })
      else {
        values.push(value.text)
        const near = nearest(value.text, book.words(part))
        const meant = near === null ? null : writeValue(near)
        mistakes.push({ ...about(term, value), ...placeOf(value), kind: 'name', meant })
      }
    }
  }
  return { term, part, values, mistakes, isPending }
}

const choices: Partial<Record<KeyedPart, readonly string[]>> = {
  outcome: Outcome.options,
  channel: Channel.options,
}

function checkChoice(part: KeyedPart, text: string): Pick<Mistake, 'kind' | 'meant'> | null {
  const known = choices[part]
  if (known) return known.includes(text) ? null : { kind: 'choice', meant: nearest(text, known) }
  return part === 'ip' && !parseAddressRange(text) ? { kind: 'ip', meant: null } : null
}

function dateMeaning(term: Term, key: DateKey, context: DateContext): Meaning {
  const [value, ...others] = term.values
  const date = readDate(key, value!.text, context)
  const wrong = { ...about(term, value), ...placeOf(value!) }
  if (!date) return { term, mistakes: [{ ...wrong, kind: 'date', meant: nearDate(key, value!.text) }] }
  if (others.length > 0)
    return { term, mistakes: [{ ...wrong, ...placeOf(term), kind: 'date', meant: null }] }
  if (!term.negated) return { term, date, mistakes: [] }
  const opposite = { after: 'before', before: 'after' }[key as string]
  const meant = opposite ? `${opposite}:${writeValue(value!.text)}` : null
  return { term, mistakes: [{ ...wrong, ...placeOf(term), kind: 'negated', meant }] }
}

function unknownKey(term: Term): Mistake {
  const key = term.key!
  const near = nearest(key.text, queryKeys)
  const mistake = { ...about(term), kind: 'key' as const }
  if (near !== null) return { ...mistake, ...placeOf(key), meant: `${near}:` }
  // Perhaps it was no key at all: the whole as text.
  const whole = [key.text, term.values.map(({ text }) => text).join()].join(':')
  return { ...mistake, ...placeOf(term), meant: `${term.negated ? '-' : ''}${quoted(whole)}` }
}

function unclosed(term: Term): Mistake {
  const ending = term.unclosed === 'quote' ? '"' : ']'
  return { ...about(term), start: term.end, end: term.end, kind: 'unclosed', found: ending, meant: ending }
}

function about({ key, values }: Term, value = values[0]): Pick<Mistake, 'key' | 'found'> {
  return { key: key?.text ?? '', found: value?.text ?? '' }
}

function placeOf({ start, end }: Place): Place {
  return { start, end }
}

function partsOf(meanings: Meaning[]): Filter {
  const filter: Filter = {}
  for (const part of filterParts) {
    const values: Values = { include: [], exclude: [] }
    for (const { term, part: of, values: found = [] } of meanings) {
      if (of === part) values[term.negated ? 'exclude' : 'include'].push(...found.filter(Boolean))
    }
    const distinct = { include: [...new Set(values.include)], exclude: [...new Set(values.exclude)] }
    if (distinct.include.length || distinct.exclude.length) filter[part] = distinct
  }
  return filter
}

/** All the ranges have to hold. */
function narrowest(ranges: Pick<Filter, 'from' | 'to'>[]): Pick<Filter, 'from' | 'to'> {
  const from = ranges
    .flatMap(range => range.from ?? [])
    .sort()
    .at(-1)
  const to = ranges.flatMap(range => range.to ?? []).sort()[0]
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}
