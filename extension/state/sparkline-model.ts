/** How often each value of a facet occurs over time, for the popover that is open. */
import { type ReadonlySignal, signal } from '@preact/signals'
import type { FacetField } from '../../shared/api.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { View } from '../worker/protocol.ts'
import type { FacetList } from './facet-model.ts'

export interface SparklineDependencies {
  log: LogClient
  zone: ReadonlySignal<string>
  /** When the log begins, where that is known to be before what is held here. */
  since: ReadonlySignal<number | null>
}

/** By value: its events by bucket. */
export type Sparklines = ReadonlyMap<string, readonly number[]>

const mostBuckets = 24

export function createSparklineModel({ log, zone, since }: SparklineDependencies) {
  const lines = signal<Partial<Record<FacetField, Sparklines>>>({})
  let asked = 0

  async function ask(view: View, { field, values }: FacetList): Promise<[FacetField, Sparklines]> {
    const names = values.map(({ value }) => value)
    const place = { zone: zone.peek(), since: since.peek(), buckets: mostBuckets }
    const { counts } = await log.call('sparklines', view, { field, values: names, ...place })
    return [field, new Map(names.map((name, at) => [name, counts[at]!]))]
  }

  return {
    lines,
    /** Once the lists are shown: the lines come a moment later into the room kept for them. */
    draw(view: View, lists: readonly FacetList[]): void {
      const mine = ++asked
      Promise.all(lists.map(list => ask(view, list))).then(
        drawn => {
          if (mine === asked) lines.value = Object.fromEntries(drawn)
        },
        () => {
          // The counts themselves are there; where they are not, the list says why.
          if (mine === asked) lines.value = {}
        },
      )
    },
    forget(): void {
      asked++
      lines.value = {}
    },
  }
}
