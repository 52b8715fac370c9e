import { expect, test } from 'vitest'
import { changeLines } from './change-lines.ts'

test('plain values are shown whole', () => {
  expect(changeLines(50, 500).lines).toEqual([
    { kind: 'removed', path: '', value: 50 },
    { kind: 'added', path: '', value: 500 },
  ])
})

test('of lists only the items that came or went are shown', () => {
  expect(changeLines(['a', 'b', 'b'], ['b', 'c'])).toEqual({
    lines: [
      { kind: 'removed', path: '', value: 'a' },
      { kind: 'removed', path: '', value: 'b' },
      { kind: 'added', path: '', value: 'c' },
    ],
    unchanged: 1,
  })
})

test('where only the order differs, the lists themselves are shown', () => {
  expect(changeLines(['a', 'b'], ['b', 'a']).lines.map(line => line.value)).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ])
})

test('of objects only the members that differ are shown, by their path', () => {
  const before = { limits: { daily: 5, weekly: 9 }, name: 'x', old: true }
  const after = { limits: { daily: 6, weekly: 9 }, name: 'x', new: null }
  expect(changeLines(before, after)).toEqual({
    lines: [
      { kind: 'removed', path: 'limits.daily', value: 5 },
      { kind: 'added', path: 'limits.daily', value: 6 },
      { kind: 'removed', path: 'old', value: true },
      { kind: 'added', path: 'new', value: null },
    ],
    unchanged: 2,
  })
})
