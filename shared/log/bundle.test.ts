import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBundle, encodeBundle } from './bundle.ts'
import { concatBytes } from './bytes.ts'

const malformed = expect.objectContaining({ code: 'bundle_malformed', kind: 'malformed' })

describe('bundles', () => {
  it('B1: hold each entry behind its length', () => {
    const bytes = encodeBundle([Uint8Array.of(7), new Uint8Array(), new Uint8Array(258).fill(9)])
    expect(bytes.slice(0, 7)).toEqual(Uint8Array.of(0, 1, 7, 0, 0, 1, 2))
    expect(bytes.length).toBe(3 + 2 + 260)
  })

  it('B1: come back unchanged, and grow by joining', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
    fc.assert(
      fc.property(entries, entries, (first, second) => {
        const all = [...first, ...second]
        expect(decodeBundle(encodeBundle(all), all.length)).toEqual(all)
        expect(concatBytes(encodeBundle(first), encodeBundle(second))).toEqual(encodeBundle(all))
      }),
    )
  })

  it('L9: hold an entry of 65,535 bytes and none larger', () => {
    const largest = new Uint8Array(65_535).fill(1)
    expect(decodeBundle(encodeBundle([largest]))).toEqual([largest])
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(
      expect.objectContaining({ code: 'entry_too_large', kind: 'malformed' }),
    )
  })

  it('B2: are refused at every place they can be cut short', () => {
    const entries = [Uint8Array.of(1, 2, 3), Uint8Array.of(4), Uint8Array.of(5, 6)]
    const bytes = encodeBundle(entries)
    for (let end = 0; end < bytes.length; end++) {
      expect(() => decodeBundle(bytes.subarray(0, end), entries.length)).toThrow(malformed)
    }
    expect(() => decodeBundle(Uint8Array.of(0))).toThrow(malformed)
    expect(() => decodeBundle(Uint8Array.of(0, 2, 1))).toThrow(malformed)
  })

  it('B2: are refused with an entry more or less than asked for, and above 256', () => {
    const entry = Uint8Array.of(1)
    expect(() => decodeBundle(encodeBundle([entry, entry]), 1)).toThrow(malformed)
    expect(() => decodeBundle(encodeBundle([entry, entry]), 3)).toThrow(malformed)
    const many = new Array<Uint8Array>(257).fill(entry)
    expect(() => encodeBundle(many)).toThrow(malformed)
    expect(() => decodeBundle(concatBytes(...many.map(one => encodeBundle([one]))))).toThrow(malformed)
  })

  it('B2: never throw anything but a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          expect(encodeBundle(decodeBundle(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toEqual(malformed)
        }
      }),
    )
  })
})
