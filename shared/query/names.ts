/** Whom and what a typed name means, among what the log knows. */
import { foldText } from '../search-text.ts'

export interface KnownName {
  /** What goes into the filter. */
  value: string
  label: string
  email?: string | undefined
}

/**
 * The values that the text names: those it names exactly by id, e-mail or name; else those with it as a word; else
 * those with a word that begins so; else those that hold it anywhere. Case and accents do not count, but an id that is
 * equal to the letter goes before all.
 */
export function namesMeant(text: string, names: readonly KnownName[]): string[] {
  const identical = names.filter(({ value }) => value === text)
  if (identical.length > 0) return valuesOf(identical)
  const typed = foldText(text)
  const told = names.map(name => ({ name, forms: formsOf(name) }))
  const begins = (form: string) => wordStarts(form).some(at => form.startsWith(typed, at))
  const isWord = (form: string) =>
    wordStarts(form).some(at => form.startsWith(typed, at) && !isLetter(form[at + typed.length]))
  const tests: ((form: string) => boolean)[] = [
    form => form === typed,
    isWord,
    begins,
    form => form.includes(typed),
  ]
  for (const test of tests) {
    const found = told.filter(({ forms }) => forms.some(test))
    if (found.length > 0) return valuesOf(found.map(({ name }) => name))
  }
  return []
}

function formsOf({ value, label, email }: KnownName): string[] {
  // A target's value has its type in front, which people do not type.
  const id = value.slice(value.indexOf(':') + 1)
  return [label, email ?? '', value, id].filter(Boolean).map(foldText)
}

function wordStarts(text: string): number[] {
  const starts: number[] = []
  for (let at = 0; at < text.length; at++) if (isLetter(text[at]) && !isLetter(text[at - 1])) starts.push(at)
  return starts
}

const isLetter = (character: string | undefined) =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character)

const valuesOf = (names: readonly KnownName[]) => [...new Set(names.map(({ value }) => value))]
