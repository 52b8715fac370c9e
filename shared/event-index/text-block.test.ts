import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextBlock } from './text-block.ts'
import { textBlockSize } from './text-source.ts'

const letters = fc
  .array(fc.constantFrom('a', 'a', 'b', 'é', '\n'), { maxLength: 8 })
  .map(parts => parts.join(''))
const someText = fc.record({ open: letters, personal: letters })
const phrase = letters.map(text => text.replaceAll('\n', '').slice(0, 3))

test('finds the events whose text holds the phrase, before and after the block is full', () => {
  const asked = fc.record({
    texts: fc.array(someText, { minLength: textBlockSize, maxLength: textBlockSize, size: 'max' }),
    held: fc.constantFrom(0, 1, 7, 255, 256),
    phrases: fc.array(phrase, { minLength: 1, maxLength: 6 }),
    personal: fc.boolean(),
  })
  fc.assert(
    fc.property(asked, ({ texts, held, phrases, personal }) => {
      const block = new TextBlock()
      const slots = texts.map((_, slot) => (slot * 77) % textBlockSize).slice(0, held)
      for (const phrase of phrases) block.find(phrase, personal)
      for (const slot of slots) block.add(slot, texts[slot]!.open, texts[slot]!.personal)
      for (const phrase of phrases) {
        const expected = slots.filter(slot => {
          const { open, personal: rest } = texts[slot]!
          return (personal ? `${open}\n${rest}` : open).includes(phrase)
        })
        const bits = block.find(phrase, personal)
        const found = texts
          .map((_, slot) => slot)
          .filter(slot => bits && (bits[slot >>> 5]! >>> (slot & 31)) & 1)
        expect(found).toEqual(expected.sort((a, b) => a - b))
        expect(bits === null).toBe(expected.length === 0)
      }
    }),
    { numRuns: 150 },
  )
})

test('more distinct lines than two bytes can number', () => {
  const block = new TextBlock()
  for (let slot = 0; slot < textBlockSize; slot++) {
    const lines = Array.from({ length: 300 }, (_, line) => `line-${slot}-${line}.`)
    block.add(slot, lines.join('\n'), 'personal')
  }
  expect([...block.find('line-255-299.', false)!]).toEqual([0, 0, 0, 0, 0, 0, 0, 2 ** 31])
  expect(block.find('personal', false)).toBeNull()
})
