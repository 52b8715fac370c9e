/** The text selections asked for last, with what was found out about them. */
import type { Values } from '../filter.ts'
import type { Vocabulary } from './compiled-filter.ts'
import { TextMatcher } from './text-matcher.ts'
import { type TextSource, textBlockSize } from './text-source.ts'

const remembered = 4

export class TextMatchers {
  readonly #source: TextSource
  readonly #matchers = new Map<string, TextMatcher>()

  constructor(source: TextSource) {
    this.#source = source
  }

  /** Null where nothing is asked of the text. */
  of(values: Values | undefined, personal: boolean, vocabulary: Vocabulary): TextMatcher | null {
    if (!values || (values.include.length === 0 && values.exclude.length === 0)) return null
    const key = JSON.stringify([values.include, values.exclude, personal])
    const matcher = this.#matchers.get(key) ?? new TextMatcher(this.#source, values, personal)
    this.#matchers.delete(key)
    this.#matchers.set(key, matcher)
    if (this.#matchers.size > remembered) this.#matchers.delete(this.#matchers.keys().next().value!)
    matcher.learn(vocabulary)
    return matcher
  }

  /** To be told of events that were added: what was found out about their blocks is no longer all. */
  forget(added: readonly { index: number }[]): void {
    const blocks = new Set(added.map(event => Math.floor(event.index / textBlockSize)))
    for (const matcher of this.#matchers.values()) for (const block of blocks) matcher.forget(block)
  }
}
