/** The text of a query as terms, each with its place. Reads anything; what is wrong is told with the term. */

export interface Place {
  start: number
  /** The place after the last letter. */
  end: number
}

export interface TermValue extends Place {
  /** What was meant, without quotes and escapes. */
  text: string
  /** Marked with `=`: the value itself, not a name of it. */
  literal: boolean
}

export interface Term extends Place {
  negated: boolean
  /** As typed, with its place (the colon is in it); null for free text. */
  key: (Place & { text: string }) | null
  values: TermValue[]
  /** What was opened and not closed. */
  unclosed: 'quote' | 'list' | null
}

const space = /\s*/y
const keyName = /([A-Za-z][A-Za-z_]*):(?!\/\/)/y
const bareWord = /[^\s"]+/y
const bareValue = /[^\s",]+/y
const bareItem = /[^",\]]+/y

export function readTerms(text: string): Term[] {
  const reader = new Reader(text)
  const terms: Term[] = []
  for (;;) {
    reader.take(space)
    if (reader.at >= text.length) return terms
    terms.push(readTerm(reader))
  }
}

function readTerm(reader: Reader): Term {
  const start = reader.at
  const negated = reader.sees('-') && /^\S/.test(reader.text.slice(start + 1, start + 2))
  if (negated) reader.at++
  const keyStart = reader.at
  const named = reader.take(keyName)
  const key = named === null ? null : { text: named.slice(0, -1), start: keyStart, end: reader.at }
  const values = key ? readValues(reader) : readPhrase(reader)
  return { start, end: reader.at, negated, key, values, unclosed: reader.takeUnclosed() }
}

function readPhrase(reader: Reader): TermValue[] {
  const start = reader.at
  const text = reader.sees('"') ? reader.takeQuoted() : (reader.take(bareWord) ?? '')
  return [{ start, end: reader.at, text, literal: false }]
}

function readValues(reader: Reader): TermValue[] {
  if (reader.sees('[')) return readList(reader)
  const values: TermValue[] = []
  do {
    const value = readValue(reader, bareValue)
    if (value) values.push(value)
  } while (reader.skips(','))
  return values
}

function readList(reader: Reader): TermValue[] {
  reader.at++
  const values: TermValue[] = []
  for (;;) {
    reader.take(space)
    if (reader.skips(']')) return values
    if (reader.at >= reader.text.length) {
      reader.unclosed = 'list'
      return values
    }
    if (reader.skips(',')) continue
    const value = readValue(reader, bareItem)
    if (value) values.push(value)
  }
}

function readValue(reader: Reader, bare: RegExp): TermValue | null {
  const start = reader.at
  const literal = reader.skips('=')
  const text = reader.sees('"') ? reader.takeQuoted() : (reader.take(bare) ?? '').trimEnd()
  return reader.at === start ? null : { start, end: reader.at, text, literal }
}

class Reader {
  at = 0
  unclosed: Term['unclosed'] = null
  constructor(readonly text: string) {}

  sees(character: string): boolean {
    return this.text[this.at] === character
  }

  skips(character: string): boolean {
    const seen = this.sees(character)
    if (seen) this.at++
    return seen
  }

  /** What the sticky pattern finds here; null where nothing. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  takeQuoted(): string {
    let quoted = ''
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]!
      if (character === '"') {
        this.at++
        return quoted
      }
      if (character === '\\' && this.at + 1 < this.text.length) quoted += unescaped(this.text[++this.at]!)
      else quoted += character
    }
    this.unclosed = 'quote'
    return quoted
  }

  takeUnclosed(): Term['unclosed'] {
    const { unclosed } = this
    this.unclosed = null
    return unclosed
  }
}

const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function unescaped(character: string): string {
  return controls[character] ?? character
}

/** The text in quotes, on one line. */
export function quoted(text: string): string {
  const signs: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' }
  return `"${text.replace(/["\\\n\r\t]/g, sign => signs[sign]!)}"`
}

/** A phrase as it is written: bare where it would be read as one word of text. */
export function writePhrase(phrase: string): string {
  const [term, ...more] = readTerms(phrase)
  const isWord = !more.length && term && !term.negated && !term.key && term.values[0]!.text === phrase
  return isWord && !phrase.includes('"') ? phrase : quoted(phrase)
}

/** A value of a key as it is written, alone or in a list. Two slashes would make a web address of it. */
export function writeValue(value: string): string {
  return /^(?!\/\/)[^\s",[\]=][^\s",\]]*$/.test(value) ? value : quoted(value)
}
