import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someEvent, someFilter, someLog, someScope } from '../../test/support/arbitrary-event.ts'
import { facetFields } from '../api.ts'
import type { Filter } from '../filter.ts'
import { isIn } from '../log/removal.ts'
import { EventIndex } from './event-index.ts'

/** Blocks of 256, of which few places are taken, so that several of them fit into a small log. */
const question = fc.record({
  log: someLog(60),
  blocks: fc.array(fc.nat({ max: 4 }), { minLength: 60, maxLength: 60 }),
  gone: fc.subarray([0, 1, 2, 3, 4]),
  segmentRows: fc.constantFrom(1, 2, 3, 7, 65_536),
  filter: someFilter,
  scope: someScope,
  asked: fc.boolean(),
})

/** All but the e-mail of someone whose latest event is gone, which rows do not keep. */
function answersOf(index: EventIndex, filter: Filter, personal: boolean) {
  const scope = { personal }
  const page = index.page(filter, scope, { limit: 1000 })
  return {
    page,
    total: index.total(filter, scope),
    rows: index.rows(page.indexes, scope),
    facets: Object.values(index.facets(filter, scope, { fields: facetFields, limit: 100 })).map(facet => ({
      ...facet,
      values: facet.values.map(({ value, label, count }) => ({ value, label, count })),
    })),
    histogram: index.histogram(filter, scope, { starts: [0, 1, 1_000], end: 2_000_000_000_000 }),
    coverage: index.coverage(),
    count: index.count,
  }
}

test('after a removal every answer is as if the events had never been there', () => {
  fc.assert(
    fc.property(question, ({ log, blocks, gone, segmentRows, filter, scope, asked }) => {
      const events = log.map((event, i) => ({ ...event, index: blocks[i]! * 256 + i }))
      const ranges = gone.map(block => ({ from: block * 256, to: (block + 1) * 256 }))
      const index = new EventIndex({ segmentRows })
      index.append(events)
      if (asked) answersOf(index, filter, scope.personal)
      index.remove(ranges)
      const fresh = new EventIndex({ segmentRows })
      fresh.append(events.filter(event => !isIn(ranges, event.index)))
      expect(answersOf(index, filter, scope.personal)).toEqual(answersOf(fresh, filter, scope.personal))
    }),
    { numRuns: 500 },
  )
})

test('what is not held is ignored, parts of blocks are refused, and what comes again is taken in', () => {
  const [event] = fc.sample(someEvent, { numRuns: 1, seed: 1 })
  const index = new EventIndex()
  index.append([{ ...event!, index: 7 }])
  expect(() => index.remove([{ from: 0, to: 255 }])).toThrow(RangeError)
  index.remove([{ from: 256, to: 512 }])
  expect(index.count).toBe(1)
  index.remove([{ from: 0, to: 256 }])
  expect([index.count, index.has(7)]).toEqual([0, false])
  index.append([{ ...event!, index: 7 }])
  expect(index.coverage()).toEqual([{ from: 7, to: 8 }])
})
