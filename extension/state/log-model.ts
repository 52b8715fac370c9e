/** The list: which rows match, how many, by which days, and what has arrived since. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { Row } from '../../shared/event-index/event-index.ts'
import type { Filter } from '../../shared/filter.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { AnswerSource, Failure, View } from '../worker/protocol.ts'
import { countDays } from './day-count.ts'
import { type DaySpan, spansOfRows } from './day-spans.ts'
import { createRowPages, type RowPages } from './row-pages.ts'
import type { SyncModel } from './sync-model.ts'

/** One consistent answer: rows, total and days of the same view. Replaced as a whole, so that nothing flickers. */
export interface Listing {
  view: View
  total: number
  exact: boolean
  source: AnswerSource
  days: DaySpan[]
  pages: RowPages
}

export interface LogModelDependencies {
  log: LogClient
  sync: SyncModel
  filter: ReadonlySignal<Filter>
  zone: ReadonlySignal<string>
}

/** News of arrivals is answered at most this often. */
const arrivalPauseMs = 250
const refetchPauseMs = 1_000

export type LogModel = ReturnType<typeof createLogModel>

export function createLogModel({ log, sync, filter, zone }: LogModelDependencies) {
  const size = signal(0)
  const listing = signal<Listing | null>(null)
  const failure = signal<Failure | null>(null)
  const loading = signal(false)
  /** Matching events that came after the view was taken. */
  const arrived = signal(0)
  /** The active row's place in the list; null before one was. */
  const active = signal<number | null>(null)
  /** The reader is at the top and idle: arrivals may be shown at once. */
  const atRest = signal(true)
  /** All that is known to be there, what waits behind the pill too. */
  const newest = signal(0)
  /** The view each time it is asked for, so that what else shows it asks at the same time; null while none is. */
  const question = signal<View | null>(null)
  let asked = 0

  const view = computed<View>(() => ({ filter: filter.value, size: size.value }))

  async function load(wanted: View): Promise<void> {
    const ask = ++asked
    loading.value = true
    question.value = { ...wanted }
    try {
      const pages = createRowPages(log, wanted)
      const first = await pages.load(0)
      if (ask !== asked) return
      const { rows, total, exact, source } = first
      // Late answers for other pages may change what is known of the listing's failure only.
      const days = spansOfRows(rows, total, zone.peek())
      listing.value = { view: wanted, total, exact, source, days, pages }
      failure.value = null
      arrived.value = 0
      // What came meanwhile was counted for the view before, or not at all.
      if (newest.peek() > wanted.size) countSoon()
      await refineDays(ask)
    } catch (error) {
      if (ask === asked) take(failureOf(error))
    } finally {
      if (ask === asked) loading.value = false
    }
  }

  async function refineDays(ask: number): Promise<void> {
    const before = listing.peek()
    if (!before || before.total === 0) return
    const days = await countDays(log, before.view, zone.peek())
    const now = listing.peek()
    if (ask === asked && now && days) listing.value = { ...now, days }
  }

  function take(problem: Failure): void {
    if (problem.kind === 'cancelled') return
    failure.value = problem
  }

  async function countArrivals(): Promise<void> {
    const shown = listing.peek()
    if (!shown) return
    const ask = asked
    try {
      const { count, size: counted } = await log.call('arrivedSince', shown.view.filter, shown.view.size)
      if (ask !== asked) return
      arrived.value = count
      grow(counted)
      if (count > 0 && atRest.peek()) showArrived()
    } catch {
      // The count is only an offer; the status says what is wrong with the connection.
    }
  }

  function showArrived(): void {
    if (newest.peek() > size.peek()) size.value = newest.peek()
    else reload()
  }

  function grow(known: number): void {
    newest.value = Math.max(newest.peek(), known)
  }

  function reload(): void {
    void load(view.peek())
  }

  const countSoon = throttled(() => void countArrivals(), arrivalPauseMs)
  // While the log is still being fetched, an answer made of what is held gets better with every bundle.
  const refetchSoon = throttled(() => {
    if (listing.peek() && !listing.peek()!.exact && atRest.peek()) reload()
  }, refetchPauseMs)

  return {
    view,
    newest,
    question,
    listing,
    loading,
    failure,
    arrived,
    active,
    atRest,
    showArrived,
    reload,
    /** Fetches the pages that hold these rows, unless they are here. */
    ensure(first: number, last: number): void {
      const shown = listing.peek()
      if (!shown) return
      void shown.pages.ensure(first, Math.min(last, shown.total - 1)).catch(error => {
        if (listing.peek() === shown) take(failureOf(error))
      })
    },
    rowAt: (offset: number): Row | undefined => listing.value?.pages.rowAt(offset),
    /** Fetches the row if need be. */
    async fetchRow(offset: number): Promise<Row | undefined> {
      const shown = listing.peek()
      await shown?.pages.ensure(offset, offset)
      return shown?.pages.rowAt(offset)
    },
    /** Returns the clean-up. */
    follow(): () => void {
      const stopNews = log.on('arrived', news => {
        grow(news.size)
        if (news.size > size.peek()) countSoon()
        refetchSoon()
      })
      const stopForgetting = log.on('forgotten', () => {
        if (listing.peek()) reload()
      })
      const stopOpening = effect(() => {
        if (sync.opened.value) {
          size.value = untracked(() => sync.status.value.size)
          newest.value = size.peek()
        } else {
          asked++
          question.value = null
          listing.value = null
          failure.value = null
          arrived.value = 0
        }
      })
      let answered: Filter | null = null
      const stopView = effect(() => {
        const wanted = view.value
        zone.value
        if (!sync.opened.value) return
        const isNewQuestion = wanted.filter !== answered
        answered = wanted.filter
        // It is answered from all there is: what came under the filter before belongs to the answer.
        if (isNewQuestion && newest.peek() > wanted.size) size.value = newest.peek()
        else untracked(() => void load(wanted))
      })
      return () => {
        stopNews()
        stopForgetting()
        stopOpening()
        stopView()
      }
    },
  }
}

/** Calls at once, then at most once a pause; a call in the pause is made at its end. */
function throttled(call: () => void, pauseMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  const run = () => {
    again = false
    call()
    timer = setTimeout(() => {
      timer = undefined
      if (again) run()
    }, pauseMs)
  }
  return () => {
    if (timer === undefined) run()
    else again = true
  }
}
