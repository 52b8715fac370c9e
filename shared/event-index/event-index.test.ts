import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someEvent, someFilter, someLog, someScope, someTime } from '../../test/support/arbitrary-event.ts'
import type { Scope } from '../access.ts'
import { type FacetField, facetFields } from '../api.ts'
import { type AuditEvent, actorLabel, targetKey } from '../audit-event.ts'
import { actionLabel, areaLabel } from '../catalogue.ts'
import { type Filter, matches } from '../filter.ts'
import { foldText } from '../search-text.ts'
import { EventIndex, type Position } from './event-index.ts'
import { tupleFields } from './facet-tuples.ts'

/** What is right by the plain definition: newest first, ties by higher log index. */
function expected(log: readonly AuditEvent[], filter: Filter, scope: Scope, size = Infinity): AuditEvent[] {
  return log
    .filter(event => event.index < size && matches(filter, event, scope))
    .sort((a, b) => timeOf(b) - timeOf(a) || b.index - a.index)
}

function timeOf(event: AuditEvent): number {
  return Date.parse(event.occurredAt)
}

function positionOf(event: AuditEvent): Position {
  return { occurredAt: timeOf(event), index: event.index }
}

function indexesOf(events: readonly AuditEvent[]): number[] {
  return events.map(event => event.index)
}

const segmentRows = fc.constantFrom(1, 2, 3, 7, 65_536)

/** A log, shuffled and cut into batches some of which come twice, and the index that took them in. */
const someIndexedLog = fc
  .tuple(
    someLog(40),
    segmentRows,
    fc.infiniteStream(fc.nat({ max: 9 })),
    fc.constantFrom('shuffled', 'in order', 'newest first'),
  )
  .map(([log, segmentRows, random, order]) => {
    const arriving = inOrder(log, order, random)
    const index = new EventIndex({ segmentRows })
    for (let at = 0; at < arriving.length; ) {
      const length = 1 + random.next().value!
      index.append(arriving.slice(Math.max(0, at - (length % 3)), at + length))
      if (length % 2) askSomething(index)
      at += length
    }
    return { log, index }
  })

/** A question in between puts in order what has come so far, and is remembered where it should not be. */
function askSomething(index: EventIndex): void {
  const filter: Filter = { text: { include: ['ada'], exclude: [] } }
  index.facets(filter, { personal: true }, { fields: facetFields, limit: 1, search: 'ada' })
}

function inOrder(log: AuditEvent[], order: string, random: fc.Stream<number>): AuditEvent[] {
  if (order === 'in order') return log
  if (order === 'newest first') return log.toReversed()
  return log
    .map(event => [random.next().value!, event] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, event]) => event)
}

const someSize = fc.option(fc.constantFrom(0, 5, 20, 255, 260, 1000, 70_010), { nil: undefined, freq: 2 })

const question = fc.record({ held: someIndexedLog, filter: someFilter, scope: someScope, size: someSize })

/** Runs the property; fast-check prints seed and smallest counterexample where it fails. */
function always<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 250): void {
  fc.assert(fc.property(arbitrary, property), { numRuns })
}

describe('any filter over any log, by the plain definition', () => {
  test('the total is exact', () => {
    always(question, ({ held: { log, index }, filter, size }) => {
      for (const personal of [true, false, true]) {
        const whole = expected(log, filter, { personal }, size)
        expect(index.total(filter, { personal }, { size })).toBe(whole.length)
      }
    })
  })

  test('pages joined are everything once, newest first', () => {
    always(fc.tuple(question, fc.integer({ min: 1, max: 9 })), ([{ held, filter, scope, size }, limit]) => {
      const found: number[] = []
      let after: Position | null = null
      do {
        const page = held.index.page(filter, scope, { after, limit, size })
        expect(page.indexes.length).toBeLessThanOrEqual(limit)
        if (page.next) expect(page.indexes).toHaveLength(limit)
        found.push(...page.indexes)
        after = page.next
      } while (after)
      expect(found).toEqual(indexesOf(expected(held.log, filter, scope, size)))
    })
  })

  test('a page by offset is that part of the whole, and goes on as a page does', () => {
    const place = fc.record({ offset: fc.nat({ max: 45 }), limit: fc.integer({ min: 1, max: 20 }) })
    always(fc.tuple(question, place), ([{ held, filter, scope, size }, { offset, limit }]) => {
      const whole = indexesOf(expected(held.log, filter, scope, size))
      const page = held.index.pageAt(filter, scope, { offset, limit, size })
      expect(page.indexes).toEqual(whole.slice(offset, offset + limit))
      expect(page.next === null).toBe(offset + limit >= whole.length)
      if (!page.next) return
      const following = held.index.page(filter, scope, { after: page.next, limit, size })
      expect(following.indexes).toEqual(whole.slice(offset + limit, offset + 2 * limit))
    })
  })

  test('the rank of a position is how many matching events are newer', () => {
    const position = fc.record({ occurredAt: someTime, index: fc.nat({ max: 300 }) })
    always(
      fc.tuple(question, position),
      ([
        {
          held: { log, index },
          filter,
          scope,
          size,
        },
        position,
      ]) => {
        const newer = expected(log, filter, scope, size).filter(
          event =>
            timeOf(event) > position.occurredAt ||
            (timeOf(event) === position.occurredAt && event.index > position.index),
        )
        expect(index.rank(filter, scope, position, { size })).toBe(newer.length)
      },
    )
  })

  test('the rank of each event is its place', () => {
    always(
      question,
      ({ held: { log, index }, filter, scope, size }) => {
        for (const [place, event] of expected(log, filter, scope, size).entries())
          expect(index.rank(filter, scope, positionOf(event), { size })).toBe(place)
      },
      100,
    )
  })

  test('the time range is that of the oldest and newest', () => {
    always(question, ({ held: { log, index }, filter, scope, size }) => {
      const whole = expected(log, filter, scope, size)
      const range = whole.length ? { first: timeOf(whole.at(-1)!), last: timeOf(whole[0]!) } : null
      expect(index.timeRange(filter, scope, { size })).toEqual(range)
    })
  })
})

describe('histograms', () => {
  const buckets = fc
    .tuple(fc.uniqueArray(someTime, { minLength: 1 }), fc.constantFrom(1, 1_700_000_000_124))
    .map(([starts, width]) => {
      starts.sort((a, b) => a - b)
      return { starts, end: starts.at(-1)! + width }
    })

  test('each bucket counts its events, from its start to before the next', () => {
    always(
      fc.tuple(question, buckets),
      ([
        {
          held: { log, index },
          filter,
          scope,
          size,
        },
        buckets,
      ]) => {
        const counts = buckets.starts.map((start, i) => {
          const end = buckets.starts[i + 1] ?? buckets.end
          return expected(log, filter, scope, size).filter(e => timeOf(e) >= start && timeOf(e) < end).length
        })
        expect(index.histogram(filter, scope, { ...buckets, size })).toEqual(counts)
      },
    )
  })

  test('the buckets of the whole time sum to the total', () => {
    always(question, ({ held: { index }, filter, scope, size }) => {
      const counts = index.histogram(filter, scope, { starts: [-1e13, 0, 2, 1e12], end: 1e14, size })
      expect(counts.reduce((a, b) => a + b)).toBe(index.total(filter, scope, { size }))
    })
  })

  test('by the values of a field each value has a histogram of its own', () => {
    const asked = fc.tuple(question, buckets, fc.constantFrom(...tupleFields))
    always(
      asked,
      ([
        {
          held: { index },
          filter,
          scope,
          size,
        },
        buckets,
        field,
      ]) => {
        const series = index.histogramBy(field, filter, scope, { ...buckets, size })
        for (const [value, counts] of series) {
          expect(counts.some(count => count > 0)).toBe(true)
          const own = filter[field] ?? { include: [], exclude: [] }
          expect(own.include.length === 0 || own.include.includes(value)).toBe(true)
          const only = { ...filter, [field]: { include: [value], exclude: own.exclude } }
          expect(counts).toEqual(index.histogram(only, scope, { ...buckets, size }))
        }
        if (field === 'channel') return
        const sums = buckets.starts.map((_, i) => [...series.values()].reduce((sum, all) => sum + all[i]!, 0))
        expect(sums).toEqual(index.histogram(filter, scope, { ...buckets, size }))
      },
    )
  })

  test('no buckets, no counts', () => {
    expect(new EventIndex().histogram({}, { personal: true }, { starts: [], end: 0 })).toEqual([])
  })
})

describe('facets', () => {
  const valuesOf: Record<FacetField, (event: AuditEvent) => (string | null)[]> = {
    action: event => [event.action],
    area: event => [event.area],
    actor: event => [event.actor.id],
    target: event => [...new Set(event.targets.map(targetKey))],
    outcome: event => [event.outcome],
    channel: event => [event.context.channel],
    changed: event => [...new Set(event.changes.map(change => change.field))],
  }

  function labelOf(field: FacetField, value: string, log: readonly AuditEvent[], scope: Scope): string {
    if (field === 'action') return actionLabel(value)
    if (field === 'area') return areaLabel(value)
    const latest = log.findLast(event => valuesOf[field](event).includes(value))
    if (field === 'actor' && latest && scope.personal) return actorLabel(latest.actor)
    const target = latest?.targets.findLast(target => targetKey(target) === value)
    return field === 'target' && target ? (target.name ?? target.id) : value
  }

  function emailOf(actor: string, log: readonly AuditEvent[]): string | null {
    return log.findLast(event => event.actor.id === actor)?.actor.email ?? null
  }

  function expectedFacet(
    field: FacetField,
    {
      log,
      filter,
      scope,
      size,
    }: { log: AuditEvent[]; filter: Filter; scope: Scope; size: number | undefined },
  ) {
    const { [field]: own, ...others } = filter
    const counts = new Map<string, number>()
    for (const value of [...(own?.include ?? []), ...(own?.exclude ?? [])]) counts.set(value, 0)
    for (const event of expected(log, others, scope, size))
      for (const value of valuesOf[field](event))
        if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
    return [...counts]
      .map(([value, count]) => {
        const email = field === 'actor' && scope.personal ? emailOf(value, log) : null
        return { value, label: labelOf(field, value, log, scope), count, ...(email && { email }) }
      })
      .sort((a, b) => b.count - a.count || compare(a.label, b.label) || compare(a.value, b.value))
  }

  function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0
  }

  test('the counts of a field ignore its own selection, and what is selected is listed', () => {
    always(question, ({ held: { log, index }, filter, scope, size }) => {
      const facets = index.facets(filter, scope, { fields: facetFields, limit: 100, size })
      for (const field of facetFields) {
        const values = expectedFacet(field, { log, filter, scope, size })
        expect(facets[field]).toEqual({ values, more: 0 })
      }
    })
  })

  test('a field asked for alone has the same counts', () => {
    always(fc.tuple(question, fc.constantFrom(...facetFields)), ([{ held, filter, scope, size }, field]) => {
      const alone = held.index.facets(filter, scope, { fields: [field], limit: 9, size })
      const all = held.index.facets(filter, scope, { fields: facetFields, limit: 9, size })
      expect(alone).toEqual({ [field]: all[field] })
    })
  })

  test('limit and search name some; the selected are always named; the rest is counted', () => {
    const asked = fc.record({
      limit: fc.nat({ max: 4 }),
      search: fc.constantFrom('', 'a', 'ADA', 'lo', 'target:', 'ü', 'zzz'),
      field: fc.constantFrom(...facetFields),
    })
    always(fc.tuple(question, asked), ([{ held, filter, scope, size }, { limit, search, field }]) => {
      const all = expectedFacet(field, { log: held.log, filter, scope, size })
      const selected = [...(filter[field]?.include ?? []), ...(filter[field]?.exclude ?? [])]
      const found = all.filter(
        ({ value, label, email = '', count }) =>
          count > 0 && [value, label, email].some(text => foldText(text).includes(foldText(search))),
      )
      const top = found.slice(0, limit)
      const values = all.filter(entry => top.includes(entry) || selected.includes(entry.value))
      const facet = held.index.facets(filter, scope, { fields: [field], limit, search, size })[field]
      expect(facet).toEqual({ values, more: found.filter(entry => !values.includes(entry)).length })
    })
  })
})

describe('what is held', () => {
  test('every event that was added, once', () => {
    always(someIndexedLog, ({ log, index }) => {
      expect(index.count).toBe(log.length)
      for (const event of log) {
        expect(index.has(event.index)).toBe(true)
        expect(index.has(event.index + 1)).toBe(log.some(other => other.index === event.index + 1))
      }
      const covered = index
        .coverage()
        .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
      expect(covered).toEqual(indexesOf(log))
      for (const [i, range] of index.coverage().entries())
        if (i > 0) expect(range.from).toBeGreaterThan(index.coverage()[i - 1]!.to)
    })
  })

  test('rows show what their events say, in the order asked for; names only where the scope has them', () => {
    always(fc.tuple(someIndexedLog, someScope), ([{ log, index }, scope]) => {
      const asked = [...indexesOf(log).toReversed(), 999_999]
      expect(index.rows(asked, scope)).toEqual(
        log.toReversed().map(event => ({
          index: event.index,
          occurredAt: timeOf(event),
          action: event.action,
          area: event.area,
          outcome: event.outcome,
          channel: event.context.channel,
          actor: {
            id: event.actor.id,
            type: event.actor.type,
            label: scope.personal ? actorLabel(event.actor) : event.actor.id,
          },
          targets: event.targets.map(({ type, id, name }) => ({ type, id, label: name ?? id })),
          changed: event.changes.length > 0,
        })),
      )
    })
  })

  test('an event without a valid time is refused, and nothing of its batch is taken in', () => {
    const [good] = fc.sample(
      someLog(5).filter(log => log.length > 1),
      { numRuns: 1, seed: 1 },
    )
    const index = new EventIndex()
    expect(() => index.append([good![0]!, { ...good![1]!, occurredAt: 'soon' }])).toThrow(RangeError)
    expect(index.count).toBe(0)
    expect(() => index.append([{ ...good![0]!, index: -1 }])).toThrow(RangeError)
  })
})

describe('while events arrive', () => {
  test('no answer is left over from before', () => {
    const asked = fc.record({
      log: someLog(40),
      filter: someFilter,
      scope: someScope,
      search: fc.constantFrom('', 'ada', 'adas', 'aaaa', 'lines'),
    })
    always(asked, ({ log, filter, scope, search }) => {
      const index = new EventIndex()
      const request = { fields: facetFields, limit: 9, search }
      for (let start = 0; start < log.length; start += 10) {
        index.append(log.slice(start, start + 10))
        const held = log.slice(0, start + 10)
        const fresh = new EventIndex()
        fresh.append(held)
        expect(index.total(filter, scope)).toBe(expected(held, filter, scope).length)
        expect(index.facets(filter, scope, request)).toEqual(fresh.facets(filter, scope, request))
      }
    })
  })

  test('a walk at a fixed size neither misses nor repeats', () => {
    const arrival = fc.record({
      log: someLog(60),
      filter: someFilter,
      scope: someScope,
      segmentRows,
      limit: fc.integer({ min: 1, max: 5 }),
      start: fc.nat({ max: 60 }),
      step: fc.integer({ min: 1, max: 9 }),
    })
    always(arrival, ({ log, filter, scope, segmentRows, limit, start, step }) => {
      const index = new EventIndex({ segmentRows })
      index.append(log.slice(0, start))
      const size = log[start]?.index ?? Number.MAX_SAFE_INTEGER
      const found: number[] = []
      let arrived = start
      let after: Position | null = null
      do {
        const page = index.page(filter, scope, { after, limit, size })
        expect(index.total(filter, scope, { size })).toBe(expected(log, filter, scope, size).length)
        found.push(...page.indexes)
        index.append(log.slice(arrived, arrived + step))
        arrived += step
        after = page.next
      } while (after)
      expect(found).toEqual(indexesOf(expected(log, filter, scope, size)))
    })
  })
})

describe('a log of several segments and full text blocks', () => {
  const log = fc
    .sample(someEvent, { numRuns: 3000, seed: 7 })
    .map((event, index) => ({ ...event, id: `e-${index}`, index }))
  const index = new EventIndex({ segmentRows: 1000 })
  index.append(log)

  test('every answer is that of the plain definition', () => {
    const place = fc.record({ at: fc.nat({ max: 2999 }), limit: fc.constantFrom(1, 10, 500) })
    const asked = fc.tuple(someFilter, someScope, place, fc.constantFrom(undefined, 100, 1500, 2990))
    always(
      asked,
      ([filter, scope, { at, limit }, size]) => {
        const whole = expected(log, filter, scope, size)
        const after = positionOf(log[at]!)
        const rank = whole.filter(event => isNewer(event, after)).length
        const following = whole.slice(rank).filter(event => event.index !== after.index)
        expect(index.total(filter, scope, { size })).toBe(whole.length)
        expect(index.rank(filter, scope, after, { size })).toBe(rank)
        expect(index.page(filter, scope, { after, limit, size }).indexes).toEqual(
          indexesOf(following.slice(0, limit)),
        )
        expect(index.pageAt(filter, scope, { offset: at, limit, size }).indexes).toEqual(
          indexesOf(whole.slice(at, at + limit)),
        )
        const buckets = { starts: [-1e13, 0, 1, 1e12], end: 1e14 }
        const histogram = index.histogram(filter, scope, { ...buckets, size })
        expect(histogram).toEqual(
          buckets.starts.map(
            (start, i) =>
              whole.filter(e => timeOf(e) >= start && timeOf(e) < (buckets.starts[i + 1] ?? 1e14)).length,
          ),
        )
      },
      120,
    )
  })

  test('one event among all is found', () => {
    const { action, area, actor, outcome, context } = log[1234]!
    const only = (value: string) => ({ include: [value], exclude: [] })
    const filter: Filter = {
      action: only(action),
      area: only(area),
      actor: only(actor.id),
      outcome: only(outcome),
      text: only('e-1234'),
      ...(context.channel && { channel: only(context.channel) }),
    }
    expect(index.page(filter, { personal: true }, { limit: 5 })).toEqual({ indexes: [1234], next: null })
  })
})

function isNewer(event: AuditEvent, position: Position): boolean {
  return (
    timeOf(event) > position.occurredAt ||
    (timeOf(event) === position.occurredAt && event.index > position.index)
  )
}
