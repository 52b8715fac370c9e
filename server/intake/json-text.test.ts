import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPath, parseJson } from './json-text.ts'

const read = (text: string) => parseJson(text, 'text')

describe('reading JSON strictly', () => {
  test('any JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false } as never), text => {
        const parsed = parseJson(text, 'text')
        const value = JSON.parse(text)
        const isExact = JSON.stringify(value, (_name, inner) =>
          typeof inner === 'number' && Number.isInteger(inner) && !Number.isSafeInteger(inner)
            ? 'large'
            : inner,
        )
        if (!isExact?.includes('large')) expect(parsed).toEqual({ value })
      }),
    )
  })

  test('a name given twice is refused, with its path', () => {
    expect(read('{"a":1,"a":2}')).toEqual({ error: { reason: 'is named twice in one object', path: 'a' } })
    expect(read('{"a":[{"b":1},{"b":1,"c":":","b":3}]}')).toMatchObject({ error: { path: 'a[1].b' } })
    expect(read(String.raw`{"\u0061":1,"a":2}`)).toMatchObject({ error: { path: 'a' } })
    expect(read('{"a":{"a":1},"b":[{"a":1},{"a":1}]}')).toHaveProperty('value')
  })

  test('digits that a number would lose are kept as text, or refused', () => {
    expect(read('{"n":12345678901234567890,"m":[-9007199254740993,1.5,9007199254740991]}')).toEqual({
      value: { n: '12345678901234567890', m: ['-9007199254740993', 1.5, 9007199254740991] },
    })
    expect(read('{"n":"12345678901234567890"}')).toEqual({ value: { n: '12345678901234567890' } })
    expect(read('{"n":1e999}')).toEqual({ value: { n: '1e999' } })
    expect(parseJson('{"n":12345678901234567890}', 'refuse')).toMatchObject({
      error: { reason: expect.stringContaining('12345678901234567890') },
    })
  })

  test('what is wrong is said without the text itself', () => {
    const { reason } = (read('{"password": secret}') as { error: { reason: string } }).error
    expect(reason).toMatch(/^is not JSON(: unexpected text at character 14)?$/)
    expect(read('{"a":')).toMatchObject({
      error: { reason: 'is not JSON: it ends before the value is complete' },
    })
    expect(read('{"a":"x')).toMatchObject({
      error: { reason: 'is not JSON: it ends before the value is complete' },
    })
    expect(read('')).toMatchObject({ error: { reason: 'is empty' } })
    expect(read('{"a":"\u0000"}')).toHaveProperty('error')
    expect(read(String.raw`{"a":"\u0000"}`)).toEqual({ value: { a: '\u0000' } })
  })

  test('a million brackets break nothing', () => {
    expect(read('['.repeat(1_000_000))).toMatchObject({
      error: { reason: expect.stringContaining('nested') },
    })
    expect(read(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)).toHaveProperty('error')
  })

  test('any text gets an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\0123456789eE+-. \n"a"b') }), text => {
        const parsed = read(text)
        expect('value' in parsed || parsed.error.reason.length > 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

test('paths read as people write them', () => {
  expect(formatPath(['changes', 0, 'field'])).toBe('changes[0].field')
  expect(formatPath(['metadata', 'a b'])).toBe('metadata["a b"]')
  expect(formatPath([])).toBe('')
})
