/** Words from `_locales`, by checked key. The source is set once at start, so that tests and previews can bring their own. */
import type { ComponentChildren } from 'preact'
import type messages from '../../public/_locales/en/messages.json'

export type MessageKey = keyof typeof messages
/** Keys that exist as `…_one` and `…_other`. */
export type CountedKey = {
  [Key in MessageKey]: Key extends `${infer Base}_other` ? Base : never
}[MessageKey]
export type MessageSource = (key: string, substitutions: string[]) => string

let source: MessageSource = key => key
let language = 'en'
let plural = new Intl.PluralRules(language)
let number = new Intl.NumberFormat(language)

/** `preferred` decides how dates and numbers look as far as it is the language that the messages came in. */
export function speakFrom(messages: MessageSource, preferred: string): void {
  source = messages
  const spoken = messages('language', [])
  language = preferred.split('-')[0] === spoken ? preferred : spoken
  plural = new Intl.PluralRules(language)
  number = new Intl.NumberFormat(language)
}

export function currentLanguage(): string {
  return language
}

/** `$1` … `$9` in the message stand for the substitutions. */
export function t(key: MessageKey, ...substitutions: (string | number)[]): string {
  return source(key, substitutions.map(shown))
}

/** The form that fits the count; `$1` is the count itself. */
export function counted(key: CountedKey, count: number, ...substitutions: (string | number)[]): string {
  const form = plural.select(count) === 'one' ? 'one' : 'other'
  return source(`${key}_${form}`, [count, ...substitutions].map(shown))
}

export function formatCount(count: number): string {
  return number.format(count)
}

const shown = (value: string | number) => (typeof value === 'number' ? number.format(value) : value)

/** A message with elements in the place of `$1` …, in whatever order the language wants them. */
export function rich(key: MessageKey, ...parts: ComponentChildren[]): ComponentChildren[] {
  // Private-use characters mark the places; the messages themselves hold none.
  const marks = parts.map((_, at) => String.fromCharCode(0xe000 + at))
  const pieces = source(key, marks).split(/([\uE000-\uE008])/)
  return pieces.map(piece => {
    const at = marks.indexOf(piece)
    return at < 0 ? piece : parts[at]
  })
}
