/** Figures for Prometheus: one registry for one server. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { WitnessState } from '../shared/api.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What is read at the moment of scraping: the log's size, the index's count, and how its witnesses stand. */
export interface Measured {
  size(): number
  indexed(): number
  streams(): number
  witnesses?(): readonly Pick<WitnessState, 'name' | 'size' | 'at'>[]
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
