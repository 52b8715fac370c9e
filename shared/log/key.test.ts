import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import {
  createVerifierKey,
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
} from './key.ts'

const malformed = expect.objectContaining({ kind: 'malformed' })
const publicKey = new Uint8Array(32).fill(7)
const key = createVerifierKey('example.com/log', 1, publicKey)

describe('verifier keys', () => {
  it.each([
    ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 1],
    ['example.com/behind-the-sofa+6ded73a9+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c', 1],
    ['witness.example.com/w1+745fb5e8+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU', 4],
  ])('K3: reads %s and writes it again', (text, algorithm) => {
    const parsed = parseVerifierKey(text)
    expect(parsed.algorithm).toBe(algorithm)
    expect(formatVerifierKey(parsed)).toBe(text)
    expect(createVerifierKey(parsed.name, algorithm, parsed.publicKey).id).toBe(parsed.id)
  })

  it('K2: have another id for another name, type or key', () => {
    const ids = [
      key.id,
      createVerifierKey('example.com/log2', 1, publicKey).id,
      createVerifierKey('example.com/log', 4, publicKey).id,
      createVerifierKey('example.com/log', 1, new Uint8Array(32)).id,
    ]
    expect(new Set(ids).size).toBe(4)
  })

  it.each(['', 'a b', 'a+b', 'a\tb', 'a\u2003b', 'a\u0085b', 'a\nb', 'a\u0000b'])(
    'K1: refuse the name %j',
    name => {
      expect(() => createVerifierKey(name, 1, publicKey)).toThrow(
        expect.objectContaining({ code: 'key_malformed' }),
      )
    },
  )

  const text = formatVerifierKey(key)
  it.each([
    '',
    'example.com/log',
    'example.com/log+00000000',
    text.slice(1),
    text.replace(key.id, '00000000'),
    text.replace(key.id, key.id.slice(1)),
    text.replace(key.id, key.id.toUpperCase().padEnd(8, 'A')).replace(/\+[0-9A-F]{8}\+/, '+ABCDEF12+'),
    `${text}=`,
    `${text}\n`,
    ` ${text}`,
    text.slice(0, -4),
    formatVerifierKey(createVerifierKey('a', 1, new Uint8Array(31))),
    formatVerifierKey(createVerifierKey('a', 4, new Uint8Array(33))),
    formatVerifierKey(createVerifierKey('a', 1, new Uint8Array())),
  ])('K3: refuse %j', text => {
    expect(() => parseVerifierKey(text)).toThrow(malformed)
  })

  it('K3: of other types are read, for others to judge', () => {
    const other = createVerifierKey('a', 6, new Uint8Array(1312))
    expect(parseVerifierKey(formatVerifierKey(other))).toEqual(other)
  })
})

describe('signer keys', () => {
  const signer = { name: 'example.com/log', id: key.id, algorithm: 1, seed: new Uint8Array(32).fill(1) }

  it('K4: come back unchanged', () => {
    const text = formatSignerKey(signer)
    expect(text.startsWith(`PRIVATE+KEY+example.com/log+${key.id}+A`)).toBe(true)
    expect(parseSignerKey(text)).toEqual(signer)
    expect(toHex(parseSignerKey(text).seed)).toBe('01'.repeat(32))
  })

  it.each([
    formatVerifierKey(key),
    formatSignerKey({ ...signer, seed: new Uint8Array(31) }),
    formatSignerKey({ ...signer, algorithm: 2 }),
    formatSignerKey({ ...signer, name: 'a b' }),
    formatSignerKey(signer).replace('PRIVATE', 'private'),
  ])('K4: refuse %j', text => {
    expect(() => parseSignerKey(text)).toThrow(malformed)
  })
})
