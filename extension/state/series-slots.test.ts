import { expect, test } from 'vitest'
import { slotsOf } from './series-slots.ts'

const series = (...values: (string | null)[]) => values.map(value => ({ value, counts: [1] }))

test('a value keeps its colour while others come and go, also while it is out of sight', () => {
  const first = slotsOf(series('scans', 'users', 'targets'), new Map(), 5)
  expect([...first]).toEqual([
    ['scans', 0],
    ['users', 1],
    ['targets', 2],
  ])
  const second = slotsOf(series('targets', 'reports'), first, 5)
  expect(second.get('targets')).toBe(2)
  expect(second.get('reports')).toBe(3)
  expect(slotsOf(series('scans', 'users'), second, 5).get('scans')).toBe(0)
})

test('where colours run out, one of those out of sight is taken, and no two in sight share one', () => {
  const first = slotsOf(series('a', 'b', 'c'), new Map(), 3)
  const second = slotsOf(series('d', 'c', null), first, 3)
  expect(second.get('c')).toBe(2)
  expect([0, 1]).toContain(second.get('d'))
  expect(new Set(second.values()).size).toBe(second.size)
})
