/**
 * The query language's words: its keys, and the book that knows what the values of the log are called. The language:
 *
 *     action:scan.started user:jane -area:scans target:shop.example.com outcome:failure ip:10.0.0.0/8
 *     channel:api changed:role after:2026-10-01 before:2026-11-01 on:yesterday last:7d "free text" words
 *
 * Terms stand side by side and all have to hold; `-` in front leaves out what fits. `action:[a,b]` means any of several,
 * and so does a key that is repeated. Quotes hold what has spaces or signs in it; in them `\` escapes. `user:=id` is
 * that very value, looked up nowhere.
 */
import { allActions, areaLabel, catalogue } from '../catalogue.ts'
import type { FilterPart } from '../filter.ts'

export type DateKey = 'after' | 'before' | 'on' | 'last'
/** The parts that a key names: free text has none. */
export type KeyedPart = Exclude<FilterPart, 'text'>

export const keyOfPart: Record<KeyedPart, string> = {
  action: 'action',
  area: 'area',
  actor: 'user',
  target: 'target',
  outcome: 'outcome',
  channel: 'channel',
  ip: 'ip',
  changed: 'changed',
}
export const dateKeys: readonly DateKey[] = ['after', 'before', 'on', 'last']
/** All keys as they are offered, in the order of the canonical text. */
export const queryKeys: readonly string[] = [...Object.values(keyOfPart), ...dateKeys]

export type Key = { part: KeyedPart } | { date: DateKey }

const keys = new Map<string, Key>([
  ...Object.entries(keyOfPart).map(([part, key]) => [key, { part: part as KeyedPart }] as const),
  ...dateKeys.map(date => [date, { date }] as const),
  ['actor', { part: 'actor' }],
])

/** What a typed key means; case does not count. */
export function findKey(text: string): Key | undefined {
  return keys.get(text.toLowerCase())
}

/** Parts whose values the log itself brings, so that their names are looked up. */
export type NamedPart = 'action' | 'area' | 'actor' | 'target' | 'changed'

export function isNamedPart(part: FilterPart): part is NamedPart {
  return ['action', 'area', 'actor', 'target', 'changed'].includes(part)
}

/** `unknown`: no event has it. `pending`: that is still being found out. `many`: too many to be meant. */
export type Resolution =
  | { state: 'known'; values: readonly string[] }
  | { state: 'unknown' | 'pending' | 'many' }

export interface QueryBook {
  /** The values that a name stands for. Must answer at once, and the same until the book itself changes. */
  resolve(part: NamedPart, text: string): Resolution
  /** What a value is called; the value itself where it has no name. */
  labelOf(part: NamedPart, value: string): string
  /** Names that a slip may have meant. */
  words(part: NamedPart): Iterable<string>
}

/** The book of those who know no log: the catalogue's words are looked up, all else is taken as it is written. */
export const catalogueBook: QueryBook = {
  resolve: (part, text) => ({ state: 'known', values: [catalogueValue(part, text) ?? text] }),
  labelOf: (_, value) => value,
  words: () => [],
}

/** The key of an action or area that is named by its key or its label, in any case; null where the catalogue has none. */
export function catalogueValue(part: NamedPart, text: string): string | null {
  if (part !== 'action' && part !== 'area') return null
  const known = part === 'action' ? allActions : catalogue.map(({ id }) => [id, areaLabel(id)] as const)
  if (known.some(([key]) => key === text)) return text
  const typed = text.toLowerCase()
  return known.find(names => names.some(name => name.toLowerCase() === typed))?.[0] ?? null
}
