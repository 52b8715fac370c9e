import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barPaths, bucketAt, partsOf, slotsAcross } from './bars.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)

test('slots meet without gap or overlap and fill the width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 96 }), fc.integer({ min: 100, max: 700 }), (count, width) => {
      const slots = slotsAcross(count, width)
      slots.forEach((slot, at) => {
        expect(slot.left + slot.width).toBe(slots[at + 1]?.left ?? width)
      })
    }),
  )
})

test('a place is in the bucket drawn there, and outside in the nearest', () => {
  const slots = slotsAcross(90, 336)
  slots.forEach(({ left, width }, at) => {
    expect(bucketAt(left + width / 2, 90, 336)).toBe(at)
  })
  expect(bucketAt(-5, 90, 336)).toBe(0)
  expect(bucketAt(400, 90, 336)).toBe(89)
})

test('one failure among thousands is still seen, and takes nothing from the height of the bar', () => {
  expect(partsOf([9_999, 0, 1], 10_000, 30)).toEqual([29, 0, 1])
})

test('a single event in a busy log is a low bar, not none', () => {
  expect(partsOf([1, 0, 0], 10_000, 30)).toEqual([2, 0, 0])
  expect(partsOf([0, 0, 0], 10_000, 30)).toEqual([0, 0, 0])
})

test('parts are seen exactly where something was counted, and the highest bar fills the plot', () => {
  const counts = fc.array(fc.nat({ max: 5_000 }), { minLength: 3, maxLength: 6 })
  fc.assert(
    fc.property(counts, fc.integer({ min: 30, max: 44 }), (bar, height) => {
      const parts = partsOf(bar, Math.max(1, sum(bar)), height)
      parts.forEach((part, i) => {
        expect(part > 0).toBe(bar[i]! > 0)
      })
      if (sum(bar) > 0) expect(sum(parts)).toBe(height)
    }),
  )
})

test('each series is one path of closed bars that stand on each other', () => {
  const [low, high] = barPaths(
    [
      [2, 0],
      [2, 4],
    ],
    slotsAcross(2, 10),
    8,
  )
  expect(low).toBe('M0 4h4v4h-4z')
  expect(high).toBe('M0 0h4v4h-4zM5 0h4v8h-4z')
})
