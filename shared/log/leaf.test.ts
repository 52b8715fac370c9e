import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildLeafBytes } from '../../test/support/leaf-bytes.ts'
import { hasher } from '../../test/support/reference-tree.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import type { Json } from '../json.ts'
import { fromHex, fromUtf8, toHex, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { commitment, type Disclosure, openDisclosures, parseLeaf, verifyDisclosure } from './leaf.ts'

const file = `${sharedFolder()}/vectors/own/leaf-v1.json`
const missing = !existsSync(file)
const withCode = (code: string) => expect.objectContaining({ code })

/** Counts up instead of being random, so that salts differ and tests repeat. */
function countingBytes(): (length: number) => Uint8Array {
  let next = 0
  return length => Uint8Array.from({ length }, () => next++ % 256)
}

const committed = { 'actor.email': 'möbius@example.com', 'ctx.ip': null, diff: { from: 1, to: [2] } }
const built = buildLeafBytes(hasher, { id: 'e1' }, committed, countingBytes())
const leaf = parseLeaf(built.leaf)

describe('commitments', () => {
  it.each([
    [
      'actor.email',
      'möbius@example.com',
      '2bc990059473448e6ebd442aa16bfaa0',
      '_XyQk1LNGechb5Je9o3lN7RN2YwXcfrgEDs2ccxnC2E',
    ],
    [
      'ctx.ip',
      '203.0.113.42',
      'dc90cf07de907ccc64636ceddb38e552',
      'nP1xzLHjpdr0Yfd47DuWrSCJNRecA-rGs6XtAA-_E_k',
    ],
  ])('L3: of %s are as fixed', (name, value, salt, expected) => {
    expect(commitment(hasher, name, value, fromHex(salt))).toBe(expected)
  })

  it('L3: differ by name, value and salt', () => {
    const salt = new Uint8Array(16)
    const other = Uint8Array.from(salt).fill(1, 15)
    const all = [
      commitment(hasher, 'a', 'b', salt),
      commitment(hasher, 'b', 'a', salt),
      commitment(hasher, 'a', ['b'], salt),
      commitment(hasher, 'a', null, salt),
      commitment(hasher, 'a', 'null', salt),
      commitment(hasher, 'a', 'b', other),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it.each([0, 15, 17, 32])('L3: refuse a salt of %i bytes', length => {
    expect(() => commitment(hasher, 'a', 1, new Uint8Array(length))).toThrow(withCode('disclosure_malformed'))
  })
})

describe.skipIf(missing)('the published leaf (skipped when the shared folder is absent)', () => {
  const vector = missing ? null : JSON.parse(readFileSync(file, 'utf8'))

  it('L2, L3: is built byte for byte', () => {
    const values: Record<string, Json> = {}
    const salts: Uint8Array[] = []
    for (const { name, value, salt, jcs, commitment: expected } of vector.disclosures) {
      expect(canonicalJson([name, value])).toBe(jcs)
      expect(commitment(hasher, name, value, fromHex(salt))).toBe(expected)
      values[name] = value
      salts.push(fromHex(salt))
    }
    const { leaf, disclosures } = buildLeafBytes(hasher, vector.open, values, () => Buffer.concat(salts))
    expect(fromUtf8(leaf)).toBe(vector.leaf)
    expect(leaf.length).toBe(vector.leaf_bytes)
    expect(toHex(hasher.leafHash(leaf))).toBe(vector.leaf_hash)
    expect(openDisclosures(hasher, parseLeaf(leaf), disclosures).withheld).toEqual([])
  })
})

describe('leaves', () => {
  it('L2: hold open fields and commitments, and no committed value', () => {
    expect(leaf).toEqual({ v: 1, id: 'e1', c: leaf.c })
    expect(Object.keys(leaf.c)).toEqual(['actor.email', 'ctx.ip', 'diff'])
    expect(fromUtf8(built.leaf)).not.toContain('example.com')
  })

  it('L2: keep a field of any name', () => {
    const { leaf, disclosures } = buildLeafBytes(hasher, {}, JSON.parse('{"__proto__":1}'), countingBytes())
    expect(openDisclosures(hasher, parseLeaf(leaf), disclosures).values.get('__proto__')).toBe(1)
    expect(() => openDisclosures(hasher, parseLeaf(leaf), [])).not.toThrow()
  })

  it('L3: take a fresh salt for every field', () => {
    expect(new Set(built.disclosures.map(disclosure => disclosure.salt)).size).toBe(3)
  })

  it.each([
    '[]',
    'null',
    '"v"',
    '{}',
    '{"v":1}',
    '{"c":{},"v":2}',
    '{"c":{},"v":"1"}',
    '{"c":[],"v":1}',
    '{"c":null,"v":1}',
    '{"c":{"a":1},"v":1}',
    '{"c":{"a":"short"},"v":1}',
    `{"c":{"a":"${'A'.repeat(44)}"},"v":1}`,
    `{"c":{"a":"${'A'.repeat(42)}="},"v":1}`,
  ])('L2: are not %j', text => {
    expect(() => parseLeaf(utf8(text))).toThrow(withCode('leaf_malformed'))
  })

  it('L1: are canonical or refused', () => {
    expect(() => parseLeaf(utf8('{"v":1,"c":{}}'))).toThrow(withCode('json_not_canonical'))
    expect(() => parseLeaf(utf8('{"c":{},"v":1.0}'))).toThrow(withCode('json_not_canonical'))
    expect(() => parseLeaf(utf8('{"c":{},"c":{},"v":1}'))).toThrow(withCode('json_not_canonical'))
  })

  it('L9: have at most 65,535 bytes', () => {
    const length = (text: string) => buildLeafBytes(hasher, { text }, {}, countingBytes()).leaf.length
    const frame = length('')
    expect(length('x'.repeat(65_535 - frame))).toBe(65_535)
    expect(() => length('x'.repeat(65_536 - frame))).toThrow(withCode('entry_too_large'))
    expect(() => parseLeaf(new Uint8Array(65_536))).toThrow(withCode('entry_too_large'))
  })
})

describe('disclosures', () => {
  const [email, ip, diff] = built.disclosures as [Disclosure, Disclosure, Disclosure]

  it('L5: open what was committed', () => {
    const { values, withheld } = openDisclosures(hasher, leaf, built.disclosures)
    expect(Object.fromEntries(values)).toEqual(committed)
    expect(withheld).toEqual([])
  })

  it('L7: that are missing are reported by name', () => {
    expect(openDisclosures(hasher, leaf, [ip]).withheld).toEqual(['actor.email', 'diff'])
    expect(openDisclosures(hasher, leaf, []).withheld).toEqual(['actor.email', 'ctx.ip', 'diff'])
  })

  it.each<[string, Partial<Disclosure>, string]>([
    ['another value', { value: 'mobius@example.com' }, 'disclosure_mismatch'],
    ['null for the value', { value: null }, 'disclosure_mismatch'],
    [
      'the value in another normal form',
      { value: 'möbius@example.com'.normalize('NFD') },
      'disclosure_mismatch',
    ],
    ['another salt', { salt: '0'.repeat(32) }, 'disclosure_mismatch'],
    ['the name of another field', { name: 'ctx.ip' }, 'disclosure_mismatch'],
    ['an unknown name', { name: 'actor.phone' }, 'disclosure_unknown'],
    ['a name of every object', { name: 'constructor' }, 'disclosure_unknown'],
    ['the name __proto__', { name: '__proto__' }, 'disclosure_unknown'],
    ['a salt in capitals', { salt: email.salt.toUpperCase() }, 'disclosure_malformed'],
    ['a short salt', { salt: email.salt.slice(2) }, 'disclosure_malformed'],
    ['a long salt', { salt: `${email.salt}00` }, 'disclosure_malformed'],
    ['an empty salt', { salt: '' }, 'disclosure_malformed'],
    ['a salt with a newline', { salt: `${email.salt}\n` }, 'disclosure_malformed'],
    ['a value JSON cannot carry', { value: '\ud800' }, 'json_unsupported'],
  ])('L5: with %s are refused', (_, change, code) => {
    expect(() => verifyDisclosure(hasher, leaf, { ...email, ...change })).toThrow(withCode(code))
  })

  it('L5: of one leaf do not open another', () => {
    const other = buildLeafBytes(hasher, { id: 'e2' }, committed, length => new Uint8Array(length).fill(9))
    expect(() => verifyDisclosure(hasher, parseLeaf(other.leaf), email)).toThrow(
      withCode('disclosure_mismatch'),
    )
  })

  it('L6: are given once', () => {
    expect(() => openDisclosures(hasher, leaf, [diff, email, diff])).toThrow(withCode('disclosure_duplicate'))
  })

  it('L5: open whatever JSON was committed, and with any character of the value changed do not', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.string(), (value, suffix) => {
        const { leaf, disclosures } = buildLeafBytes(hasher, {}, { field: value as Json }, countingBytes())
        const [disclosure] = disclosures
        verifyDisclosure(hasher, parseLeaf(leaf), disclosure!)
        const changed = { ...disclosure!, value: [value as Json, suffix] }
        expect(() => verifyDisclosure(hasher, parseLeaf(leaf), changed)).toThrow(
          withCode('disclosure_mismatch'),
        )
      }),
    )
  })
})
