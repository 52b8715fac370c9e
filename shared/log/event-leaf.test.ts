import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildLeafBytes, eventToLeafBytes } from '../../test/support/leaf-bytes.ts'
import { hasher } from '../../test/support/reference-tree.ts'
import type { AuditEvent } from '../audit-event.ts'
import type { Json, JsonObject } from '../json.ts'
import { fromUtf8, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { COMMITTED_FIELDS, leafToEvent, parseEventLeaf } from './event-leaf.ts'
import type { Disclosure } from './leaf.ts'

const withCode = (code: string) => expect.objectContaining({ code })

const event: AuditEvent = {
  id: '01JD8Z6Q2M4K70000000000042',
  source: 'platform',
  index: 12,
  occurredAt: '2026-11-22T23:14:37.614Z',
  receivedAt: '2026-11-22T23:14:38.001Z',
  action: 'scan.started',
  area: 'scans',
  actor: {
    type: 'user',
    id: 'u_42',
    name: 'Möbius',
    email: 'möbius@example.com',
    onBehalfOf: { id: 'u_1', name: 'Support', email: null },
  },
  targets: [
    { type: 'target', id: 't_1', name: 'shop.example.com' },
    { type: 'scan', id: 's_9', name: null },
  ],
  outcome: 'success',
  changes: [{ field: 'profile', before: null, after: { name: 'Full', tags: [1, 'a'] } }],
  context: {
    ip: '203.0.113.42',
    userAgent: 'Chrome/141',
    channel: 'web',
    requestId: 'r-1',
    sessionId: 's-1',
    location: 'Linz, AT',
  },
  metadata: { note: 'nightly', depth: 3 },
  withheld: [],
}
const bare: AuditEvent = {
  ...event,
  actor: { type: 'system', id: 'scheduler', name: null, email: null, onBehalfOf: null },
  targets: [],
  changes: [],
  context: { ip: null, userAgent: null, channel: null, requestId: null, sessionId: null, location: null },
  metadata: {},
}

function countingBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i)
}

const { leaf, disclosures } = eventToLeafBytes(hasher, event, { tenant: 'acme' }, countingBytes)
const without = (...names: string[]) => disclosures.filter(({ name }) => !names.includes(name))

/** The leaf with some open fields replaced (or, when undefined, dropped). */
function tampered(fields: Record<string, Json | undefined>): Uint8Array {
  const entries = Object.entries({ ...JSON.parse(fromUtf8(leaf)), ...fields })
  return utf8(canonicalJson(Object.fromEntries(entries.filter(([, value]) => value !== undefined))))
}

/** A leaf that really commits to these values, whatever their shape, disclosed. */
function committing(values: Partial<Record<string, Json>>): { leaf: Uint8Array; disclosures: Disclosure[] } {
  const { v: _v, c: _c, ...open } = JSON.parse(fromUtf8(leaf)) as JsonObject
  const given = Object.fromEntries(disclosures.map(({ name, value }) => [name, value]))
  return buildLeafBytes(hasher, open, { ...given, ...(values as JsonObject) }, countingBytes)
}

describe('events as leaves', () => {
  it('E1: open fields, and nothing else in the clear', () => {
    const parsed = parseEventLeaf(leaf)
    expect({ ...parsed, c: {} }).toEqual({
      v: 1,
      id: '01JD8Z6Q2M4K70000000000042',
      source: 'platform',
      ts: '2026-11-22T23:14:37.614Z',
      rx: '2026-11-22T23:14:38.001Z',
      tenant: 'acme',
      action: 'scan.started',
      area: 'scans',
      actor: { id: 'u_42', type: 'user' },
      targets: [
        { id: 't_1', type: 'target' },
        { id: 's_9', type: 'scan' },
      ],
      outcome: 'success',
      channel: 'web',
      req: 'r-1',
      ses: 's-1',
      obo: 'u_1',
      c: {},
    })
    const text = fromUtf8(leaf)
    for (const secret of ['bius', 'Support', 'shop.', '203.0', 'Chrome', 'Linz', 'nightly', 'Full']) {
      expect(text).not.toContain(secret)
    }
  })

  it('E2: every committed field, whatever its value', () => {
    const names = disclosures.map(({ name }) => name)
    expect(names).toEqual([...COMMITTED_FIELDS])
    const empty = eventToLeafBytes(hasher, bare, { tenant: 'acme' }, countingBytes)
    expect(empty.disclosures.map(({ name }) => name)).toEqual(names)
    expect(Object.keys(parseEventLeaf(empty.leaf).c)).toEqual(names)
    expect(new Set(Object.values(parseEventLeaf(empty.leaf).c)).size).toBe(COMMITTED_FIELDS.length)
  })

  it('E2: come back whole with every disclosure, in any order', () => {
    expect(leafToEvent(hasher, leaf, disclosures, 12)).toEqual(event)
    expect(leafToEvent(hasher, leaf, disclosures.toReversed(), 12)).toEqual(event)
    const empty = eventToLeafBytes(hasher, bare, { tenant: 'acme' }, countingBytes)
    expect(leafToEvent(hasher, empty.leaf, empty.disclosures, 12)).toEqual(bare)
  })

  it('E6: take their index from their place', () => {
    expect(leafToEvent(hasher, leaf, disclosures, 99).index).toBe(99)
  })

  it('E4: without disclosures have ids, and every committed field withheld', () => {
    const redacted = leafToEvent(hasher, leaf, [], 12)
    expect(redacted.withheld).toEqual([...COMMITTED_FIELDS])
    expect(redacted).toEqual({
      ...event,
      actor: {
        type: 'user',
        id: 'u_42',
        name: null,
        email: null,
        onBehalfOf: { id: 'u_1', name: null, email: null },
      },
      targets: [
        { type: 'target', id: 't_1', name: null },
        { type: 'scan', id: 's_9', name: null },
      ],
      changes: [],
      context: { ...event.context, ip: null, userAgent: null, location: null },
      metadata: {},
      withheld: [...COMMITTED_FIELDS],
    })
  })

  it.each([...COMMITTED_FIELDS])('E4: without %s say so, and keep the rest', field => {
    const redacted = leafToEvent(hasher, leaf, without(field), 12)
    expect(redacted.withheld).toEqual([field])
    expect({ ...redacted, withheld: [] }).not.toEqual(event)
  })

  it('L8: have the same leaf after an erasure', () => {
    const before = hasher.leafHash(leaf)
    leafToEvent(hasher, leaf, without('actor.email', 'actor.name'), 12)
    expect(hasher.leafHash(leaf)).toEqual(before)
  })

  it('L9: above 65,535 bytes are refused with a typed error', () => {
    const targets = Array.from({ length: 64 }, (_, i) => ({
      type: 'target',
      id: `${i}${'ü'.repeat(900)}`,
      name: null,
    }))
    expect(() => eventToLeafBytes(hasher, { ...event, targets }, { tenant: 'acme' }, countingBytes)).toThrow(
      expect.objectContaining({ code: 'entry_too_large', kind: 'malformed' }),
    )
  })

  it('J5: with what JSON cannot carry are refused', () => {
    const bad = { ...event, metadata: { half: '\ud800' } }
    expect(() => eventToLeafBytes(hasher, bad, { tenant: 'acme' }, countingBytes)).toThrow(
      withCode('json_unsupported'),
    )
  })

  it('E2: come back whole whatever they carry', () => {
    const name = fc.option(fc.string({ unit: 'grapheme' }))
    const values = fc.record({
      email: name,
      ip: name,
      after: fc.jsonValue({ maxDepth: 2 }),
      metadata: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
      names: fc.array(name, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(values, fc.nat(511), ({ email, ip, after, metadata, names }, mask) => {
        const sent: AuditEvent = JSON.parse(
          JSON.stringify({
            ...event,
            actor: { ...event.actor, email },
            targets: names.map((name, i) => ({ type: 'target', id: `t${i}`, name })),
            changes: [{ field: 'f', before: null, after }],
            context: { ...event.context, ip },
            metadata,
          }),
        )
        const made = eventToLeafBytes(hasher, sent, { tenant: 'acme' }, countingBytes)
        expect(leafToEvent(hasher, made.leaf, made.disclosures, 12)).toEqual(sent)
        const some = made.disclosures.filter((_, i) => (mask >> i) % 2 === 1)
        const given = leafToEvent(hasher, made.leaf, some, 12)
        expect(given.withheld.length + some.length).toBe(COMMITTED_FIELDS.length)
      }),
    )
  })
})

describe('leaves that are no event', () => {
  it.each<[string, Record<string, Json | undefined>]>([
    ['without an id', { id: undefined }],
    ['without a channel', { channel: undefined }],
    ['with one field more', { extra: 1 }],
    ['with a number for an id', { id: 42 }],
    ['with no id but null', { id: null }],
    ['with an actor of text', { actor: 'u_42' }],
    ['with an actor without a type', { actor: { id: 'u_42' } }],
    ['with an actor with a name in the clear', { actor: { id: 'u_42', name: 'x', type: 'user' } }],
    ['with targets of text', { targets: 'all' }],
    ['with targets that are an object', { targets: {} }],
    ['with a target of null', { targets: [null] }],
    ['with a target with a name in the clear', { targets: [{ id: 'a', name: 'b', type: 'c' }] }],
    ['with a number for a session', { ses: 1 }],
    ['without commitments', { c: {} }],
    ['of another version', { v: 2 }],
  ])('E3: %s are refused', (_, fields) => {
    expect(() => leafToEvent(hasher, tampered(fields), [], 0)).toThrow(withCode('leaf_malformed'))
  })

  it('E3: with one committed field less or more are refused', () => {
    const { c } = JSON.parse(fromUtf8(leaf)) as { c: JsonObject }
    const { metadata, ...fewer } = c
    expect(() => parseEventLeaf(tampered({ c: fewer }))).toThrow(withCode('leaf_malformed'))
    expect(() => parseEventLeaf(tampered({ c: { ...c, phone: metadata! } }))).toThrow(
      withCode('leaf_malformed'),
    )
  })

  it('L1: not canonical are refused', () => {
    expect(() => parseEventLeaf(utf8(JSON.stringify(JSON.parse(fromUtf8(leaf)), null, 1)))).toThrow(
      withCode('json_not_canonical'),
    )
  })
})

describe('disclosures of an event', () => {
  it('L5: with a value changed are refused, field by field', () => {
    for (const [i, disclosure] of disclosures.entries()) {
      const changed = disclosures.with(i, { ...disclosure, value: 'somebody else' })
      expect(() => leafToEvent(hasher, leaf, changed, 12)).toThrow(
        expect.objectContaining({ code: 'disclosure_mismatch', kind: 'misbehaved' }),
      )
    }
  })

  it('L5: of a field the leaf does not have are refused', () => {
    const unknown = { name: 'actor.phone', salt: '00'.repeat(16), value: null }
    expect(() => leafToEvent(hasher, leaf, [unknown], 12)).toThrow(
      expect.objectContaining({ code: 'disclosure_unknown', kind: 'misbehaved' }),
    )
  })

  it('L6: given twice are refused', () => {
    expect(() => leafToEvent(hasher, leaf, [...disclosures, disclosures[0]!], 12)).toThrow(
      withCode('disclosure_duplicate'),
    )
  })

  it.each<[string, Json]>([
    ['actor.name', 1],
    ['actor.email', ['a']],
    ['actor.onBehalfOf', 'x'],
    ['actor.onBehalfOf', { name: 1 }],
    ['changes', 'x'],
    ['changes', {}],
    ['changes', [null]],
    ['changes', [{ field: 'a', before: 1 }]],
    ['changes', [{ field: 1, before: 1, after: 2 }]],
    ['context.ip', 7],
    ['metadata', []],
    ['metadata', 'x'],
    ['targets.names', 'x'],
    ['targets.names', ['one']],
    ['targets.names', ['one', 2]],
    ['targets.names', ['one', 'two', 'three']],
  ])('E5: of %s that hold and are %j are refused', (name, value) => {
    const made = committing({ [name]: value })
    expect(() => leafToEvent(hasher, made.leaf, made.disclosures, 0)).toThrow(withCode('leaf_malformed'))
  })

  it('E5: that name somebody acted for, where there is nobody, are refused', () => {
    const { leaf, disclosures } = eventToLeafBytes(hasher, bare, { tenant: 'acme' }, countingBytes)
    const { v: _v, c: _c, ...open } = JSON.parse(fromUtf8(leaf)) as JsonObject
    const values = Object.fromEntries(disclosures.map(({ name, value }) => [name, value]))
    const made = buildLeafBytes(
      hasher,
      open,
      { ...values, 'actor.onBehalfOf': { name: 'x', email: null } },
      countingBytes,
    )
    expect(() => leafToEvent(hasher, made.leaf, made.disclosures, 0)).toThrow(withCode('leaf_malformed'))
  })
})
