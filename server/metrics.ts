/** Figures for Prometheus: one registry for one server. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { WitnessState } from '../shared/api.ts'
import type { SourceStatus } from '../shared/sources.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What is read at the moment of scraping: the log's size, the index's count, how its witnesses and sources stand. */
export interface Measured {
  size(): number
  indexed(): number
  streams(): number
  witnesses?(): readonly Pick<WitnessState, 'name' | 'size' | 'at'>[]
  sources?(): Promise<readonly SourceStatus[]>
}

export function createMetrics(log: Measured) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'trailside_' })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('trailside_log_size', 'Entries in the log', log.size)
  gauge('trailside_index_events', 'Events in the in-memory index', log.indexed)
  gauge('trailside_streams', 'Open event streams', log.streams)
  const witnessGauge = (
    name: string,
    help: string,
    read: (witness: Pick<WitnessState, 'size' | 'at'>) => number,
  ) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['witness'] },
      collect() {
        for (const witness of log.witnesses?.() ?? []) this.set({ witness: witness.name }, read(witness))
      },
    })
  witnessGauge(
    'trailside_witness_lag_entries',
    'Entries that a witness has not cosigned',
    ({ size }) => log.size() - (size ?? 0),
  )
  witnessGauge(
    'trailside_witness_last_cosignature_seconds',
    'When a witness cosigned last, in seconds since 1970 by its own clock; 0 for never',
    ({ at }) => (at === null ? 0 : Date.parse(at) / 1000),
  )
  addSourceGauges(registry, async () => (await log.sources?.()) ?? [])
  return {
    registry,
    requests: new Histogram({
      name: 'trailside_http_request_seconds',
      help: 'Time to answer, by method, route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    intake: new Counter({
      name: 'trailside_intake_events_total',
      help: 'Events received, by what became of them',
      labelNames: ['status'],
      registers,
    }),
  }
}

const sourceGauges: [name: string, help: string, read: (source: SourceStatus) => number | null][] = [
  ['lag_seconds', 'Since everything the source had was last asked for', ({ asOf }) => secondsSince(asOf)],
  ['behind_entries', 'Entries the source counts and the log has not', ({ behind }) => behind],
  ['taken_entries', 'Entries of the source in the log', ({ taken }) => taken],
  [
    'unreadable_entries',
    'Entries the source listed that could not be read',
    ({ unreadable }) => unreadable.count,
  ],
  ['failing', '1 while the source cannot be asked', ({ state }) => Number(state === 'failing')],
  [
    'failing_seconds',
    'For how long it has been failing',
    ({ failingSince }) => secondsSince(failingSince) ?? 0,
  ],
]

/** What is not known has no line: a made-up zero would look like good news. */
function addSourceGauges(registry: Registry, sources: () => Promise<readonly SourceStatus[]>): void {
  for (const [name, help, read] of sourceGauges) {
    new Gauge({
      name: `trailside_source_${name}`,
      help,
      labelNames: ['source', 'name'],
      registers: [registry],
      async collect() {
        this.reset()
        for (const source of await sources()) {
          const value = read(source)
          if (value !== null) this.set({ source: source.id, name: source.name }, value)
        }
      },
    })
  }
}

function secondsSince(moment: string | null): number | null {
  return moment === null ? null : Math.max(0, (Date.now() - Date.parse(moment)) / 1000)
}
