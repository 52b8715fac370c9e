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
import { dayOf, type MomentRange, rangeOfDays, startOfDay } from '../../shared/time.ts'
import type { AddressFragment } from './address-fragment.ts'
import type { Clock } from './clock.ts'
import {
  type DateChoice,
  type DatePreset,
  type DayRange,
  moveRange,
  parseDateChoice,
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
  /** What stands in the search box: a phrase like the others, still being typed. */
  const phrase = signal('')
  const dates = signal<DateChoice>({ kind: 'any' })
  const problem = signal<string | null>(null)

  const today = computed(() => dayOf(clock.now.value, zone.value))
  const range = computed<MomentRange>(() =>
    rangeOfChoice(dates.value, startOfDay(today.value, zone.value), zone.value),
  )
  const filter = computed<Filter>(() => ({ ...withPhrase(parts.value, phrase.value), ...range.value }))
  const chips = computed(() => chipsOf(parts.value))
  const isEmpty = computed(() => isEmptyFilter(filter.value))

  function read(): void {
    const parameters = fragment.read()
    try {
      const { from, to, ...rest } = parseFilter(parameters)
      batch(() => {
        dates.value = parseDateChoice(parameters, { from, to } as Filter)
        phrase.value = rest.text?.include.at(-1) ?? ''
        parts.value = withoutValue(rest, 'text', phrase.value)
        problem.value = null
      })
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      problem.value = error.message
    }
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
      phrase.value = ''
      dates.value = { kind: 'any' }
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
    const stopMoving = followZone(zone, dates)
    return () => {
      stopListening()
      stopWriting()
      stopMoving()
    }
  }

  return {
    filter,
    chips,
    phrase,
    dates,
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
    type(text: string): void {
      phrase.value = text
    },
    /** The typed phrase becomes a chip, and the box is free for the next. */
    keepPhrase(): void {
      const text = phrase.value.trim()
      if (!text) return
      batch(() => {
        include('text', text)
        phrase.value = ''
      })
    },
    choosePreset(preset: DatePreset): void {
      dates.value = { kind: 'preset', preset }
    },
    /** Both days included. */
    chooseDays({ first, last }: DayRange): void {
      dates.value = { kind: 'range', range: rangeOfDays(first, last, zone.value) }
    },
    anyDate(): void {
      dates.value = { kind: 'any' }
    },
    /** Sets it back as it was, for undo. */
    restore(earlier: Filter): void {
      const { from, to, ...rest } = earlier
      batch(() => {
        parts.value = rest
        phrase.value = ''
        dates.value = parseDateChoice(new URLSearchParams(), { from, to } as Filter)
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

function withPhrase(parts: Parts, phrase: string): Parts {
  const text = phrase.trim()
  if (!text) return parts
  const { include = [], exclude = [] } = parts.text ?? {}
  return { ...parts, text: { include: [...include.filter(other => other !== text), text], exclude } }
}

function withoutValue(parts: Parts, part: FilterPart, value: string): Parts {
  const values = parts[part]
  if (!values) return parts
  return withValues(parts, part, { ...values, include: values.include.filter(other => other !== value) })
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
