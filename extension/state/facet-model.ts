/** Values of one field with counts under the current filter, for the popover that is open. */
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { FacetField, FacetValue } from '../../shared/api.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure, View } from '../worker/protocol.ts'
import type { NameBook } from './name-book.ts'
import { createSparklineModel, type SparklineDependencies } from './sparkline-model.ts'

export interface FacetList {
  field: FacetField
  values: FacetValue[]
  /** Further values that were not named. */
  more: number
  exact: boolean
}

const valuesListed = 100

export interface FacetDependencies extends SparklineDependencies {
  view: ReadonlySignal<View>
  names: NameBook
}

export type FacetModel = ReturnType<typeof createFacetModel>

export function createFacetModel({ log, view, names, ...rest }: FacetDependencies) {
  const sparklines = createSparklineModel({ log, ...rest })
  const fields = signal<FacetField[]>([])
  const search = signal('')
  const lists = signal<Partial<Record<FacetField, FacetList>>>({})
  const failure = signal<Failure | null>(null)
  let asked = 0

  async function load(now: View, wanted: FacetField[], typed: string): Promise<void> {
    const ask = ++asked
    try {
      const request = { fields: wanted, limit: valuesListed, ...(typed ? { search: typed } : {}) }
      const { facets, exact } = await log.call('facets', now, request)
      if (ask !== asked) return
      const next: Partial<Record<FacetField, FacetList>> = {}
      for (const field of wanted) {
        const { values = [], more = 0 } = facets[field] ?? {}
        next[field] = { field, values, more, exact }
        names.learn(field, values)
      }
      lists.value = next
      failure.value = null
      sparklines.draw(now, Object.values(next))
    } catch (error) {
      const problem = failureOf(error)
      if (ask === asked && problem.kind !== 'cancelled') failure.value = problem
    }
  }

  function retry(): void {
    void load(view.peek(), fields.peek(), search.peek())
  }

  return {
    fields,
    search,
    lists,
    sparklines: sparklines.lines,
    failure,
    open(...wanted: FacetField[]): void {
      search.value = ''
      lists.value = {}
      sparklines.forget()
      failure.value = null
      fields.value = wanted
    },
    close(): void {
      fields.value = []
    },
    retry,
    /** Returns the clean-up. */
    follow(): () => void {
      const stopForgetting = log.on('forgotten', () => {
        if (fields.peek().length > 0) retry()
      })
      const stopAsking = effect(() => {
        const wanted = fields.value
        const now = view.value
        const typed = search.value.trim()
        if (wanted.length > 0) untracked(() => void load(now, wanted, typed))
        else asked++
      })
      return () => {
        stopForgetting()
        stopAsking()
      }
    },
  }
}
