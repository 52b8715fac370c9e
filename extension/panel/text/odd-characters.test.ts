import { expect, test } from 'vitest'
import { hasOddCharacters, spellOddCharacters, splitOddCharacters } from './odd-characters.ts'

test('characters that reorder, hide or end text are named', () => {
  expect(spellOddCharacters('a\u202Eb\u0000c\u2066d\u200Be\uFEFFf\u001B[0m')).toBe(
    'a[RLO]b[NUL]c[LRI]d[ZWSP]e[BOM]f[ESC][0m',
  )
  expect(spellOddCharacters('half \uD800 pair')).toBe('half [U+D800] pair')
  expect(spellOddCharacters('tag \u{E0041}')).toBe('tag [U+E0041]')
})

test('ordinary text of any script stays as it is', () => {
  for (const text of ['Zoë\tO’Neil\n', 'נועה כהן', 'محمد', '👩‍💻🏳️‍🌈', 'नमस्ते', '日本語']) {
    expect(hasOddCharacters(text)).toBe(false)
    expect(splitOddCharacters(text)).toEqual([{ text }])
  }
})

test('nothing is lost in splitting, however often it is asked', () => {
  const text = '\u202Estart, middle \u0007 and end\u2069'
  for (let round = 0; round < 3; round++) {
    expect(hasOddCharacters(text)).toBe(true)
    const parts = splitOddCharacters(text)
    expect(parts.map(part => part.text).join('')).toBe(text)
    expect(parts.map(part => part.odd ?? '-')).toEqual(['RLO', '-', 'BEL', '-', 'PDI'])
  }
})
