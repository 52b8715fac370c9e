import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { toHex, utf8 } from './bytes.ts'
import { canonicalJson, parseCanonical } from './canonical-json.ts'

const vectors = `${sharedFolder()}/vectors/jcs`
const missing = !existsSync(vectors)
const unsupported = expect.objectContaining({ code: 'json_unsupported', kind: 'malformed' })
const notCanonical = expect.objectContaining({ code: 'json_not_canonical', kind: 'malformed' })

describe('canonical JSON', () => {
  describe.skipIf(missing)('published vectors (skipped when the shared folder is absent)', () => {
    const names = missing ? [] : readdirSync(`${vectors}/input`)
    it.each(names)('J1: writes %s as published', name => {
      const value = JSON.parse(readFileSync(`${vectors}/input/${name}`, 'utf8'))
      const hex = readFileSync(`${vectors}/outhex/${name.replace('.json', '.txt')}`, 'utf8')
      expect(toHex(utf8(canonicalJson(value)))).toBe(hex.replaceAll(/\s/g, ''))
      expect(parseCanonical(readFileSync(`${vectors}/output/${name}`))).toEqual(value)
    })
  })

  it('J2: sorts names by UTF-16 code units at every depth and keeps lists in order', () => {
    expect(canonicalJson({ b: [2, 1, { d: 0, c: 0 }], a: 0 })).toBe('{"a":0,"b":[2,1,{"c":0,"d":0}]}')
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2, '10': 3, '9': 4, '': 5 })).toBe(
      '{"":5,"10":3,"9":4,"\u{1f600}":1,"\ufb33":2}',
    )
  })

  it.each([
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [2 ** 53, '9007199254740992'],
    [333333333.3333333, '333333333.3333333'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('J3: writes the number %s as ECMAScript does', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('J4: escapes what must be escaped and nothing else', () => {
    expect(canonicalJson('"\\/\b\t\n\f\r\u0000\u001f\u007f\u2028é')).toBe(
      '"\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028é"',
    )
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a function', () => 0],
    ['an own toJSON', { toJSON: () => 'x' }],
    ['a symbol', Symbol('a')],
    ['a name that is a symbol', { [Symbol('a')]: 1 }],
    ['a big integer', 1n],
    ['NaN', Number.NaN],
    ['infinity', { a: [Number.POSITIVE_INFINITY] }],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate in a name', { 'a\udc00': 1 }],
    ['a sparse list', new Array(2)],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a class instance', new (class Person {})()],
    ['a boxed number', Object(1)],
    ['bytes', new Uint8Array(2)],
    ['nesting without end', Array.from({ length: 129 }).reduce<unknown>(inner => [inner], 0)],
  ])('J5: refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(unsupported)
  })

  it('J5: takes data called toJSON or __proto__ for the data it is', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"toJSON":"x"}')
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"toJSON":"x"}')
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}')
  })

  it('J5: takes 128 levels of nesting', () => {
    const value = Array.from({ length: 128 }).reduce<unknown>(inner => [inner], 0)
    expect(parseCanonical(utf8(canonicalJson(value)))).toEqual(value)
  })

  it.each([
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{ "a":1}',
    '[1.0]',
    '[-0]',
    '[1E3]',
    '[1e3]',
    '"\\u0061"',
    '"\\/"',
    '"\\u000A"',
    '\ufeff{}',
    '{}\n',
    '',
    '{',
    'NaN',
    '[1,]',
  ])('J6: refuses %j', text => {
    expect(() => parseCanonical(utf8(text))).toThrow(notCanonical)
  })

  it('J6: refuses an escaped lone surrogate, bad UTF-8 and bottomless nesting', () => {
    expect(() => parseCanonical(utf8('"\\ud800"'))).toThrow(unsupported)
    expect(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(
      expect.objectContaining({ code: 'encoding_malformed' }),
    )
    expect(() => parseCanonical(utf8('['.repeat(20_000) + ']'.repeat(20_000)))).toThrow(unsupported)
  })

  it('J6: reads back whatever it writes, in one spelling', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), value => {
        const text = canonicalJson(value)
        expect(canonicalJson(parseCanonical(utf8(text)))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
