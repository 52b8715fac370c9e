import { expect, test } from 'vitest'
import { fuzzyScore } from './fuzzy.ts'

const best = (typed: string, names: string[]) =>
  names
    .map(name => ({ name, score: fuzzyScore(name, typed) }))
    .filter(({ score }) => score !== null)
    .sort((a, b) => b.score! - a.score!)
    .map(({ name }) => name)

const names = [
  'Export',
  'Go to a day',
  'Copy event as JSON',
  'Copy event as text',
  'Sign out',
  'Settings',
  'Édition',
]

test.each([
  ['exp', ['Export']],
  ['COPY js', ['Copy event as JSON']],
  ['json copy', ['Copy event as JSON']],
  ['gtd', ['Go to a day']],
  ['edit', ['Édition']],
  ['out', ['Sign out']],
  ['zz', []],
])('%s', (typed, expected) => {
  expect(best(typed, names)).toEqual(expected)
})

test('beginnings go before parts, short names before long ones', () => {
  expect(best('se', names)[0]).toBe('Settings')
  expect(best('copy', names)).toEqual(['Copy event as JSON', 'Copy event as text'])
})
