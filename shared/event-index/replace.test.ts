import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someEvent, someFilter, someLog, someScope } from '../../test/support/arbitrary-event.ts'
import { facetFields } from '../api.ts'
import type { AuditEvent } from '../audit-event.ts'
import type { Filter } from '../filter.ts'
import { EventIndex } from './event-index.ts'

/** The event as it reads with other values in place of its committed ones. */
function rewritten(event: AuditEvent, other: Omit<AuditEvent, 'index'>): AuditEvent {
  const { name, email, onBehalfOf } = other.actor
  const { ip, userAgent, location } = other.context
  return {
    ...event,
    actor: { ...event.actor, name, email, onBehalfOf },
    targets: event.targets.map(target => ({ ...target, name })),
    changes: other.changes,
    context: { ...event.context, ip, userAgent, location },
    metadata: other.metadata,
  }
}

function answersOf(index: EventIndex, filter: Filter, personal: boolean) {
  const scope = { personal }
  const page = index.page(filter, scope, { limit: 1000 })
  return {
    page,
    total: index.total(filter, scope),
    rows: index.rows(page.indexes, scope),
    facets: index.facets(filter, scope, { fields: facetFields, limit: 100 }),
    histogram: index.histogram(filter, scope, { starts: [0, 1, 1_000], end: 2_000_000_000_000 }),
    coverage: index.coverage(),
  }
}

const question = fc.record({
  log: someLog(60),
  others: fc.array(fc.option(someEvent, { nil: null }), { maxLength: 60 }),
  segmentRows: fc.constantFrom(1, 2, 3, 7, 65_536),
  filter: someFilter,
  scope: someScope,
  asked: fc.boolean(),
})

test('after a replacement every answer is as if the events had always read so', () => {
  fc.assert(
    fc.property(question, ({ log, others, segmentRows, filter, scope, asked }) => {
      const final = log.map((event, i) => (others[i] ? rewritten(event, others[i]) : event))
      const index = new EventIndex({ segmentRows })
      index.append(log)
      if (asked) answersOf(index, filter, scope.personal)
      index.replace(final.filter((_, i) => others[i]))
      const fresh = new EventIndex({ segmentRows })
      fresh.append(final)
      expect(answersOf(index, filter, scope.personal)).toEqual(answersOf(fresh, filter, scope.personal))
    }),
    { numRuns: 500 },
  )
})

test('what is not held is ignored, and an event of another time is refused', () => {
  const [event] = fc.sample(someEvent, { numRuns: 1, seed: 1 })
  const index = new EventIndex()
  index.append([{ ...event!, index: 7 }])
  index.replace([{ ...event!, index: 8 }])
  expect(index.coverage()).toEqual([{ from: 7, to: 8 }])
  const later = { ...event!, index: 7, occurredAt: '2030-01-01T00:00:00.000Z' }
  expect(() => index.replace([later])).toThrow(RangeError)
})

test('a whole block of text forgets its lines', () => {
  const [sample] = fc.sample(someEvent, { numRuns: 1, seed: 1 })
  const named = (index: number, name: string | null) => ({
    ...{ ...sample!, index, actor: { ...sample!.actor, name } },
  })
  const index = new EventIndex()
  index.append(Array.from({ length: 256 }, (_, i) => named(i, `Person ${i}`)))
  const found = (phrase: string) =>
    index.total({ text: { include: [phrase], exclude: [] } }, { personal: true })
  expect([found('person 7'), found('person 25')]).toEqual([11, 7])
  index.replace([named(7, null), named(255, null)])
  expect([found('person 7'), found('person 25')]).toEqual([10, 6])
})
