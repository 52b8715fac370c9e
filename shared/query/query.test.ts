import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writableFilter } from '../../test/support/arbitrary-event.ts'
import type { Filter, FilterPart } from '../filter.ts'
import { formatQuery, formatTerm } from './format.ts'
import { type KnownName, namesMeant } from './names.ts'
import { type Mistake, parseQuery } from './parse.ts'
import { type NamedPart, type QueryBook, queryKeys } from './vocabulary.ts'

const now = Date.parse('2026-10-09T22:30:00.000Z')
const berlin = { zone: 'Europe/Berlin', now }
const most = 5

const people: KnownName[] = [
  { value: 'u-1', label: 'Jane Doe', email: 'jane@example.com' },
  { value: 'u-2', label: 'Jane Roe', email: 'jane.roe@example.com' },
  { value: 'u-3', label: 'Zoë Ångström', email: 'zoe@example.com' },
  { value: 'u-4', label: 'u-1' },
]
const targets: KnownName[] = [
  { value: 'target:t-1', label: 'shop.example.com' },
  { value: 'target:t-2', label: 'blog.example.com' },
]
const book = bookOf({ actor: people, target: targets, action: [], area: [], changed: [] })

function bookOf(names: Record<NamedPart, KnownName[]>): QueryBook {
  return {
    resolve(part, text) {
      if (text === 'later') return { state: 'pending' }
      if (part === 'action' || part === 'area' || part === 'changed') {
        const isUnknown = text.startsWith('unknown')
        return isUnknown ? { state: 'unknown' } : { state: 'known', values: [text] }
      }
      const values = namesMeant(text, names[part])
      if (values.length === 0) return { state: 'unknown' }
      return values.length > most ? { state: 'many' } : { state: 'known', values }
    },
    labelOf: (part, value) => names[part].find(name => name.value === value)?.label ?? value,
    words: part => names[part].map(({ label }) => label),
  }
}

const read = (text: string) => parseQuery(text, { ...berlin, book })
const filterOf = (text: string): Filter => read(text).filter
const only = (...include: string[]) => ({ include, exclude: [] })
const not = (...exclude: string[]) => ({ include: [], exclude })

describe('what a query means', () => {
  test.each<[string, Filter]>([
    ['', {}],
    ['  ', {}],
    ['action:scan.started', { action: only('scan.started') }],
    ['ACTION:scan.started', { action: only('scan.started') }],
    ['action:[scan.started, scan.completed]', { action: only('scan.started', 'scan.completed') }],
    ['action:scan.started,scan.completed', { action: only('scan.started', 'scan.completed') }],
    ['action:a action:b -action:c action:a', { action: { include: ['a', 'b'], exclude: ['c'] } }],
    ['-area:scans', { area: not('scans') }],
    ['outcome:failure channel:api', { outcome: only('failure'), channel: only('api') }],
    ['ip:10.0.0.0/8 -ip:2001:db8::1', { ip: { include: ['10.0.0.0/8'], exclude: ['2001:db8::1'] } }],
    ['changed:role', { changed: only('role') }],
    ['user:jane@example.com', { actor: only('u-1') }],
    ['actor:"Jane Doe"', { actor: only('u-1') }],
    ['user:jane', { actor: only('u-1', 'u-2') }],
    ['user:ANGSTROM', { actor: only('u-3') }],
    ['user:u-1', { actor: only('u-1') }],
    ['user:=u-9', { actor: only('u-9') }],
    ['user:[Jane Doe, zoe]', { actor: only('u-1', 'u-3') }],
    ['target:shop.example.com', { target: only('target:t-1') }],
    ['two words', { text: only('two', 'words') }],
    ['"two words" -three', { text: { include: ['two words'], exclude: ['three'] } }],
    ['a"b c"d', { text: only('a', 'b c', 'd') }],
    [
      'https://shop.example.com/a 12:30 - --x',
      { text: { include: ['https://shop.example.com/a', '12:30', '-'], exclude: ['-x'] } },
    ],
    ['"say \\"hi\\" \\\\ \\n"', { text: only('say "hi" \\ \n') }],
    ['""', {}],
    ['after:2026-10-01', { from: '2026-09-30T22:00:00.000Z' }],
    ['before:2026-10-01', { to: '2026-09-30T22:00:00.000Z' }],
    ['on:2026-10-25', { from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' }],
    ['on:2026-10', { from: '2026-09-30T22:00:00.000Z', to: '2026-10-31T23:00:00.000Z' }],
    ['on:today', { from: '2026-10-09T22:00:00.000Z', to: '2026-10-10T22:00:00.000Z' }],
    ['last:7d', { from: '2026-10-03T22:00:00.000Z', to: '2026-10-10T22:00:00.000Z' }],
    ['after:2026-10-01T14:00', { from: '2026-10-01T12:00:00.000Z' }],
    ['after:2026-10-01T14:00:00+05:00', { from: '2026-10-01T09:00:00.000Z' }],
    ['after:2026-10-01 after:2026-10-05', { from: '2026-10-04T22:00:00.000Z' }],
  ])('%s', (text, filter) => {
    const parsed = read(text)
    expect(parsed.filter).toEqual(filter)
    expect(parsed.mistakes).toEqual([])
  })

  test('dates that move with the days are told as such, but not where another narrows them', () => {
    expect(read('on:yesterday x').moving).toBe('yesterday')
    expect(read('last:30d').moving).toBe('30d')
    expect(read('last:30d before:2026-10-01').moving).toBeNull()
    expect(read('on:2026-10-01').moving).toBeNull()
  })

  test('a term that waits for the book is left out and told', () => {
    const { filter, pending, mistakes } = read('user:later scan')
    expect(filter).toEqual({ text: only('scan') })
    expect(pending.map(({ start, end }) => [start, end])).toEqual([[0, 10]])
    expect(mistakes).toEqual([])
  })
})

describe('mistakes', () => {
  const wrong = (text: string) => {
    const { mistakes } = read(text)
    return mistakes.map(({ kind, start, end, meant }) => [kind, text.slice(start, end), meant])
  }
  test.each<[string, (string | null)[][]]>([
    ['acton:scan.started', [['key', 'acton:', 'action:']]],
    ['-xyzzy:"a b"', [['key', '-xyzzy:"a b"', '-"xyzzy:a b"']]],
    ['outcome:sucess', [['choice', 'sucess', 'success']]],
    ['outcome:[failed,denied]', [['choice', 'failed', 'failure']]],
    ['channel:pigeon', [['choice', 'pigeon', null]]],
    ['ip:10.0.0.300', [['ip', '10.0.0.300', null]]],
    ['user:"Jan Doe"', [['name', '"Jan Doe"', '"Jane Doe"']]],
    ['user:nobody', [['name', 'nobody', null]]],
    ['action:unknown', [['name', 'unknown', null]]],
    ['after:2026/1/5', [['date', '2026/1/5', '2026-01-05']]],
    ['on:2026-02-30', [['date', '2026-02-30', null]]],
    ['on:2026-10-01T10:00', [['date', '2026-10-01T10:00', null]]],
    ['last:7', [['date', '7', '7d']]],
    ['last:0d', [['date', '0d', null]]],
    ['-after:2026-10-01', [['negated', '-after:2026-10-01', 'before:2026-10-01']]],
    ['-on:today', [['negated', '-on:today', null]]],
    ['action: x', [['empty', 'action:', null]]],
    ['action:"" x', [['empty', 'action:""', null]]],
    ['"open', [['unclosed', '', '"']]],
    ['action:[a', [['unclosed', '', ']']]],
    ['after:2026-10-05 before:2026-10-01', [['reversed', 'before:2026-10-01', null]]],
  ])('%s', (text, expected) => {
    expect(wrong(text)).toEqual(expected)
  })

  test('taking what was meant rights it', () => {
    for (const text of [
      'acton:scan.started',
      'x outcome:sucess',
      'user:"Jan Doe"',
      'after:2026/1/5',
      'foo:bar',
      'action:[a',
    ]) {
      const [mistake] = read(text).mistakes as [Mistake]
      const righted = text.slice(0, mistake.start) + mistake.meant + text.slice(mistake.end)
      expect(read(righted).mistakes).toEqual([])
    }
  })

  test('what is wrong asks for nothing, but a name that nothing has stands for itself', () => {
    expect(filterOf('outcome:maybe ip:x after:x foo:bar')).toEqual({})
    expect(filterOf('user:nobody')).toEqual({ actor: only('nobody') })
  })

  test('more people than can be meant are none', () => {
    const many = Array.from({ length: most + 1 }, (_, at) => ({ value: `u${at}`, label: `Ada ${at}` }))
    const crowd = bookOf({ actor: many, target: [], action: [], area: [], changed: [] })
    const { filter, mistakes } = parseQuery('user:ada', { ...berlin, book: crowd })
    expect(filter).toEqual({})
    expect(mistakes.map(({ kind }) => kind)).toEqual(['many'])
  })

  test('nothing is said of a term that is still being typed, and it asks for nothing until it is right', () => {
    const typing = (text: string) => parseQuery(text, { ...berlin, book, typingAt: text.length })
    for (const text of ['outcome:', 'outcome:suc', 'foo:', 'user:nobod', 'after:2026-1']) {
      expect(typing(text)).toMatchObject({ filter: {}, mistakes: [] })
    }
    expect(typing('outcome:success').filter).toEqual({ outcome: only('success') })
    expect(typing('"two wor')).toMatchObject({ filter: { text: only('two wor') }, mistakes: [] })
    expect(typing('foo:bar outcome:suc').mistakes.map(({ kind }) => kind)).toEqual(['key'])
  })
})

describe('as text', () => {
  const context = { ...berlin, book }
  test.each<[Filter, string]>([
    [{}, ''],
    [{ action: only('//x', 'a,b') }, 'action:["//x","a,b"]'],
    [{ actor: only('u-1') }, 'user:"Jane Doe"'],
    [{ actor: only('u-4') }, 'user:u-4'],
    [{ actor: not('u-9') }, '-user:=u-9'],
    [{ actor: only('u-3', 'jane') }, 'user:["Zoë Ångström",=jane]'],
    [{ target: only('target:t-1') }, 'target:shop.example.com'],
    [
      { text: only('two words', 'action:x', '-x', 'plain', 'a"b') },
      '"two words" "action:x" "-x" plain "a\\"b"',
    ],
    [{ from: '2026-09-30T22:00:00.000Z', to: '2026-10-01T22:00:00.000Z' }, 'on:2026-10-01'],
    [
      { from: '2026-09-30T22:00:00.000Z', to: '2026-10-02T22:00:00.000Z' },
      'after:2026-10-01 before:2026-10-03',
    ],
    [{ from: '2026-09-30T22:00:01.000Z' }, 'after:2026-09-30T22:00:01Z'],
  ])('%j', (filter, text) => {
    expect(formatQuery({ filter }, context)).toBe(text)
  })

  test('dates that move are written so', () => {
    const written = (moving: string) => formatQuery({ filter: { from: 'x', to: 'y' }, moving }, context)
    expect([written('today'), written('7d')]).toEqual(['on:today', 'last:7d'])
  })

  test('a chip is one term', () => {
    expect(formatTerm('actor', 'u-1', true, context)).toBe('-user:"Jane Doe"')
    expect(formatTerm('text', 'a b', false, context)).toBe('"a b"')
  })
})

const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Asia/Kathmandu')
const someName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('Jane Doe', 'jane', 'u-1', '=x', '-', '[a]', 'a,b', 'a"b'),
)
const someBook = fc
  .array(fc.record({ value: someName, label: someName, email: fc.option(someName, { nil: undefined }) }), {
    maxLength: 5,
  })
  .map(names => bookOf({ actor: names, target: names, action: [], area: [], changed: [] }))

describe('both ways', () => {
  test('a filter is read again as itself, whatever the log calls its values', () => {
    fc.assert(
      fc.property(writableFilter, zones, someBook, (filter, zone, names) => {
        const context = { zone, now, book: names }
        const { filter: again } = parseQuery(formatQuery({ filter }, context), context)
        expect(again).toEqual(filter)
      }),
      { numRuns: 1000 },
    )
  })

  const piece = fc.oneof(
    fc.constantFrom(...queryKeys, 'foo', 'USER').map(key => `${key}:`),
    fc.constantFrom(
      '"',
      '[',
      ']',
      ',',
      '-',
      '=',
      '\\',
      ' ',
      ':',
      '\n',
      '//',
      '2026-10-01',
      'today',
      '7d',
      '10.0.0.1',
      'failure',
      'unknown',
      'jane',
      'u-1',
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  )
  const someText = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))

  test('any text is read without an error, its mistakes lie within it, and its canonical text stays as it is', () => {
    fc.assert(
      fc.property(someText, fc.nat({ max: 60 }), zones, someBook, (text, typingAt, zone, names) => {
        const context = { zone, now, book: names }
        parseQuery(text, { ...context, typingAt })
        const { filter, moving, mistakes, terms } = parseQuery(text, context)
        for (const { start, end } of [...mistakes, ...terms]) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeLessThanOrEqual(text.length)
          expect(end).toBeGreaterThanOrEqual(start)
        }
        const canonical = formatQuery({ filter, moving }, context)
        const again = parseQuery(canonical, context)
        expect(again.filter).toEqual(filter)
        expect(formatQuery(again, context)).toBe(canonical)
      }),
      { numRuns: 2000 },
    )
  })

  test('every part of a filter has a key', () => {
    const parts: FilterPart[] = [
      'action',
      'area',
      'actor',
      'target',
      'outcome',
      'channel',
      'ip',
      'changed',
      'text',
    ]
    for (const part of parts) {
      const value = part === 'outcome' ? 'failure' : part === 'channel' ? 'api' : part === 'ip' ? '::1' : 'x1'
      expect(filterOf(formatTerm(part, value, true, { ...berlin, book }))).toEqual({ [part]: not(value) })
    }
  })
})
