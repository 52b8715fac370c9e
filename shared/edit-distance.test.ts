import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, nearest } from './edit-distance.ts'

test('counts slips of the hand', () => {
  const pairs = [
    ['', '', 0],
    ['action', 'action', 0],
    ['actoin', 'action', 1],
    ['acton', 'action', 1],
    ['usr', 'user', 1],
    ['maybe', 'success', 6],
    ['', 'abc', 3],
  ] as const
  for (const [one, other, distance] of pairs) expect(editDistance(one, other)).toBe(distance)
})

test('is as far one way as the other, and no farther than to write it anew', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(editDistance(one, other)).toBe(editDistance(other, one))
      expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length))
      expect(editDistance(one, other) === 0).toBe(one === other)
    }),
  )
})

test('the nearest choice is what was meant; far ones are not', () => {
  const choices = ['success', 'failure', 'denied']
  expect(nearest('sucess', choices)).toBe('success')
  expect(nearest('FAILED', choices)).toBe('failure')
  expect(nearest('perhaps', choices)).toBeNull()
  expect(nearest('', choices)).toBeNull()
  expect(nearest('x'.repeat(1000), ['x'.repeat(1000)])).toBeNull()
})
