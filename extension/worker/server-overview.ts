/** The picture of the whole log where not all of it is held: the server's counts, by its usual questions. */
import { Outcome } from '../../shared/audit-event.ts'
import type { Filter, Values } from '../../shared/filter.ts'
import type { TimeBuckets } from '../../shared/time-buckets.ts'
import { addUp, bucketsOf, isBounded } from './overview.ts'
import type { Overview, OverviewRequest, View } from './protocol.ts'
import type { ServerLog } from './server-log.ts'

/** @throws {FailureError} */
export async function overviewOfServer(
  server: ServerLog,
  view: View,
  request: OverviewRequest,
): Promise<Overview | null> {
  const range = isBounded(view.filter) ? null : await server.timeRange({ filter: {}, size: view.size })
  const extent = range && { first: Date.parse(range.first), last: Date.parse(range.last) }
  const buckets = bucketsOf(view.filter, extent, request)
  if (!buckets) return null
  const series = await seriesOfServer(server, view, request, buckets)
  return { buckets, series, gaps: [], exact: true, source: 'server' }
}

async function seriesOfServer(
  server: ServerLog,
  view: View,
  { by, values: most }: OverviewRequest,
  { starts, end }: TimeBuckets,
): Promise<Overview['series']> {
  const { filter, size } = view
  const count = async (asked: Filter) => (await server.histogram(asked, { starts, end, size })).counts
  const only = (value: string) => count({ ...filter, [by]: { include: [value], exclude: [] } })
  const values = by === 'outcome' ? Outcome.options : await areasOfServer(server, view)
  const admitted = values.filter(value => admits(filter[by], value))
  const named = admitted.slice(0, most)
  const counted = await Promise.all(named.map(only))
  const series: Overview['series'] = named.map((value, i) => ({ value, counts: counted[i]! }))
  if (admitted.length > most) {
    const known = addUp(counted)
    series.push({ value: null, counts: (await count(filter)).map((all, i) => all - known[i]!) })
  }
  return series.filter(({ counts }) => counts.some(count => count > 0))
}

/** More than are ever named: the platform has some twenty areas. */
const areasAsked = 100

async function areasOfServer(server: ServerLog, { filter, size }: View): Promise<string[]> {
  const { facets } = await server.facets(filter, { fields: ['area'], limit: areasAsked, size })
  return (facets.area?.values ?? []).filter(({ count }) => count > 0).map(({ value }) => value)
}

function admits(selection: Values | undefined, value: string): boolean {
  const { include, exclude } = selection ?? { include: [], exclude: [] }
  return (include.length === 0 || include.includes(value)) && !exclude.includes(value)
}
