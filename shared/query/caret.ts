/** Where in a query the caret stands: what can be written there, and which letters it would take the place of. */
import { type Place, readTerms, type Term } from './read.ts'
import { type DateKey, findKey, type KeyedPart } from './vocabulary.ts'

export type CaretPlace = Place & {
  /** What stands there up to the caret, without quotes. */
  typed: string
  negated: boolean
  /** The whole term; null where none has been begun. */
  term: Term | null
} & ({ kind: 'word' } | { kind: 'value'; part: KeyedPart } | { kind: 'date'; date: DateKey })

/** Null where nothing is known to go: in a phrase, or after a key that there is not. */
export function placeOfCaret(text: string, caret: number): CaretPlace | null {
  const term = readTerms(text).find(({ start, end }) => start < caret && caret <= end) ?? null
  if (!term) return { kind: 'word', start: caret, end: caret, typed: '', negated: false, term }
  const { negated } = term
  if (!term.key || caret < term.key.end) {
    const start = term.start + (negated ? 1 : 0)
    if (text[start] === '"') return null
    const end = term.key ? term.key.end : term.end
    return { kind: 'word', start, end, typed: text.slice(start, caret), negated, term }
  }
  const key = findKey(term.key.text)
  if (!key) return null
  const value = term.values.find(({ start, end }) => start <= caret && caret <= end)
  const place = value ? { start: value.start, end: value.end } : { start: caret, end: caret }
  const typed = value ? text.slice(value.start, caret).replace(/^=?"?/, '') : ''
  const at = { ...place, typed, negated, term }
  return 'date' in key ? { ...at, kind: 'date', date: key.date } : { ...at, kind: 'value', part: key.part }
}
