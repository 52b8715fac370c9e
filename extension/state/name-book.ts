/** Names of people and targets by their ids, as far as they were seen, for chips and messages. */
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { FacetField, FacetValue } from '../../shared/api.ts'
import { actionLabel, areaLabel } from '../../shared/catalogue.ts'
import type { FilterPart } from '../../shared/filter.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { View } from '../worker/protocol.ts'

export type NameBook = ReturnType<typeof createNameBook>

export function createNameBook(log: LogClient) {
  const names = signal<ReadonlyMap<string, string>>(new Map())
  const key = (part: FilterPart, value: string) => `${part} ${value}`

  function learn(field: FacetField, values: readonly Pick<FacetValue, 'value' | 'label'>[]): void {
    if (field !== 'actor' && field !== 'target') return
    const news = values.filter(({ value, label }) => names.peek().get(key(field, value)) !== label)
    if (news.length === 0) return
    names.value = new Map([
      ...names.peek(),
      ...news.map(({ value, label }) => [key(field, value), label] as const),
    ])
  }

  /** Selected values are always listed in facets, so asking for the fewest names all of them. */
  async function lookUp(view: View): Promise<void> {
    const fields = (['actor', 'target'] as const).filter(field => hasUnknown(view, field))
    if (fields.length === 0) return
    try {
      const { facets } = await log.call('facets', view, { fields, limit: 1 })
      for (const field of fields) learn(field, facets[field]?.values ?? [])
    } catch {
      // The id itself is shown instead of the name.
    }
  }

  function hasUnknown({ filter }: View, field: 'actor' | 'target'): boolean {
    const { include = [], exclude = [] } = filter[field] ?? {}
    return [...include, ...exclude].some(value => !names.peek().has(key(field, value)))
  }

  return {
    learn,
    labelOf(part: FilterPart, value: string): string {
      if (part === 'action') return actionLabel(value)
      if (part === 'area') return areaLabel(value)
      return names.value.get(key(part, value)) ?? value
    },
    /** Returns the clean-up. */
    follow(view: ReadonlySignal<View>, ready: ReadonlySignal<boolean>): () => void {
      const stopForgetting = log.on('forgotten', () => {
        names.value = new Map()
        if (ready.peek()) void lookUp(view.peek())
      })
      const stopLearning = effect(() => {
        const now = view.value
        if (ready.value) untracked(() => void lookUp(now))
      })
      return () => {
        stopForgetting()
        stopLearning()
      }
    },
  }
}
