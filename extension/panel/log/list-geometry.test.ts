import { expect, test } from 'vitest'
import { createListGeometry } from './list-geometry.ts'
import { createScrollMap, tallestElement } from './scroll-map.ts'

const days = [
  { day: 'c', offset: 0, count: 3 },
  { day: 'b', offset: 3, count: 1 },
  { day: 'a', offset: 4, count: 6 },
]
const geometry = createListGeometry({ days, total: 10, rowHeight: 44, headingHeight: 26 })

test('each row stands below the headings of its day and those before', () => {
  expect(geometry.height).toBe(10 * 44 + 3 * 26)
  expect(geometry.topOfRow(0)).toBe(26)
  expect(geometry.topOfRow(2)).toBe(26 + 2 * 44)
  expect(geometry.topOfRow(3)).toBe(2 * 26 + 3 * 44)
  expect(geometry.topOfRow(9)).toBe(3 * 26 + 9 * 44)
})

test('the row at a height is the one drawn there', () => {
  for (let offset = 0; offset < 10; offset++) {
    const top = geometry.topOfRow(offset)
    expect(geometry.rowAt(top)).toBe(offset)
    expect(geometry.rowAt(top + 43)).toBe(offset)
  }
  expect(geometry.rowAt(0)).toBe(0)
  expect(geometry.rowAt(99_999)).toBe(9)
  expect([0, 158, 159, 228, 229].map(geometry.dayAt)).toEqual([0, 1, 1, 2, 2])
})

test('an empty list has no day and no height', () => {
  const empty = createListGeometry({ days: [], total: 0, rowHeight: 44, headingHeight: 26 })
  expect(empty.height).toBe(0)
  expect(empty.dayAt(0)).toBe(-1)
})

test('scrolling is one to one while browsers can bear the height', () => {
  const map = createScrollMap(100_000, 600)
  expect(map.elementHeight).toBe(100_000)
  expect(map.follow({ scrollTop: 0, listTop: 0 }, 500)).toEqual({ scrollTop: 500, listTop: 500 })
})

test('in a list of ten million rows small steps stay exact and both ends are reached', () => {
  const height = 10_000_000 * 44
  const map = createScrollMap(height, 600)
  expect(map.elementHeight).toBe(tallestElement)
  const middle = map.placeOf(height / 2)
  expect(map.follow(middle, middle.scrollTop + 100).listTop).toBe(height / 2 + 100)
  expect(map.follow(middle, tallestElement - 600).listTop).toBe(height - 600)
  expect(map.follow(middle, 0).listTop).toBe(0)
  expect(map.placeOf(height).listTop).toBe(height - 600)
})
