/** Figures for Prometheus: one registry for one server. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** @param log reads the log's size and the index's count at the moment of scraping. */
export function createMetrics(log: { size(): number; indexed(): number; streams(): number }) {
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
