import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someEvent } from '../test/support/arbitrary-event.ts'
import { AuditEvent, actorLabel, NewEvent, targetKey } from './audit-event.ts'

const least = { id: 'e1', occurredAt: '2024-03-01T10:00:00+02:00', action: 'user.login', actor: {} }

describe('a new event', () => {
  test('needs id, time, action and actor; the rest is filled in', () => {
    expect(NewEvent.parse(least)).toEqual({
      id: 'e1',
      source: 'api',
      occurredAt: '2024-03-01T08:00:00.000Z',
      action: 'user.login',
      actor: { type: 'user', name: null, email: null, onBehalfOf: null },
      targets: [],
      outcome: 'success',
      changes: [],
      context: {
        ip: null,
        userAgent: null,
        channel: null,
        requestId: null,
        sessionId: null,
        location: null,
      },
      metadata: {},
    })
  })

  test.each(['id', 'occurredAt', 'action', 'actor'])('is refused without %s', field => {
    const { [field as keyof typeof least]: _, ...rest } = least
    expect(NewEvent.safeParse(rest).success).toBe(false)
  })

  test.each([
    ['a time without an offset', { occurredAt: '2024-03-01T10:00:00' }, 'occurredAt'],
    ['no time at all', { occurredAt: 5 }, 'occurredAt'],
    ['an empty id', { id: '' }, 'id'],
    ['an id that is too long', { id: 'x'.repeat(257) }, 'id'],
    ['half a surrogate pair in the id', { id: 'a\ud800' }, 'id'],
    ['half a surrogate pair in a name', { actor: { name: '\udc00x' } }, 'actor.name'],
    ['an unknown outcome', { outcome: 'maybe' }, 'outcome'],
    ['an unknown channel', { context: { channel: 'pigeon' } }, 'context.channel'],
    ['an unknown kind of actor', { actor: { type: 'robot' } }, 'actor.type'],
    ['a target without an id', { targets: [{ type: 'target' }] }, 'targets.0.id'],
    ['too many targets', { targets: Array(65).fill({ type: 't', id: '1' }) }, 'targets'],
    ['metadata that is no object', { metadata: [] }, 'metadata'],
  ])('is refused with %s, naming the place', (_, part, path) => {
    const result = NewEvent.safeParse({ ...least, ...part })
    expect(result.error?.issues.map(issue => issue.path.join('.'))).toContain(path)
  })

  test('keeps hostile text as it is', () => {
    const name = '=1+1<script>\u202e\u0000😀'
    expect(NewEvent.parse({ ...least, actor: { name } }).actor.name).toBe(name)
  })
})

test('an event passes its own schema unchanged', () => {
  fc.assert(
    fc.property(someEvent, event => {
      const whole = { ...event, index: 3 }
      expect(AuditEvent.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
    }),
  )
})

test('an actor is shown by name, else e-mail, else id', () => {
  expect(actorLabel({ id: '1', name: 'Ada', email: 'a@b' })).toBe('Ada')
  expect(actorLabel({ id: '1', name: null, email: 'a@b' })).toBe('a@b')
  expect(actorLabel({ id: '1', name: null, email: null })).toBe('1')
})

test('targets of two types are two, whatever their ids', () => {
  expect(targetKey({ type: 'role', id: '1' })).not.toBe(targetKey({ type: 'team', id: '1' }))
})
