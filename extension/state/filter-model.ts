/** The filter in force. It lives in the panel's address, so it survives a reload and a session that ends. */
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import {
  type Filter,
  FilterError,
  type FilterPart,
  filterParts,
  formatFilter,
  isEmptyFilter,
  parseFilter,
  type Values,
} from '../../shared/filter.ts'
import type { WrittenFilter } from '../../shared/query/format.ts'
import { dayOf, type MomentRange, rangeOfDays, startOfDay } from '../../shared/time.ts'
import type { AddressFragment } from './address-fragment.ts'
import type { Clock } from './clock.ts'
import {
  type DateChoice,
  type DatePreset,
  type DayRange,
  dateChoiceOf,
  moveRange,
  parseDateChoice,
  rangeOf,
  rangeOfChoice,
  writeDateChoice,
} from './filter-dates.ts'

export interface Chip {
  part: FilterPart
  value: string
  excluded: boolean
}

type Parts = Omit<Filter, 'from' | 'to'>

export type FilterModel = ReturnType<typeof createFilterModel>

export function createFilterModel(fragment: AddressFragment, zone: ReadonlySignal<string>, clock: Clock) {
  const parts = signal<Parts>({})
  /** What stands in the search box, in the query language. */
  const text = signal('')
  /** What that asks for. It holds with the rest while it is being typed; its dates go before the others. */
  const typed = signal<WrittenFilter>(nothing)
  const chosenDates = signal<DateChoice>({ kind: 'any' })
  const problem = signal<string | null>(null)

  const today = computed(() => dayOf(clock.now.value, zone.value))
  const dates = computed(() => {
    const typedDates = dateChoiceOf(typed.value)
    return typedDates.kind === 'any' ? chosenDates.value : typedDates
  })
  const range = computed<MomentRange>(() =>
    rangeOfChoice(dates.value, startOfDay(today.value, zone.value), zone.value),
  )
  const filter = computed<Filter>(() => ({
    ...joined(parts.value, withoutDates(typed.value.filter)),
    ...range.value,
  }))
  const chips = computed(() => chipsOf(parts.value))
  const isEmpty = computed(() => isEmptyFilter(filter.value))

  function read(): void {
    const parameters = fragment.read()
    try {
      const { from, to, ...rest } = parseFilter(parameters)
      batch(() => {
        chosenDates.value = parseDateChoice(parameters, { from, to } as Filter)
        forgetTyped()
        parts.value = rest
        problem.value = null
      })
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      problem.value = error.message
    }
  }

  function forgetTyped(): void {
    text.value = ''
    typed.value = nothing
  }

  function change(part: FilterPart, edit: (values: Values) => Values): void {
    parts.value = withValues(parts.value, part, edit(parts.value[part] ?? { include: [], exclude: [] }))
  }
  const without = (list: string[], value: string) => list.filter(other => other !== value)
  const include = (part: FilterPart, value: string) =>
    change(part, values => ({
      include: [...without(values.include, value), value],
      exclude: without(values.exclude, value),
    }))
  const exclude = (part: FilterPart, value: string) =>
    change(part, values => ({
      include: without(values.include, value),
      exclude: [...without(values.exclude, value), value],
    }))
  const remove = (part: FilterPart, value: string) =>
    change(part, values => ({
      include: without(values.include, value),
      exclude: without(values.exclude, value),
    }))

  function clear(): void {
    batch(() => {
      parts.value = {}
      forgetTyped()
      chosenDates.value = { kind: 'any' }
      problem.value = null
    })
  }

  function followFragment(): () => void {
    read()
    const stopListening = fragment.onChange(read)
    const stopWriting = effect(() => {
      const parameters = formatFilter(filter.value)
      writeDateChoice(dates.value, parameters)
      keepOpenEvent(fragment.read(), parameters)
      // A filter that could not be read stays in the address until the user changes or drops it.
      if (problem.value === null) fragment.write(parameters)
    })
    const stopMoving = followZone(zone, chosenDates)
    return () => {
      stopListening()
      stopWriting()
      stopMoving()
    }
  }

  return {
    filter,
    chips,
    text,
    dates,
    /** The dates apart from what is being typed: those that have a chip. */
    chosenDates,
    range,
    isEmpty,
    /** Why the address's filter could not be read; null when it could. */
    problem,
    include,
    exclude,
    remove,
    clear,
    only: (part: FilterPart, value: string) => change(part, () => ({ include: [value], exclude: [] })),
    clearPart: (part: FilterPart) => change(part, () => ({ include: [], exclude: [] })),
    /** Include becomes exclude and back. */
    negate: ({ part, value, excluded }: Chip) => (excluded ? include(part, value) : exclude(part, value)),
    /** What the text in the box asks for from now on. The same again changes nothing. */
    type(next: WrittenFilter): void {
      if (!isSame(typed.peek(), next)) typed.value = next
    },
    /** Adds to what is in force: its values become chips, its dates the dates. */
    add(more: WrittenFilter): void {
      batch(() => {
        parts.value = joined(parts.value, withoutDates(more.filter))
        const choice = dateChoiceOf(more)
        if (choice.kind !== 'any') chosenDates.value = choice
      })
    },
    /** The chips and dates together with something else in the place of what is typed. */
    with({ filter: other }: WrittenFilter): Filter {
      const choice = dateChoiceOf({ filter: other })
      const chosen = rangeOfChoice(chosenDates.peek(), startOfDay(today.peek(), zone.peek()), zone.peek())
      const ends = choice.kind === 'any' ? chosen : rangeOf(other)
      return { ...joined(parts.peek(), withoutDates(other)), ...ends }
    },
    /** All that is in force, the typed part too, for undo, links and views. */
    written(): WrittenFilter {
      const choice = dates.peek()
      return { filter: filter.peek(), moving: choice.kind === 'preset' ? choice.preset : null }
    },
    choosePreset(preset: DatePreset): void {
      chosenDates.value = { kind: 'preset', preset }
    },
    /** Both days included. */
    chooseDays({ first, last }: DayRange): void {
      chosenDates.value = { kind: 'range', range: rangeOfDays(first, last, zone.value) }
    },
    anyDate(): void {
      chosenDates.value = { kind: 'any' }
    },
    /** Moments as they are, or a choice made earlier. Dates that are being typed give way: the rest becomes chips. */
    chooseDates(choice: DateChoice): void {
      batch(() => {
        if (dateChoiceOf(typed.peek()).kind !== 'any') {
          parts.value = joined(parts.peek(), withoutDates(typed.peek().filter))
          forgetTyped()
        }
        chosenDates.value = choice
      })
    },
    /** Sets all of it: back as it was, or as a view or link has it. */
    restore(other: WrittenFilter): void {
      batch(() => {
        parts.value = withoutDates(other.filter)
        forgetTyped()
        chosenDates.value = dateChoiceOf(other)
        problem.value = null
      })
    },
    followFragment,
  }
}

function followZone(zone: ReadonlySignal<string>, dates: { value: DateChoice; peek(): DateChoice }) {
  let before = zone.peek()
  return effect(() => {
    const after = zone.value
    const choice = dates.peek()
    if (after !== before && choice.kind === 'range') {
      dates.value = { kind: 'range', range: moveRange(choice.range, before, after) }
    }
    before = after
  })
}

/** The event that is open shares the address (see `detail-model.ts`). */
function keepOpenEvent(before: URLSearchParams, after: URLSearchParams): void {
  const open = before.get('event')
  if (open !== null) after.set('event', open)
}

const nothing: WrittenFilter = { filter: {}, moving: null }

function isSame(one: WrittenFilter, other: WrittenFilter): boolean {
  return (
    one.moving === other.moving && String(formatFilter(one.filter)) === String(formatFilter(other.filter))
  )
}

function withoutDates({ from: _from, to: _to, ...parts }: Filter): Parts {
  return parts
}

/** The values of both, each once. */
function joined(some: Parts, more: Parts): Parts {
  let all = some
  for (const part of filterParts) {
    const [one, other] = [some[part], more[part]]
    if (!other) continue
    const include = [...new Set([...(one?.include ?? []), ...other.include])]
    const exclude = [...new Set([...(one?.exclude ?? []), ...other.exclude])]
    all = withValues(all, part, { include, exclude })
  }
  return all
}

function withValues(parts: Parts, part: FilterPart, values: Values): Parts {
  const { [part]: _, ...rest } = parts
  return values.include.length || values.exclude.length ? { ...rest, [part]: values } : rest
}

function chipsOf(parts: Parts): Chip[] {
  return filterParts.flatMap(part => [
    ...(parts[part]?.include ?? []).map(value => ({ part, value, excluded: false })),
    ...(parts[part]?.exclude ?? []).map(value => ({ part, value, excluded: true })),
  ])
}
