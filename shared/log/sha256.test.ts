import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from './bytes.ts'
import { sha256 } from './sha256.ts'

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('SHA-256', () => {
  it('agrees with the examples of FIPS 180-4', () => {
    expect(toHex(sha256(utf8('')))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('agrees with node:crypto at every length across four blocks', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 131) % 256)
    for (let length = 0; length <= 300; length++) {
      expect(toHex(sha256(bytes.subarray(0, length)))).toBe(expected(bytes.subarray(0, length)))
    }
  })

  it('agrees with node:crypto on any bytes, views into larger arrays included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(50), (bytes, offset) => {
        const view = bytes.subarray(Math.min(offset, bytes.length))
        expect(toHex(sha256(view))).toBe(expected(view))
      }),
    )
  })

  it('agrees with node:crypto on many megabytes', () => {
    const bytes = new Uint8Array(8_000_003).map((_, i) => i % 251)
    expect(toHex(sha256(bytes))).toBe(expected(bytes))
  })

  it('answers fresh bytes every time', () => {
    const first = sha256(utf8('one'))
    sha256(utf8('two'))
    expect(toHex(first)).toBe(expected(utf8('one')))
  })
})
