import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOfCaret } from './caret.ts'

/** The caret is at the bar. */
const at = (marked: string) => {
  const caret = marked.indexOf('|')
  const text = marked.replace('|', '')
  const place = placeOfCaret(text, caret)
  if (!place) return null
  const about = place.kind === 'value' ? place.part : place.kind === 'date' ? place.date : ''
  return [place.kind, about, place.typed, text.slice(place.start, place.end)].join(' ')
}

test.each([
  ['|', 'word   '],
  ['act|', 'word  act act'],
  ['-ar|ea', 'word  ar area'],
  ['foo |', 'word   '],
  ['act|ion:x', 'word  act action:'],
  ['user:|', 'value actor  '],
  ['user:ja|ne x', 'value actor ja jane'],
  ['-user:"Jane D|oe"', 'value actor Jane D "Jane Doe"'],
  ['action:[scan.started, us|', 'value action us us'],
  ['action:[scan.started,|]', 'value action  '],
  ['after:2026-|', 'date after 2026- 2026-'],
  ['foo:b|', null],
  ['"two w|', null],
])('%s', (marked, expected) => {
  expect(at(marked)).toBe(expected)
})

test('answers for any text, with a place within it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.nat({ max: 40 }), (text, caret) => {
      const place = placeOfCaret(text, Math.min(caret, text.length))
      if (!place) return
      expect(place.start).toBeLessThanOrEqual(place.end)
      expect(place.end).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 1000 },
  )
})
