/** The query bar: text and chips are two ways to see one filter. What is typed holds at once and becomes chips with Enter. */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import { placeOfCaret } from '../../shared/query/caret.ts'
import { writeDates } from '../../shared/query/dates.ts'
import { formatQuery, formatTerm, type WrittenFilter } from '../../shared/query/format.ts'
import { type Mistake, type ParsedQuery, parseQuery } from '../../shared/query/parse.ts'
import { findKey, isNamedPart, type KeyedPart } from '../../shared/query/vocabulary.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Clock } from './clock.ts'
import type { FilterModel } from './filter-model.ts'
import type { LogModel } from './log-model.ts'
import { tokenOfPasted } from './pasted-token.ts'
import type { LogBook } from './query-book.ts'
import { type Suggestion, suggestKeys, suggestValues } from './query-suggestions.ts'

const typingPauseMs = 120

export interface QueryModelDependencies {
  log: LogClient
  list: LogModel
  filter: FilterModel
  logBook: LogBook
  zone: ReadonlySignal<string>
  clock: Clock
  /** Whether this person may filter by addresses. */
  mayFilterIp(): boolean
}

export type QueryModel = ReturnType<typeof createQueryModel>

export function createQueryModel(given: QueryModelDependencies) {
  const { log, list, filter, logBook, zone, clock } = given
  const { text } = filter
  /** Where the caret is; null while the box has not the focus. */
  const caret = signal<number | null>(null)
  /** Mistakes of the term at the caret are kept back until it is left, or Enter asks for them. */
  const asked = signal(false)
  const suggestions = signal<readonly Suggestion[]>([])
  /** What to go back to while everything stands in the box as text. */
  const before = signal<WrittenFilter | null>(null)
  let committing = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let ask = 0

  const context = () => ({ zone: zone.value, now: clock.now.value, book: logBook.book.value })
  const parsed = computed<ParsedQuery>(() => {
    const typingAt = asked.value ? undefined : (caret.value ?? undefined)
    return parseQuery(text.value, { ...context(), typingAt })
  })
  const size = () => list.view.peek().size

  function apply(): void {
    clearTimeout(timer)
    const { filter: typed, moving, pending } = parsed.peek()
    // Until it is known whom a name means, what was asked for before goes on to be shown.
    if (pending.length > 0) return
    if (committing) commit()
    else filter.type({ filter: typed, moving })
  }

  function write(next: string, at = next.length): void {
    batch(() => {
      text.value = next
      asked.value = false
      if (caret.peek() !== null) caret.value = at
    })
  }

  /** Enter: takes what was meant by the first mistake, else makes chips. Answers whether the box is done with. */
  function commit(): boolean {
    const now = untracked(() => parseQuery(text.peek(), context()))
    const meant = now.mistakes.find(mistake => mistake.meant !== null && mistake.kind !== 'unclosed')
    const wrong = now.mistakes.find(({ kind }) => !['name', 'unclosed', 'reversed'].includes(kind))
    committing = false
    if (meant || wrong) {
      // First to be seen, then to be taken.
      if (meant && asked.peek()) takeMeant(meant)
      asked.value = true
      return false
    }
    if (now.pending.length > 0) {
      committing = true
      return false
    }
    batch(() => {
      filter.add(now)
      filter.type({ filter: {}, moving: null })
      before.value = null
      write('')
    })
    return true
  }

  function takeMeant({ start, end, meant }: Mistake): void {
    const now = text.peek()
    if (meant !== null) write(now.slice(0, start) + meant + now.slice(end), start + meant.length)
  }

  function accept(suggestion: Suggestion): void {
    const { start, end, insert, whole } = suggestion
    const now = text.peek()
    if (!whole) {
      write(now.slice(0, start) + insert + now.slice(end), start + insert.length)
      return
    }
    const place = placeOfCaret(now, caret.peek() ?? now.length)
    const from = place?.term?.start ?? start
    const to = place?.term?.end ?? end
    const term = now.slice(from, start) + insert + now.slice(end, to)
    // It is known to be right: a chip at once, and the rest of the text stays.
    const { filter: values, moving, mistakes, pending } = untracked(() => parseQuery(term, context()))
    if (mistakes.length > 0 || pending.length > 0) {
      write(now.slice(0, from) + term + now.slice(to), from + term.length)
      return
    }
    batch(() => {
      filter.add({ filter: values, moving })
      write(`${now.slice(0, from)}${now.slice(to)}`.trim())
      apply()
    })
  }

  /** The last chip comes back as text. */
  function editLast(): void {
    batch(() => {
      const dates = filter.chosenDates.peek()
      const chip = filter.chips.peek().at(-1)
      if (dates.kind !== 'any') {
        const { filter: range, moving } = filter.written()
        const words = moving
          ? formatQuery({ filter: {}, moving }, context())
          : writeDates(range, zone.peek()).join(' ')
        filter.anyDate()
        write(words)
      } else if (chip) {
        filter.remove(chip.part, chip.value)
        write(formatTerm(chip.part, chip.value, chip.excluded, context()))
      }
      apply()
    })
  }

  /** The whole filter as text, to be changed by hand. */
  function editAll(): void {
    const written = filter.written()
    batch(() => {
      filter.clear()
      write(formatQuery(written, untracked(context)))
      filter.type(written)
      before.value = written
    })
  }

  /** Escape: back to the chips as they were, or an empty box. */
  function dismiss(): void {
    const earlier = before.peek()
    batch(() => {
      before.value = null
      write('')
      if (earlier) filter.restore(earlier)
      apply()
    })
  }

  /** What was pasted, as the token that it is, in the place of what is selected. */
  async function paste(pasted: string, from: number, to: number): Promise<void> {
    await logBook.learn(size())
    const token = tokenOfPasted(pasted, logBook.book.peek(), given.mayFilterIp())
    const now = text.peek()
    const lead = from > 0 && !/\s$/.test(now.slice(0, from)) ? ' ' : ''
    write(now.slice(0, from) + lead + token + now.slice(to), from + lead.length + token.length)
  }

  async function suggest(): Promise<void> {
    const mine = ++ask
    const at = caret.peek()
    const now = text.peek()
    const place = at === null ? null : placeOfCaret(now, at)
    if (!place) {
      suggestions.value = []
      return
    }
    const hidden = new Set<KeyedPart>(given.mayFilterIp() ? [] : ['ip'])
    // Between terms a list of all keys would only be in the way.
    const isBetween = place.kind === 'word' && place.typed === '' && now.trim() !== ''
    const keys = isBetween ? [] : suggestKeys(place, { hidden })
    suggestions.value = keys
    const others = place.term ? now.slice(0, place.term.start) + now.slice(place.term.end) : now
    const { filter: rest, moving } = parseQuery(others, context())
    const view = { filter: filter.with({ filter: rest, moving }), size: size() }
    try {
      const book = logBook.book.peek()
      const values = await suggestValues(place, { log, book, zone: zone.peek(), view, hidden })
      if (mine === ask) suggestions.value = [...keys, ...values]
    } catch {
      // The keys are all there is to offer; the list itself says what is wrong.
    }
  }

  return {
    text,
    caret,
    parsed,
    suggestions,
    /** Everything stands in the box as text. */
    isEditing: computed(() => before.value !== null),
    /** Sets the text as if it was typed, and asks at once. */
    type(next: string): void {
      write(next)
      apply()
    },
    input(next: string, at: number): void {
      batch(() => {
        write(next, at)
        caret.value = at
      })
    },
    commit,
    takeMeant,
    accept,
    editLast,
    editAll,
    dismiss,
    paste,
    /** Returns the clean-up. */
    follow(): () => void {
      const stopApplying = effect(() => {
        const { pending } = parsed.value
        clearTimeout(timer)
        if (text.value === '') untracked(apply)
        else timer = setTimeout(apply, typingPauseMs)
        untracked(() => lookUp(pending))
      })
      const stopSuggesting = effect(() => {
        const isIn = caret.value !== null
        text.value
        logBook.book.value
        untracked(() => {
          if (isIn) void logBook.learn(size())
          void suggest()
        })
      })
      return () => {
        clearTimeout(timer)
        stopApplying()
        stopSuggesting()
      }
    },
  }

  function lookUp(pending: ParsedQuery['pending']): void {
    if (pending.length === 0) return
    void logBook.learn(size()).then(() => {
      for (const { key, values } of pending) {
        const meaning = key && findKey(key.text)
        if (!meaning || !('part' in meaning) || !isNamedPart(meaning.part)) continue
        for (const value of values) void logBook.lookUp(meaning.part, value.text, size())
      }
    })
  }
}
