import { describe, expect, test } from 'vitest'
import { bundleWidth, lowestBundle, newestMissing } from './cache-window.ts'

const day = 86_400_000
const now = 1000 * day

/** A bundle received over one day, so many days ago. */
function bundle(number: number, daysAgo: number) {
  return { number, width: 256, oldestMs: now - daysAgo * day, newestMs: now - (daysAgo - 1) * day }
}

describe('the window', () => {
  test('holds so many of the newest events', () => {
    expect(lowestBundle(1_000_000, [], now, { days: 90, events: 200_000 })).toBe(3125)
    expect(lowestBundle(100, [], now, { days: 90, events: 200_000 })).toBe(0)
  })

  test('ends with the bundle that reaches beyond its days, which is kept', () => {
    const held = [bundle(9, 1), bundle(8, 89), bundle(7, 91), bundle(6, 200)]
    expect(lowestBundle(2560, held, now, { days: 90, events: 200_000 })).toBe(7)
  })
})

describe('what is missing', () => {
  const widths = new Map([
    [0, 256],
    [2, 256],
    [3, 7],
  ])
  const widthOf = (number: number) => widths.get(number) ?? 0

  test('is found newest first: a bundle that grew, then gaps', () => {
    expect(newestMissing(800, widthOf, Number.POSITIVE_INFINITY, 0)).toBe(3)
    expect(newestMissing(800, widthOf, 3, 0)).toBe(1)
    expect(newestMissing(800, widthOf, 1, 0)).toBeNull()
    expect(newestMissing(800, widthOf, 3, 2)).toBeNull()
    expect(newestMissing(775, widthOf, Number.POSITIVE_INFINITY, 2)).toBeNull()
    expect(newestMissing(0, widthOf, Number.POSITIVE_INFINITY, 0)).toBeNull()
  })

  test('is as wide as the log makes it', () => {
    expect([bundleWidth(800, 3), bundleWidth(800, 2), bundleWidth(768, 2)]).toEqual([32, 256, 256])
  })
})
