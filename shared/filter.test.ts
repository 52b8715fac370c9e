import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someEvent, someFilter, writableFilter } from '../test/support/arbitrary-event.ts'
import type { AuditEvent } from './audit-event.ts'
import {
  type Filter,
  FilterError,
  type FilterPart,
  formatFilter,
  isEmptyFilter,
  matches,
  parseFilter,
} from './filter.ts'

const everything = { personal: true }
const open = { personal: false }

const event: AuditEvent = {
  id: 'e1',
  source: 'test',
  index: 0,
  occurredAt: '2024-03-01T10:00:00.000Z',
  receivedAt: '2024-03-01T10:00:00.000Z',
  action: 'user.login',
  area: 'authentication',
  actor: { type: 'user', id: 'u1', name: 'Zoë Ångström', email: 'zoe@example.com', onBehalfOf: null },
  targets: [
    { type: 'target', id: 't1', name: 'Shop' },
    { type: 'role', id: 'r1', name: null },
  ],
  outcome: 'failure',
  changes: [{ field: 'limit', before: 50, after: 500 }],
  context: {
    ip: '10.1.2.3',
    userAgent: 'Mozilla',
    channel: null,
    requestId: null,
    sessionId: null,
    location: null,
  },
  metadata: {},
  withheld: [],
}

function including(part: FilterPart, ...include: string[]): Filter {
  return { [part]: { include, exclude: [] } }
}

function excluding(part: FilterPart, ...exclude: string[]): Filter {
  return { [part]: { include: [], exclude } }
}

describe('what a filter means', () => {
  test.each<[FilterPart, string, string]>([
    ['action', 'user.login', 'user.logout'],
    ['area', 'authentication', 'scans'],
    ['actor', 'u1', 'zoe@example.com'],
    ['target', 'target:t1', 'target:r1'],
    ['target', 'role:r1', 'role:t1'],
    ['outcome', 'failure', 'success'],
    ['ip', '10.1.0.0/16', '10.2.0.0/16'],
    ['changed', 'limit', 'Limit'],
    ['text', 'zoe angstrom', 'nothing of it'],
    ['text', 'user logged in', 'user.logged in'],
    ['text', '500', '501'],
  ])('%s: %s fits, %s does not', (part, fitting, other) => {
    expect(matches(including(part, fitting), event, everything)).toBe(true)
    expect(matches(including(part, other), event, everything)).toBe(false)
    expect(matches(excluding(part, fitting), event, everything)).toBe(false)
    expect(matches(excluding(part, other), event, everything)).toBe(true)
    // One of several values is enough, but for text, where each is to be found.
    expect(matches(including(part, fitting, other), event, everything)).toBe(part !== 'text')
    expect(matches(excluding(part, fitting, other), event, everything)).toBe(false)
  })

  test('a value that is absent fits no name and is left out by none', () => {
    expect(matches(including('channel', 'web'), event, everything)).toBe(false)
    expect(matches(excluding('channel', 'web'), event, everything)).toBe(true)
  })

  test('from belongs to the range, to does not', () => {
    const { occurredAt } = event
    expect(matches({ from: occurredAt }, event, everything)).toBe(true)
    expect(matches({ to: occurredAt }, event, everything)).toBe(false)
    expect(matches({ from: '2024-03-01T10:00:00.001Z' }, event, everything)).toBe(false)
    expect(matches({ to: '2024-03-01T10:00:00.001Z' }, event, everything)).toBe(true)
  })

  test('all parts have to hold', () => {
    const filter = { ...including('action', 'user.login'), ...excluding('outcome', 'denied') }
    expect(matches(filter, event, everything)).toBe(true)
    expect(matches({ ...filter, ...including('actor', 'u2') }, event, everything)).toBe(false)
  })

  test('without the permission for personal data no filter can find it out', () => {
    expect(matches(including('ip', '0.0.0.0/0'), event, open)).toBe(false)
    expect(matches(excluding('ip', '0.0.0.0/0'), event, open)).toBe(true)
    expect(matches(including('text', 'angstrom'), event, open)).toBe(false)
    expect(matches(excluding('text', 'angstrom'), event, open)).toBe(true)
    expect(matches(including('text', 'u1'), event, open)).toBe(true)
    fc.assert(
      fc.property(someEvent, someFilter, ({ actor, context, ...rest }, filter) => {
        const withheld = { ...actor, name: null, email: null, onBehalfOf: null }
        const nowhere = { ...context, ip: null, userAgent: null, location: null }
        const bare = { ...rest, index: 0, actor: withheld, context: nowhere }
        expect(matches(filter, { ...rest, index: 0, actor, context }, open)).toBe(matches(filter, bare, open))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('as URL parameters', () => {
  test('what is written is read again, also through a URL', () => {
    fc.assert(
      fc.property(writableFilter, filter => {
        expect(parseFilter(formatFilter(filter))).toEqual(filter)
        const url = new URL(`https://example.com/?${formatFilter(filter)}`)
        expect(parseFilter(url.searchParams)).toEqual(filter)
      }),
      { numRuns: 500 },
    )
  })

  test('are named as they are documented', () => {
    const filter: Filter = {
      action: { include: ['user.login', 'user.logout'], exclude: [] },
      actor: { include: [], exclude: ['u1'] },
      text: { include: ['two words'], exclude: ['three'] },
      from: '2024-03-01T00:00:00.000Z',
    }
    const expected =
      'action=user.login&action=user.logout&not.actor=u1&q=two+words&not.q=three&from=2024-03-01T00%3A00%3A00.000Z'
    expect(formatFilter(filter).toString()).toBe(expected)
  })

  test('other parameters, empty values and repetitions are left out', () => {
    const parameters = new URLSearchParams('limit=5&cursor=x&action=&actor=a&actor=a&not.area=')
    expect(parseFilter(parameters)).toEqual({ actor: { include: ['a'], exclude: [] } })
  })

  test('times with an offset become UTC', () => {
    const parameters = new URLSearchParams({ from: '2024-03-01T00:00:00+01:00' })
    expect(parseFilter(parameters)).toEqual({ from: '2024-02-29T23:00:00.000Z' })
  })

  test.each([
    ['outcome=maybe', 'outcome'],
    ['not.outcome=maybe', 'outcome'],
    ['channel=pigeon', 'channel'],
    ['ip=nowhere', 'ip'],
    ['ip=10.0.0.0/99', 'ip'],
    ['from=yesterday', 'from'],
    ['from=', 'from'],
    ['to=2024-03-01', 'to'],
  ])('%s is refused, naming the parameter', (query, parameter) => {
    let error: unknown
    try {
      parseFilter(new URLSearchParams(query))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(FilterError)
    expect((error as FilterError).parameter).toBe(parameter)
  })
})

test('a filter is empty where it asks for nothing in particular', () => {
  expect(isEmptyFilter({})).toBe(true)
  expect(isEmptyFilter({ action: { include: [], exclude: [] } })).toBe(true)
  expect(isEmptyFilter(including('action', 'a'))).toBe(false)
  expect(isEmptyFilter(excluding('text', 'a'))).toBe(false)
  expect(isEmptyFilter({ to: '2024-03-01T00:00:00.000Z' })).toBe(false)
})
