import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNormalise } from './normalise.ts'

const normalise = createNormalise(new Uint8Array(32).fill(7))
const event = {
  id: '1',
  occurredAt: '2025-11-15T10:30:00+02:00',
  action: 'scan.started',
  actor: { id: 'u1', name: 'Bo' },
}
const refused = (changes: object) => {
  const result = normalise({ ...event, ...changes })
  return result.ok ? null : `${result.path}: ${result.reason}`
}
const accepted = (changes: object) => {
  const result = normalise({ ...event, ...changes })
  if (!result.ok) throw new Error(`${result.path}: ${result.reason}`)
  return result.event
}

test('the least a sender may say is completed', () => {
  expect(accepted({})).toEqual({
    id: '1',
    source: 'api',
    occurredAt: '2025-11-15T08:30:00.000Z',
    action: 'scan.started',
    area: 'scans',
    actor: { type: 'user', id: 'u1', name: 'Bo', email: null, onBehalfOf: null },
    targets: [],
    outcome: 'success',
    changes: [],
    context: { ip: null, userAgent: null, channel: null, requestId: null, sessionId: null, location: null },
    metadata: {},
  })
})

describe('pseudonyms', () => {
  const idOf = (actor: object) => accepted({ actor }).actor.id

  test('one address gives one id, however it is written; another key gives another', () => {
    const id = idOf({ email: 'Bo@Example.com ' })
    expect(id).toMatch(/^pseudonym-[0-9a-f]{32}$/)
    expect(idOf({ email: 'bo@example.com', name: 'Bo' })).toBe(id)
    expect(idOf({ email: 'bo2@example.com' })).not.toBe(id)
    const other = createNormalise(new Uint8Array(32))({ ...event, actor: { email: 'bo@example.com' } })
    expect(other.ok && other.event.actor.id).not.toBe(id)
  })

  test('a name serves where there is no address; nobody at all is refused', () => {
    expect(idOf({ name: 'Bo' })).toMatch(/^pseudonym-/)
    expect(refused({ actor: {} })).toBe('actor: has neither id, e-mail nor name')
    expect(refused({ actor: { name: ' ', email: '' } })).toBe('actor: has neither id, e-mail nor name')
  })

  test('an address that is all there is to a target becomes its name', () => {
    const targets = [
      { type: 'user', id: 'bo@example.com' },
      { type: 'user', id: 'al@example.com', name: 'Al' },
      { type: 'target', id: 't-1' },
    ]
    const made = accepted({ targets }).targets
    expect(made[0]).toEqual({
      type: 'user',
      id: expect.stringMatching(/^pseudonym-/),
      name: 'bo@example.com',
    })
    expect(made.slice(1)).toEqual([targets[1], { ...targets[2], name: null }])
  })
})

describe('refusals', () => {
  test.each([
    [{ id: undefined }, 'id: is missing'],
    [{ id: '' }, 'id: is empty'],
    [{ id: 7 }, 'id: must be a string, not a number'],
    [{ id: 'x'.repeat(257) }, 'id: is longer than 256 characters'],
    [{ occurredAt: 'now' }, 'occurredAt: is not a time with an offset (RFC 3339)'],
    [{ occurredAt: '2025-02-30T00:00:00Z' }, 'occurredAt: is not a time with an offset (RFC 3339)'],
    [{ outcome: 'perhaps' }, 'outcome: must be one of success, failure, denied'],
    [{ actor: null }, 'actor: must be an object, not null'],
    [{ actor: { id: 'u', type: 'robot' } }, 'actor.type: must be one of user, api_key, service, system'],
    [{ targets: Array(65).fill({ type: 'a', id: 'b' }) }, 'targets: holds more than 64'],
    [{ changes: [{ field: 'a' }, { field: null }] }, 'changes[1].field: must be a string, not null'],
    [
      { changes: [{ field: 'a\uD800' }] },
      'changes[0].field: holds half a surrogate pair, which is no Unicode text',
    ],
    [{ metadata: [] }, 'metadata: must be an object, not an array'],
    [
      { metadata: { a: { b: ['\uDC00x'] } } },
      'metadata.a.b[0]: holds half a surrogate pair, which is no Unicode text',
    ],
    [{ metadata: { '\uD800': 1 } }, 'metadata: holds half a surrogate pair, which is no Unicode text'],
    [
      { metadata: { n: 2 ** 53 } },
      'metadata.n: is a number beyond 2^53, which no program reads exactly; write it as a string',
    ],
    [{ metadata: { n: Number.POSITIVE_INFINITY } }, 'metadata.n: is not a number that JSON can hold'],
    [{ metadata: JSON.parse('{"__proto__":1}') }, 'metadata: holds the name __proto__, which cannot be kept'],
    [{ metadata: { a: 'x'.repeat(2_000_001) } }, ': is longer than 2000000 characters of JSON'],
    [{ metadata: { a: '\u0001'.repeat(400_000) } }, ': is longer than 2000000 characters of JSON'],
  ])('%#', (changes, problem) => {
    expect(refused(changes)).toBe(problem)
  })

  test('what is no object at all', () => {
    for (const input of [null, undefined, 1, 'x', [event]])
      expect(normalise(input)).toMatchObject({ ok: false, reason: 'is not an object' })
  })

  test('nesting without end', () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 10_000; depth++) nested = [nested]
    expect(refused({ metadata: { nested } })).toContain('is nested more than 100 levels deep')
  })
})

test('hostile text is text: markup, formulas, NUL, bidi, a million characters', () => {
  const metadata = {
    a: '<script>',
    b: '=1+1',
    c: '\u0000',
    d: '\u202Eabc',
    e: 'é'.repeat(1_000_000),
    f: '😀',
  }
  expect(accepted({ metadata }).metadata).toEqual(metadata)
})

test('fields that events do not have are kept as metadata, unless the log itself wrote them', () => {
  expect(
    accepted({ ticket: 7, metadata: { a: 1 }, index: 3, receivedAt: 'x', withheld: [] }).metadata,
  ).toEqual({ ticket: 7, a: 1 })
})

test('whatever comes, an answer goes', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.record({
      ...Object.fromEntries(Object.keys(event).map(name => [name, fc.anything()])),
      metadata: fc.anything(),
    }),
  )
  fc.assert(
    fc.property(anything, input => {
      expect(typeof normalise(input).ok).toBe('boolean')
    }),
  )
})
