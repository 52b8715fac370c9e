import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesEqual,
  concatBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from './bytes.ts'

describe('encodings', () => {
  it('agree with Buffer and come back unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        const buffer = Buffer.from(bytes)
        expect(toHex(bytes)).toBe(buffer.toString('hex'))
        expect(toBase64(bytes)).toBe(buffer.toString('base64'))
        expect(toBase64Url(bytes)).toBe(buffer.toString('base64url'))
        expect(fromHex(toHex(bytes))).toEqual(bytes)
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  it.each(['AA', 'AA=', 'AB==', 'AAB=', ' AAAA', 'AAAA\n', 'AA==AA==', 'A-_A', '=', 'é'])(
    'refuse %j as base64',
    text => {
      expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'encoding_malformed' }))
    },
  )

  it.each(['0', 'AA', '0g', ' 00', '0x00'])('refuse %j as hexadecimal', text => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'encoding_malformed' }))
  })

  it.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]]])('refuse %j as UTF-8', bytes => {
    expect(() => fromUtf8(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'encoding_malformed' }),
    )
  })

  it('keep a byte order mark as a character', () => {
    expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa')
  })
})

describe('byte strings', () => {
  it('are equal only with the same length and bytes', () => {
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(bytesEqual(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
  })

  it('join in order', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    )
  })
})
