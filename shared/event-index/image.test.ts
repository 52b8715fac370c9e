import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someEvent, someFilter, someLog, someScope } from '../../test/support/arbitrary-event.ts'
import { facetFields } from '../api.ts'
import type { AuditEvent } from '../audit-event.ts'
import type { Filter } from '../filter.ts'
import { EventIndex } from './event-index.ts'
import type { IndexImage, KeptIndex } from './index-image.ts'
import { MemoryText } from './memory-text.ts'
import { packArrays, unpackArrays } from './packed-arrays.ts'
import { decodeSegment, encodeSegment } from './segment-image.ts'

/** The image as it comes back from where it was kept. */
function kept({ segments, vocabulary: { texts, numbers } }: IndexImage): KeptIndex {
  return {
    segments: segments.map(segment => decodeSegment(encodeSegment(segment))),
    texts: Object.fromEntries(
      Object.entries(texts).map(([name, { size, at }]) => [
        name,
        Array.from({ length: size }, (_, i) => at(i)),
      ]),
    ),
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, codes]) => [name, codes.slice()])),
  }
}

function answersOf(index: EventIndex, filter: Filter, personal: boolean) {
  const scope = { personal }
  const page = index.page(filter, scope, { limit: 1000 })
  return {
    page,
    total: index.total(filter, scope),
    rows: index.rows(page.indexes, scope),
    facets: index.facets(filter, scope, { fields: facetFields, limit: 100, search: 'a' }),
    histogram: index.histogram(filter, scope, { starts: [0, 1, 1_000], end: 2_000_000_000_000 }),
    coverage: index.coverage(),
  }
}

const question = fc.record({
  log: someLog(60),
  before: fc.nat({ max: 60 }),
  /** Events that lost what is personal before the image was taken. */
  erased: fc.array(fc.boolean(), { maxLength: 60 }),
  segmentRows: fc.constantFrom(1, 2, 3, 7, 65_536),
  filter: someFilter,
  scope: someScope,
})

test('an index taken up from its image, and what came since, answers as one that saw everything', () => {
  fc.assert(
    fc.property(question, ({ log, before, erased, segmentRows, filter, scope }) => {
      const final = log.map((event, i) => (i < before && erased[i] ? withoutNames(event) : event))
      const text = new MemoryText()
      const first = new EventIndex({ segmentRows, text })
      first.append(log.slice(0, before))
      first.replace(final.filter((_, i) => i < before && erased[i]))
      const again = new EventIndex({ segmentRows, text })
      again.restore(kept(first.image()))
      again.append(final.slice(before))
      const fresh = new EventIndex({ segmentRows })
      fresh.append(final)
      expect(answersOf(again, filter, scope.personal)).toEqual(answersOf(fresh, filter, scope.personal))
    }),
    { numRuns: 400 },
  )
})

function withoutNames(event: AuditEvent): AuditEvent {
  return {
    ...event,
    actor: { ...event.actor, name: null, email: null, onBehalfOf: null },
    targets: event.targets.map(target => ({ ...target, name: null })),
    changes: [],
    context: { ...event.context, ip: null, userAgent: null, location: null },
  }
}

test('names that a replacement took from every event are not in the image', () => {
  const [sample] = fc.sample(someEvent, { numRuns: 1, seed: 1 })
  const secret = 'very-particular'
  const event: AuditEvent = {
    ...{ ...sample!, index: 0 },
    actor: { ...sample!.actor, name: `${secret}-name`, email: `${secret}@example.com` },
    targets: [{ type: 'user', id: 'u', name: `${secret}-target` }],
    changes: [{ field: `${secret}-field`, before: null, after: null }],
    context: { ...sample!.context, ip: `${secret}-ip` },
  }
  const index = new EventIndex()
  index.append([event, { ...event, index: 1, actor: { ...event.actor, name: 'Kept' } }])
  expect(JSON.stringify(kept(index.image()).texts)).toContain(secret)
  index.replace([withoutNames(event), { ...withoutNames(event), index: 1 }])
  expect(JSON.stringify(kept(index.image()).texts)).not.toContain(secret)
})

test('packed arrays come back, and bytes cut short are refused', () => {
  const arrays = [
    Uint8Array.of(1, 2, 3),
    Uint16Array.of(65_535),
    new Uint32Array(0),
    Float64Array.of(0.5, -1),
  ]
  const bytes = packArrays(arrays)
  expect(unpackArrays(bytes)).toEqual(arrays)
  expect(() => unpackArrays(bytes.subarray(0, bytes.length - 8))).toThrow(RangeError)
})
