/** Random audit events and filters for property tests: few distinct values, so that everything meets everything. */
import fc from 'fast-check'
import type { AuditEvent, Channel, Outcome } from '../../shared/audit-event.ts'
import { type Filter, type FilterPart, filterParts, type Values } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'

const actions = ['user.login', 'user.logout', 'scan.started', 'GetBucketLogging', 'strange', 'scan.é_done']
const areas = ['authentication', 'scans', 'made-up', 'Ünknown']
const actorIds = ['u1', 'u2', 'key-3', 'Łukasz']
const names = [null, 'Ada Lovelace', 'Adá', 'ΑΔΑΣ', 'aaaa', 'two\nlines']
const targets = [
  { type: 'target', id: 't1' },
  { type: 'target', id: 't2' },
  { type: 'role', id: 't1' },
  // Both have the key `a:b:c`: a filter cannot tell them apart.
  { type: 'a', id: 'b:c' },
  { type: 'a:b', id: 'c' },
]
const addresses = [
  null,
  '10.0.0.1',
  '10.0.7.7',
  '::ffff:10.0.0.1',
  '2001:db8::1',
  '2001:0db8::0001',
  'no address',
]
const outcomes: Outcome[] = ['success', 'failure', 'denied']
const channels: (Channel | null)[] = ['web', 'api', 'background', null]
/** Near each other and equal, a day and years apart, before 1970. */
const times = [0, 0, 1, 2, 500, 86_400_000, 86_400_001, 1_700_000_000_000, 1_700_000_000_123, -5_000_000_000]

export const someTime = fc.constantFrom(...times)
const moment = someTime.map(formatMoment)

/** An event without its place in the log. */
export const someEvent: fc.Arbitrary<Omit<AuditEvent, 'index'>> = fc.record({
  id: fc.constantFrom('e-1', 'e-2', 'aa'),
  source: fc.constant('test'),
  occurredAt: moment,
  receivedAt: fc.constant('2024-01-01T00:00:00.000Z'),
  action: fc.constantFrom(...actions),
  area: fc.constantFrom(...areas),
  actor: fc.record({
    type: fc.constantFrom('user', 'api_key', 'service', 'system'),
    id: fc.constantFrom(...actorIds),
    name: fc.constantFrom(...names),
    email: fc.constantFrom(null, 'ada@example.com'),
    onBehalfOf: fc.constantFrom(null, { id: 'u9', name: 'Boss', email: null }),
  }),
  targets: fc.array(
    fc
      .tuple(fc.constantFrom(...targets), fc.constantFrom(...names))
      .map(([target, name]) => ({ ...target, name })),
    { maxLength: 3 },
  ),
  outcome: fc.constantFrom(...outcomes),
  changes: fc.constantFrom(
    [],
    [{ field: 'limit', before: 50, after: { deep: ['Größe', null] } }],
    [
      { field: 'limit', before: 1, after: 2 },
      { field: 'role', before: null, after: 'Owner' },
      { field: 'limit', before: 2, after: 3 },
    ],
    [{ field: '', before: null, after: 'x' }],
  ),
  context: fc.record({
    ip: fc.constantFrom(...addresses),
    userAgent: fc.constantFrom(null, 'Mozilla/5.0'),
    channel: fc.constantFrom(...channels),
    requestId: fc.constantFrom(null, 'req-1'),
    sessionId: fc.constant(null),
    location: fc.constantFrom(null, 'Zürich'),
  }),
  metadata: fc.constantFrom({}, { note: 'scan of t1' }, { note: 'line\nbreak' }),
  withheld: fc.constant([]),
})

/** Events with their log indexes, in the order of the log; indexes may be missing in between. */
export function someLog(maxLength: number): fc.Arbitrary<AuditEvent[]> {
  return fc
    .tuple(
      fc.array(someEvent, { maxLength, size: 'max' }),
      fc.constantFrom(0, 250, 70_000),
      fc.constantFrom(1, 1, 3, 100),
    )
    .map(([events, first, step]) => events.map((event, i) => ({ ...event, index: first + i * step })))
}

const values: Record<FilterPart, string[]> = {
  action: [...actions, 'never'],
  area: [...areas, ''],
  actor: [...actorIds, 'nobody'],
  target: ['target:t1', 'target:t2', 'role:t1', 'a:b:c', 'target:none'],
  outcome: outcomes,
  channel: ['web', 'api', 'background', ''],
  ip: [
    '10.0.0.1',
    '10.0.0.0/16',
    '0.0.0.0/0',
    '2001:db8::/32',
    '2001:db8::1',
    '::/0',
    'no address',
    '9.9.9.9',
  ],
  changed: ['limit', 'role', 'Limit', '', 'never'],
  text: [
    'ada',
    'AD',
    'αδα',
    'zurich',
    'scan',
    'SCAN OF',
    'user.login',
    'aa',
    '',
    'line\nbreak',
    'ada lovelace\nada@',
    'log\nmade',
    'qqq',
    'GROSSE',
    'u1\ne-1',
  ],
}

function someValues(part: FilterPart): fc.Arbitrary<Values> {
  const some = fc.array(fc.constantFrom(...values[part]), { maxLength: 2 })
  return fc.record({ include: some, exclude: fc.array(fc.constantFrom(...values[part]), { maxLength: 1 }) })
}

/** Any part may be there or not: most filters name one to three. */
export const someFilter: fc.Arbitrary<Filter> = fc
  .record({
    action: sometimes(someValues('action')),
    area: sometimes(someValues('area')),
    actor: sometimes(someValues('actor')),
    target: sometimes(someValues('target')),
    outcome: sometimes(someValues('outcome')),
    channel: sometimes(someValues('channel')),
    ip: sometimes(someValues('ip')),
    changed: sometimes(someValues('changed')),
    text: sometimes(someValues('text')),
    from: sometimes(moment),
    to: sometimes(moment),
  })
  .map(
    parts => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Filter,
  )

/** Rarely enough that most filters find something. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
}

export const someScope = fc.record({ personal: fc.boolean() })

const phrase = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const writableValues: Partial<Record<FilterPart, fc.Arbitrary<string>>> = {
  outcome: fc.constantFrom(...outcomes),
  channel: fc.constantFrom('web', 'api', 'background'),
  ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.0/8', '::/0')),
}
const writableParts = fc.record(
  Object.fromEntries(
    filterParts.map(part => {
      const some = fc.uniqueArray(writableValues[part] ?? phrase, { maxLength: 3 })
      return [part, fc.record({ include: some, exclude: some })]
    }),
  ),
  { requiredKeys: [] },
)

/** Any filter that can be read from outside: values of any text, none of them empty or twice, no part without values. */
export const writableFilter: fc.Arbitrary<Filter> = fc
  .tuple(writableParts, fc.record({ from: moment, to: moment }, { requiredKeys: [] }))
  .map(([parts, ends]) => {
    const named = Object.entries(parts).filter(
      ([, values]) => values?.include.length || values?.exclude.length,
    )
    return { ...(Object.fromEntries(named) as Filter), ...ends }
  })
