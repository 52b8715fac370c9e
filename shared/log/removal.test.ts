import { expect, test } from 'vitest'
import { countIn, isCovered, isIn, rangesOfBundles, removalTold } from './removal.ts'

test('bundles as few ranges, in any order and named twice', () => {
  expect(rangesOfBundles([])).toEqual([])
  expect(rangesOfBundles([3, 0, 1, 3])).toEqual([
    { from: 0, to: 512 },
    { from: 768, to: 1024 },
  ])
})

test('what lies within ranges, and how many', () => {
  const ranges = rangesOfBundles([0, 1, 3])
  expect([511, 512, 768, 1024].map(index => isIn(ranges, index))).toEqual([true, false, true, false])
  expect(isCovered(ranges, { from: 0, to: 512 })).toBe(true)
  expect(isCovered(ranges, { from: 256, to: 1024 })).toBe(false)
  expect(countIn(ranges, 100, 800)).toBe(412 + 32)
})

test('H5: only an event of the server’s own tells of a removal, and only of what lies before it', () => {
  const removed = [{ from: 0, to: 256 }]
  const event = {
    index: 256,
    source: 'trailside',
    action: 'auditlog.retention_applied',
    metadata: { removed },
  }
  expect(removalTold(event)).toEqual(removed)
  expect(removalTold({ ...event, index: 255 })).toBeNull()
  expect(removalTold({ ...event, source: 'api' })).toBeNull()
  expect(removalTold({ ...event, action: 'auditlog.erased' })).toBeNull()
  for (const metadata of [
    null,
    {},
    { removed: 1 },
    { removed: [null] },
    { removed: [{ from: '0', to: 256 }] },
  ]) {
    expect(removalTold({ ...event, metadata })).toBeNull()
  }
})
