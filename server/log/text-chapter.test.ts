import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChapterBuilder, findInChapter } from './text-chapter.ts'
import { findUuids, isUuid } from './uuid-search.ts'

const line = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 'é', '日', '-', '1'), { maxLength: 4 }).map(parts => parts.join('')),
  fc.uuid(),
  fc.constantFrom('11111111-1111-4111-8111-111111111111', '1a-1a'),
)
const lines = fc.array(line, { maxLength: 3 }).map(parts => parts.join('\n'))
const somePhrase = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'b', 'é', '日', '-', '1'), { minLength: 1, maxLength: 6 })
    .map(p => p.join('')),
  fc.tuple(fc.uuid(), fc.nat(35), fc.nat(36)).map(([id, from, length]) => id.slice(from, from + length + 1)),
)

test('finds the entries whose text holds the phrase', () => {
  const asked = fc.record({
    texts: fc.array(fc.record({ open: lines, personal: lines }), { maxLength: 12 }),
    phrases: fc.array(somePhrase, { minLength: 1, maxLength: 6 }),
    personal: fc.boolean(),
    part: fc.tuple(fc.nat(11), fc.nat(30), fc.nat(36)),
  })
  fc.assert(
    fc.property(asked, ({ texts, phrases, personal, part: [place, from, length] }) => {
      const builder = new ChapterBuilder()
      for (const [slot, { open, personal }] of texts.entries()) builder.add(slot * 5000, open, personal)
      const chapter = builder.build()
      const own = texts[place]?.open
        .split('\n')
        .at(-1)
        ?.slice(from, from + length + 1)
      for (const phrase of own ? [...phrases, own] : phrases) {
        const bits = findInChapter(name => chapter[name], phrase, personal)
        const found = texts.flatMap((_, i) =>
          bits && (bits[(i * 5000) >>> 5]! >>> ((i * 5000) & 31)) & 1 ? [i] : [],
        )
        const expected = texts.flatMap(({ open, personal: rest }, i) =>
          (personal ? `${open}\n${rest}` : open).includes(phrase) ? [i] : [],
        )
        expect(found).toEqual(expected)
        expect(bits === null).toBe(expected.length === 0)
      }
    }),
    { numRuns: 500 },
  )
})

test('a part of a UUID is found where it stands, at any digit, and across no border', () => {
  const ids = ['01234567-89ab-4cde-8f01-23456789abcd', 'ffffffff-ffff-4fff-bfff-fffffffffff0']
  const bytes = Buffer.concat(ids.map(id => Buffer.from(id.replaceAll('-', ''), 'hex')))
  for (const [number, id] of ids.entries()) {
    expect(isUuid(id)).toBe(true)
    for (let from = 0; from < 36; from++) {
      for (let to = from + 1; to <= 36; to++) {
        const phrase = id.slice(from, to)
        const expected = ids.flatMap((other, i) => (other.includes(phrase) ? [i] : []))
        expect([...new Set(findUuids(bytes, phrase))].sort()).toEqual(expected)
        expect(expected).toContain(number)
      }
    }
  }
  expect(findUuids(bytes, 'abcdffff')).toEqual([])
  expect(findUuids(bytes, '0123456789')).toEqual([])
})
