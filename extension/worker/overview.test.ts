import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditEvent, targetKey } from '../../shared/audit-event.ts'
import { EventIndex } from '../../shared/event-index/event-index.ts'
import { type Filter, matches } from '../../shared/filter.ts'
import { generateEvents } from '../../test/support/panel/generated-events.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { createBrowser } from '../../test/support/panel-window.ts'
import { testEvent } from '../../test/support/test-log.ts'
import { gapsIn, overviewOf, sparklinesOf } from './overview.ts'
import type { Overview, OverviewRequest } from './protocol.ts'

const scope = { personal: true }
const until = Date.parse('2026-11-24T13:42:10.000Z')
const events = generateEvents({ count: 900, until, days: 40 })
const index = indexOf(events)
const request: OverviewRequest = { by: 'outcome', zone: 'Europe/Berlin', buckets: 96, values: 5, since: null }
const only = (...values: string[]) => ({ include: values, exclude: [] })

function indexOf(held: readonly AuditEvent[]): EventIndex {
  const made = new EventIndex()
  made.append(held)
  return made
}

function plainCounts({ buckets }: Pick<Overview, 'buckets'>, counted: readonly AuditEvent[]): number[] {
  return buckets.starts.map((start, i) => {
    const end = buckets.starts[i + 1] ?? buckets.end
    return counted.filter(({ occurredAt }) => {
      const ms = Date.parse(occurredAt)
      return ms >= start && ms < end
    }).length
  })
}

describe('from what is held', () => {
  test.each<[string, Filter]>([
    ['everything', {}],
    ['an area', { area: only('scans') }],
    ['words', { text: only('acme') }],
    ['dates', { from: '2026-11-10T00:00:00.000Z', to: '2026-11-20T12:30:00.000Z' }],
    ['open dates and a target', { from: '2026-11-01T00:00:00.000Z', target: only('target:t-09') }],
  ])('%s is counted by bucket and value exactly as the plain definition says', (_, filter) => {
    const overview = overviewOf(index, scope, { filter, size: 800 }, request)!
    const found = events.filter(event => event.index < 800 && matches(filter, event, scope))
    expect(overview.series.length).toBeGreaterThan(0)
    for (const { value, counts } of overview.series) {
      const own = found.filter(({ outcome }) => outcome === value)
      expect(counts).toEqual(plainCounts(overview, own))
    }
    const sum = overview.series.flatMap(({ counts }) => counts).reduce((a, b) => a + b)
    expect(sum).toBe(found.length)
  })

  test('the most frequent areas are named and the others added up', () => {
    const overview = overviewOf(
      index,
      scope,
      { filter: {}, size: 900 },
      { ...request, by: 'area', values: 2 },
    )!
    expect(overview.series.map(({ value }) => value)).toEqual([expect.any(String), expect.any(String), null])
    const named = overview.series.slice(0, 2).map(({ value }) => value)
    const others = events.filter(({ area }) => !named.includes(area))
    expect(overview.series[2]!.counts).toEqual(plainCounts(overview, others))
  })

  test('the time shown is that of the dates or of the log, whatever else is filtered', () => {
    const all = overviewOf(index, scope, { filter: {}, size: 900 }, request)!
    const few = overviewOf(index, scope, { filter: { text: only('nothing like this') }, size: 900 }, request)!
    expect(few.buckets).toEqual(all.buckets)
    expect(few.series).toEqual([])
    const bounded = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' }
    expect(overviewOf(new EventIndex(), scope, { filter: bounded, size: 0 }, request)).not.toBeNull()
    expect(overviewOf(new EventIndex(), scope, { filter: {}, size: 0 }, request)).toBeNull()
  })

  test('a log known to begin earlier is shown from there', () => {
    const since = Date.parse('2026-01-01T00:00:00.000Z')
    const { buckets } = overviewOf(index, scope, { filter: {}, size: 900 }, { ...request, since })!
    expect(buckets.starts[0]).toBeLessThanOrEqual(since)
    expect(buckets.starts[1]).toBeGreaterThan(since)
  })

  test('sparklines of every field count as the plain definition without that field', () => {
    const filter: Filter = {
      action: only('scan.started'),
      target: only('target:t-09'),
      outcome: only('success'),
    }
    const place = { zone: 'UTC', buckets: 24, since: null }
    const { buckets } = overviewOf(index, scope, { filter, size: 900 }, { ...request, ...place })!
    const valuesOf = {
      action: (event: AuditEvent) => [event.action],
      actor: (event: AuditEvent) => [event.actor.id],
      target: (event: AuditEvent) => event.targets.map(targetKey),
    }
    for (const field of ['action', 'actor', 'target'] as const) {
      const { [field]: _, ...others } = filter
      const found = events.filter(event => matches(others, event, scope))
      const values = [...new Set(found.flatMap(valuesOf[field])), 'nobody']
      const lines = sparklinesOf(index, scope, { filter, size: 900 }, { field, values, ...place })
      for (const [at, value] of values.entries()) {
        const own = found.filter(event => valuesOf[field](event).includes(value))
        expect(lines[at], `${field} ${value}`).toEqual(plainCounts({ buckets }, own))
      }
    }
  })

  test('what is missing is told by the times of its neighbours', () => {
    const timeOf = (entry: number) => Date.parse(events[entry]!.occurredAt)
    const parts = indexOf([...events.slice(300, 500), ...events.slice(600, 700)])
    expect(gapsIn(parts, scope, 900)).toEqual([
      { from: null, to: timeOf(300) },
      { from: timeOf(499), to: timeOf(600) },
      { from: timeOf(699), to: null },
    ])
    expect(gapsIn(parts, scope, 500)).toEqual([{ from: null, to: timeOf(300) }])
    expect(gapsIn(index, scope, 900)).toEqual([])
    expect(gapsIn(new EventIndex(), scope, 10)).toEqual([{ from: null, to: null }])
  })
})

describe('from the server', () => {
  let server: PanelServer
  beforeEach(async () => {
    server = await openPanelServer()
  })
  afterEach(() => server.close())

  test('the whole log looks as it does from here, without and with a selection', async () => {
    const outcomes = ['success', 'failure', 'denied'] as const
    const actions = ['scan.started', 'user.login', 'target.updated', 'report.downloaded']
    await server.append(
      Array.from({ length: 600 }, (_, i) => ({
        ...testEvent(i),
        occurredAt: new Date(until - i * 3_600_000).toISOString(),
        action: actions[(i * i) % 4]!,
        outcome: outcomes[i % 7 === 0 ? 1 : i % 11 === 0 ? 2 : 0],
      })),
    )
    const browser = createBrowser(server)
    const { log } = await browser.openWhole(await server.signIn())
    const filters: Filter[] = [{}, { outcome: only('denied') }, { area: { include: [], exclude: ['scans'] } }]
    for (const filter of filters) {
      for (const by of ['outcome', 'area'] as const) {
        const asked = { ...request, by, values: 2 }
        const before = server.network.requests.length
        const here = await log.call('overview', { filter, size: 600 }, asked)
        expect(here).toMatchObject({ exact: true, source: 'local', gaps: [] })
        expect(server.network.requests.length, 'nothing is asked').toBe(before)
        const there = await log.call('wholeOverview', { filter, size: 600 }, asked)
        expect(there).toMatchObject({ exact: true, source: 'server', gaps: [] })
        expect(there!.buckets).toEqual(here!.buckets)
        const totals = (overview: Overview) =>
          overview.buckets.starts.map((_, at) =>
            overview.series.reduce((sum, { counts }) => sum + counts[at]!, 0),
          )
        expect(totals(there!)).toEqual(totals(here!))
        const named = (overview: Overview) => overview.series.filter(({ value }) => value !== null)
        for (const { value, counts } of named(there!)) {
          expect(named(here!).find(each => each.value === value)?.counts ?? counts).toEqual(counts)
        }
      }
    }
    await browser.close()
  })
})
