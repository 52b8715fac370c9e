/** What the panel's worker computes when the filter changes: rows, total, days, histogram and the facets of a popover. */
import { overviewOf, sparklinesOf } from '../../../extension/worker/overview.ts'
import { EventIndex } from '../../../shared/event-index/event-index.ts'
import type { Filter } from '../../../shared/filter.ts'
import { bucketsBetween } from '../../../shared/time-buckets.ts'
import { generateEvents } from '../../support/panel/generated-events.ts'
import type { BenchCase } from '../bench.ts'
import { cpuMsOf } from '../measure.ts'

const scope = { personal: true }
const until = Date.parse('2026-11-01T00:00:00.000Z')
const zone = 'Europe/Berlin'
const only = (...include: string[]) => ({ include, exclude: [] })

const changes: [name: string, filter: Filter][] = [
  ['no filter', {}],
  ['an area', { area: only('scans') }],
  ['a rare action', { action: only('user.login_failed') }],
  ['all but one user', { actor: { include: [], exclude: ['u-01'] } }],
  ['a target', { target: only('target:t-09') }],
  ['a month', { from: '2026-09-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z' }],
]
const words = ['acme', 'maria', 'scan', 'full', 'weekly', 'web', 'hamburg', 'www']

export default {
  about: 'a change of the filter, in the worker: page, total, days, histogram, a facet with its lines',
  unit: 'events',
  size: 100_000,
  async run({ size, rounds }) {
    const index = new EventIndex()
    index.append(generateEvents({ count: size, until, days: 365 }))
    const target = { atMost: size <= 100_000 ? 16 : 50 }
    const measure = async (ask: (round: number) => Filter) => {
      const values: number[] = []
      // The first ones warm up.
      for (let round = -2; round < rounds; round++) {
        const filter = ask(round + 2)
        const ms = await cpuMsOf(() => answer(index, filter, size))
        if (round >= 0) values.push(ms)
      }
      return values
    }
    const figures = []
    for (const [name, filter] of changes)
      figures.push({ name, unit: 'CPU ms', values: await measure(() => filter), target })
    // Another word each time: nothing is known of it from before.
    const text = (round: number): Filter => ({ text: only(words[round % words.length]!) })
    return [...figures, { name: 'words', unit: 'CPU ms', values: await measure(text), target }]
  },
} satisfies BenchCase

/** As a panel with the popover of actions open asks its worker. */
function answer(index: EventIndex, filter: Filter, size: number): void {
  const view = { filter, size }
  index.rows(index.pageAt(filter, scope, { offset: 0, limit: 100, size }).indexes, scope)
  index.total(filter, scope, { size })
  const range = index.timeRange(filter, scope, { size })
  if (range) index.histogram(filter, scope, { ...bucketsBetween(range.first, range.last, zone, 800), size })
  const place = { zone, since: null }
  overviewOf(index, scope, view, { ...place, by: 'outcome', buckets: 96, values: 5 })
  const { action } = index.facets(filter, scope, { fields: ['action'], limit: 100, size })
  const values = action.values.map(({ value }) => value)
  sparklinesOf(index, scope, view, { ...place, field: 'action', values, buckets: 24 })
}
