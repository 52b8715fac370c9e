import fc from 'fast-check'
import papaparse from 'papaparse'
import { describe, expect, test } from 'vitest'
import { someEvent } from '../../test/support/arbitrary-event.ts'
import type { AuditEvent } from '../audit-event.ts'
import { columns, columnsNamed, defaultColumnIds, formatInZone } from './columns.ts'
import { csvRow, neutralise, printable, restore, writeCsv } from './csv.ts'

/** Text of pieces that matter to a reader of CSV or to a spreadsheet, beside any text at all. */
const piece = fc.constantFrom(
  ...["'", '=', '+', '-', '@', '\t', '\r', '\n', ' ', '"', ',', ';', '\0', '＝', '−', '\u202e', '\u200b'],
  ...['\ufeff', '\u00a0', '1', '5', '.', 'a', '␀', '\ud800', '\udc00', '=cmd|x!A1', '\u2066', '\u0001'],
)
const nastyText = fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join(''))
const anyText = fc.oneof(nastyText, fc.string({ unit: 'binary' }))

function readBack(csv: string): string[][] {
  const { data, errors } = papaparse.parse<string[]>(csv, { delimiter: ',', newline: '\r\n' })
  expect(errors).toEqual([])
  // What follows the last line end is no row.
  expect(data.pop()).toEqual([''])
  return data
}

describe('the guard', () => {
  test.each([
    ...['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\0=1', '\u202e=1', '\u200b=1'],
    ...[
      '\ufeff=1',
      '＝1',
      '＋1',
      '－1',
      '＠A',
      '\tplain',
      '\rplain',
      "'=1",
      "''=1",
      '\u2066 \u00a0@x',
      '--5',
    ],
    ...['+49 30 1234', '-5e3', '-=1', '-', '−1', '\u00ad=1', '\u3164=1', '\u0007=1', '␀=1'],
  ])('puts an apostrophe before %j', value => {
    expect(neutralise(value)).toBe(`'${value}`)
  })

  test.each(['-5', '-0.25', '5', '1=1', 'a@b', '', "'", "'quoted'", "O'Hara", '{"a":-1}', ' plain', "'-5"])(
    'leaves %j as it is',
    value => {
      expect(neutralise(value)).toBe(value)
    },
  )

  test('is undone by restore, for any text, and restore takes nothing else away', () => {
    fc.assert(
      fc.property(anyText, value => {
        expect(restore(neutralise(value))).toBe(value)
        if (neutralise(value) === value) expect(restore(value)).toBe(value)
      }),
      { numRuns: 5000 },
    )
  })

  test('an unassigned character before a sign is text, in every version of Unicode alike', () => {
    expect(neutralise('\u{18CF6}=1')).toBe('\u{18CF6}=1')
  })

  test('leaves nothing that begins as a formula does', () => {
    fc.assert(
      fc.property(anyText, value => {
        const written = neutralise(printable(value))
        // What a program may skip. An unassigned character is a visible box: what follows it begins nothing.
        const seen = written.replace(/^[\s\p{Cc}\p{Cf}\p{Z}␀]+/u, '')
        if (/^[=+\-@＝＋－＠]/.test(seen)) expect(written).toMatch(/^-\d+(\.\d+)?$/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a file', () => {
  test('reads back to the values written, for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 3, maxLength: 3 }), { minLength: 1 }), rows => {
        const back = readBack(rows.map(csvRow).join(''))
        expect(back.map(row => row.map(restore))).toEqual(rows.map(row => row.map(printable)))
      }),
      { numRuns: 1000 },
    )
  })

  test('has one row an event, whatever is in it, under the headers of the columns', () => {
    const chosen = columnsNamed(defaultColumnIds)
    fc.assert(
      fc.property(fc.array(someEvent, { maxLength: 5 }), anyText, (events, text) => {
        const hostile = events.map((event, index): AuditEvent => withText({ ...event, index }, text))
        const options = { columns: chosen, zone: 'UTC', byteOrderMark: false }
        const [header, ...rows] = readBack(writeCsv(hostile, options))
        expect(header).toEqual(chosen.map(column => column.label))
        expect(rows.map(row => row.map(restore))).toEqual(
          hostile.map(event => chosen.map(column => printable(column.read(event, 'UTC')))),
        )
      }),
    )
  })

  test('holds a text of 1 MB', () => {
    const text = '"=,\r\n'.repeat(200_000)
    expect(readBack(csvRow([text, 'b']))).toEqual([[neutralise(text), 'b']])
  })

  test('ends lines in CR LF and begins with a byte order mark where wanted', () => {
    const options = { columns: columnsNamed(['action_id', 'index']), zone: 'UTC' }
    expect(writeCsv([], { ...options, byteOrderMark: true })).toBe('\uFEFFAction ID,Log index\r\n')
  })

  test('of one empty column keeps its rows', () => {
    expect(csvRow([''])).toBe('""\r\n')
  })
})

describe('columns', () => {
  test('have names of their own', () => {
    expect(new Set(columns.map(column => column.id)).size).toBe(columns.length)
    expect(new Set(columns.map(column => column.label)).size).toBe(columns.length)
  })

  test('must be known, named once, and at least one', () => {
    expect(() => columnsNamed([])).toThrow(RangeError)
    expect(() => columnsNamed(['time', 'time'])).toThrow(RangeError)
    expect(() => columnsNamed(['password'])).toThrow(RangeError)
  })

  test('write the time as the zone had it, with its offset', () => {
    expect(formatInZone('2026-07-01T12:00:00.123Z', 'Europe/Berlin')).toBe('2026-07-01T14:00:00.123+02:00')
    expect(formatInZone('2026-01-01T02:00:00.000Z', 'America/New_York')).toBe('2025-12-31T21:00:00.000-05:00')
    expect(formatInZone('2026-01-01T00:00:00.000Z', 'Asia/Kathmandu')).toBe('2026-01-01T05:45:00.000+05:45')
    expect(formatInZone('2026-01-01T00:00:00.000Z', 'UTC')).toBe('2026-01-01T00:00:00.000+00:00')
  })
})

function withText(event: AuditEvent, text: string): AuditEvent {
  return {
    ...event,
    action: text,
    actor: { ...event.actor, name: text, email: text },
    targets: [{ type: 'target', id: text, name: text }],
    changes: [{ field: text, before: text, after: { [text]: text } }],
    context: { ...event.context, userAgent: text },
    metadata: { [text]: text },
  }
}

test.each([
  ['2026-10-25T00:59:59.999Z', 'Europe/Berlin', '2026-10-25T02:59:59.999+02:00'],
  ['2026-10-25T01:00:00.000Z', 'Europe/Berlin', '2026-10-25T02:00:00.000+01:00'],
  ['2026-04-04T14:59:59.999Z', 'Australia/Lord_Howe', '2026-04-05T01:59:59.999+11:00'],
  ['2026-04-04T15:00:00.000Z', 'Australia/Lord_Howe', '2026-04-05T01:30:00.000+10:30'],
  ['2026-10-25T00:10:00.000Z', 'UTC', '2026-10-25T00:10:00.000+00:00'],
  ['2026-10-25T00:10:00.000Z', 'Asia/Kathmandu', '2026-10-25T05:55:00.000+05:45'],
])('%s in %s is %s, whatever was asked before', (moment, zone, text) => {
  for (const other of ['UTC', zone, 'Asia/Tokyo', zone]) formatInZone(moment, other)
  expect(formatInZone(moment, zone)).toBe(text)
})
