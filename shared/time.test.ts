import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayMs,
  dayOf,
  formatMoment,
  lastDays,
  parseMoment,
  rangeOfDays,
  startOfDay,
  zoneOffsetMs,
} from './time.ts'

const zones = [
  'UTC',
  'Europe/Zurich',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'Atlantic/Azores',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
]
const someMoment = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2040, 0, 1) })
const someZone = fc.constantFrom(...zones)

describe('parseMoment', () => {
  test.each([
    ['2024-03-01T10:00:00Z', '2024-03-01T10:00:00.000Z'],
    ['2024-03-01t10:00:00z', '2024-03-01T10:00:00.000Z'],
    ['2024-03-01 10:00:00.5+02:00', '2024-03-01T08:00:00.500Z'],
    ['2024-03-01T10:00:00.123456789-0530', '2024-03-01T15:30:00.123Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseMoment(text)).toBe(moment)
  })

  test.each([
    '2024-03-01T10:00:00',
    '2024-03-01',
    '2023-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-13-10T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:61Z',
    '2024-01-01T00:00:00+24:00',
    '2024-01-01T00:00:00+01:60',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '12024-01-01T00:00:00Z',
    ' 2024-01-01T00:00:00Z',
    'now',
    '',
  ])('"%s" is none', text => {
    expect(parseMoment(text)).toBeNull()
  })

  test('reads what formatMoment writes, and text order is time order', () => {
    const any = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    })
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(parseMoment(formatMoment(a))).toBe(formatMoment(a))
        expect(formatMoment(a) < formatMoment(b)).toBe(a < b)
      }),
    )
  })
})

describe('days in a zone', () => {
  test.each([
    ['2024-07-01T12:00:00Z', 'Europe/Zurich', 2],
    ['2024-01-01T12:00:00Z', 'Europe/Zurich', 1],
    ['2024-01-01T12:00:00Z', 'Asia/Kolkata', 5.5],
    ['2024-01-01T12:00:00Z', 'America/New_York', -5],
    ['1969-12-31T23:59:59.999Z', 'Europe/Zurich', 1],
  ])('at %s %s is %d hours ahead', (moment, zone, hours) => {
    expect(zoneOffsetMs(Date.parse(moment), zone)).toBe(hours * 3_600_000)
  })

  test.each([
    ['an ordinary day', '2024-05-05', 'America/New_York', '2024-05-05T04:00:00.000Z'],
    ['the day summer time begins', '2024-03-10', 'America/New_York', '2024-03-10T05:00:00.000Z'],
    ['the day after', '2024-03-11', 'America/New_York', '2024-03-11T04:00:00.000Z'],
    ['the day summer time ends', '2024-11-03', 'America/New_York', '2024-11-03T04:00:00.000Z'],
    ['midnight is skipped, west', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['midnight is skipped, Azores', '2024-03-31', 'Atlantic/Azores', '2024-03-31T01:00:00.000Z'],
    ['the hour before midnight comes twice', '2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    ['midnight comes twice', '2023-11-05', 'America/Havana', '2023-11-05T04:00:00.000Z'],
    ['the whole day is skipped', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('start: %s', (_, day, zone, start) => {
    expect(formatMoment(startOfDay(day, zone))).toBe(start)
  })

  test('a day begins at its first moment', () => {
    fc.assert(
      fc.property(someMoment, someZone, (ms, zone) => {
        const day = dayOf(ms, zone)
        const start = startOfDay(day, zone)
        expect(dayOf(start, zone)).toBe(day)
        expect(dayOf(start - 1, zone) < day).toBe(true)
        expect(start).toBeLessThanOrEqual(ms)
      }),
      { numRuns: 2000 },
    )
  })

  test('addDays counts calendar days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
    expect(addDays('2023-12-31', 1)).toBe('2024-01-01')
  })
})

describe('ranges', () => {
  test('the last day is in the range whole', () => {
    expect(rangeOfDays('2024-03-30', '2024-03-31', 'Europe/Zurich')).toEqual({
      from: '2024-03-29T23:00:00.000Z',
      to: '2024-03-31T22:00:00.000Z',
    })
  })

  test('a range of days holds the moments of those days and no other', () => {
    fc.assert(
      fc.property(someMoment, someMoment, fc.nat({ max: 40 }), someZone, (ms, other, days, zone) => {
        const first = dayOf(ms, zone)
        const last = addDays(first, days)
        const range = rangeOfDays(first, last, zone)
        for (const moment of [ms, other, ms + days * dayMs, Date.parse(range.to) - 1, Date.parse(range.to)]) {
          const day = dayOf(moment, zone)
          const text = formatMoment(moment)
          expect(text >= range.from && text < range.to).toBe(day >= first && day <= last)
        }
      }),
    )
  })

  test('the last 30 days are today and the 29 before', () => {
    const now = Date.parse('2024-03-31T12:00:00Z')
    expect(lastDays(30, now, 'Europe/Zurich')).toEqual({
      from: '2024-03-01T23:00:00.000Z',
      to: '2024-03-31T22:00:00.000Z',
    })
    expect(lastDays(1, now, 'UTC')).toEqual(rangeOfDays('2024-03-31', '2024-03-31', 'UTC'))
  })
})
