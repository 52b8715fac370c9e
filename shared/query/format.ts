/** From a filter to its canonical text, which is read again as the same filter. */
import { type Filter, type FilterPart, filterParts } from '../filter.ts'
import { writeDates } from './dates.ts'
import type { QueryContext } from './parse.ts'
import { writePhrase, writeValue } from './read.ts'
import {
  catalogueBook,
  isNamedPart,
  type KeyedPart,
  keyOfPart,
  type NamedPart,
  type QueryBook,
} from './vocabulary.ts'

export interface WrittenFilter {
  filter: Filter
  /** The dates move with the days (see `ParsedQuery`): then this is written, not the filter's own ends. */
  moving?: string | null | undefined
}

type FormatContext = Pick<QueryContext, 'zone' | 'book'>

/**
 * The filter as text, empty where it asks for nothing: part after part, then dates, then free text.
 * Empty values, which no filter from outside has, are left out.
 */
export function formatQuery({ filter, moving }: WrittenFilter, context: FormatContext): string {
  const parts = filterParts.filter(part => part !== 'text')
  return [
    ...parts.flatMap(part => writePart(part, filter, context)),
    ...(moving ? [writeMoving(moving)] : writeDates(filter, context.zone)),
    ...writePart('text', filter, context),
  ].join(' ')
}

/** One value as the term that asks for it, such as a chip stands for. */
export function formatTerm(
  part: FilterPart,
  value: string,
  excluded: boolean,
  context: FormatContext,
): string {
  const values = { include: excluded ? [] : [value], exclude: excluded ? [value] : [] }
  return writePart(part, { [part]: values }, context).join(' ')
}

function writeMoving(moving: string): string {
  return moving === 'today' || moving === 'yesterday' ? `on:${moving}` : `last:${moving}`
}

function writePart(part: FilterPart, filter: Filter, { book = catalogueBook }: FormatContext): string[] {
  const { include = [], exclude = [] } = filter[part] ?? {}
  return [...writeTerms(part, include, '', book), ...writeTerms(part, exclude, '-', book)]
}

function writeTerms(part: FilterPart, values: readonly string[], sign: '' | '-', book: QueryBook): string[] {
  const distinct = [...new Set(values)].filter(value => value !== '')
  if (part === 'text') return distinct.map(phrase => `${sign}${writePhrase(phrase)}`)
  const written = distinct.map(value =>
    isNamedPart(part) ? writeNamed(part, value, book) : writeValue(value),
  )
  if (written.length === 0) return []
  return [`${sign}${keyOfPart[part as KeyedPart]}:${written.length === 1 ? written[0] : `[${written}]`}`]
}

/** By its name where that means it and nothing else; by itself marked as such where nothing else is sure. */
function writeNamed(part: NamedPart, value: string, book: QueryBook): string {
  const names = part === 'actor' || part === 'target' ? [book.labelOf(part, value), value] : [value]
  const sure = names.find(name => name !== '' && meansOnly(book, part, name, value))
  return sure === undefined ? `=${writeValue(value)}` : writeValue(sure)
}

function meansOnly(book: QueryBook, part: NamedPart, name: string, value: string): boolean {
  const resolution = book.resolve(part, name)
  return resolution.state === 'known' && resolution.values.length === 1 && resolution.values[0] === value
}
