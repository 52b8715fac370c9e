import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someEvent } from '../../test/support/arbitrary-event.ts'
import { writeJson } from './json.ts'
import { buildManifest, formatManifest, Manifest } from './manifest.ts'
import { baseName, partName, partSizes, spanOf, zipName } from './parts.ts'

describe('JSON', () => {
  test('reads back to the same events, and writes equal events alike', () => {
    fc.assert(
      fc.property(fc.array(someEvent), fc.string({ unit: 'binary' }), (bare, text) => {
        const events = bare.map((event, index) => ({ ...event, index, metadata: { text, nul: '\0<b>' } }))
        const file = writeJson(events)
        expect(JSON.parse(file)).toEqual(events)
        const reordered = events.map(event => Object.fromEntries(Object.entries(event).reverse()))
        expect(writeJson(reordered as never)).toBe(file)
      }),
    )
  })

  test('is an empty array where nothing matched', () => {
    expect(JSON.parse(writeJson([]))).toEqual([])
  })
})

describe('parts', () => {
  test.each([
    [0, [0]],
    [1, [1]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2900, [1000, 1000, 900]],
  ])('%i rows make files of %j', (rows, sizes) => {
    expect(partSizes(rows, 1000)).toEqual(sizes)
  })

  test('never hold more than 1,000 rows, nor fewer than asked in sum', () => {
    expect(Math.max(...partSizes(5000, 9999))).toBe(1000)
    expect(partSizes(5000, 7).reduce((sum, rows) => sum + rows)).toBe(5000)
  })

  test('are named for the days they speak of, the last one included', () => {
    const frame = { from: '2026-08-25T22:00:00.000Z', to: '2026-11-23T23:00:00.000Z' }
    const span = spanOf(frame, null, 'Europe/Berlin')
    expect(partName(span, 'csv', 0, 1)).toBe('audit-log_2026-08-26_to_2026-11-23.csv')
    expect(partName(span, 'json', 1, 12)).toBe('audit-log_2026-08-26_to_2026-11-23_part-002-of-012.json')
    expect(partName(span, 'csv', 0, 2000)).toMatch(/part-0001-of-2000/)
    expect(zipName(span)).toBe('audit-log_2026-08-26_to_2026-11-23.zip')
  })

  test('are named for their events where the time frame is open', () => {
    const range = { first: '2020-01-01T00:00:00.000Z', last: '2020-02-01T00:00:00.000Z' }
    expect(baseName(spanOf({}, range, 'UTC'))).toBe('audit-log_2020-01-01_to_2020-02-01')
    expect(baseName(spanOf({}, null, 'UTC'))).toBe('audit-log')
  })
})

test('a manifest counts its parts and reads back', () => {
  const file = { name: 'a.csv', bytes: 9, sha256: 'ab'.repeat(32) }
  const part = { ...file, rows: 3, newest: null, oldest: null, evidence: { ...file, name: 'e' } }
  const manifest = buildManifest({
    createdAt: '2026-11-23T10:00:00.000Z',
    createdBy: { id: 'u', name: 'Ada', email: null },
    server: 'https://audit.example',
    workspace: { id: 'w', name: 'Acme', demo: false },
    log: {
      ...{ origin: 'o', size: 10, checkpoint: '', keys: { log: '', time: '' } },
      ...{ start: 0, end: 7, leftOut: 0, left: [], right: [], gaps: null },
    },
    filter: { parameters: '', from: null, to: null },
    timeFrame: { firstDay: null, lastDay: null, zone: 'UTC' },
    format: 'csv',
    byteOrderMark: true,
    columns: [{ id: 'time', label: 'Date' }],
    personal: true,
    rowsPerFile: 1000,
    recordedAs: 10,
    parts: [part, { ...part, name: 'b.csv', rows: 4 }],
  })
  expect(manifest.rows).toBe(7)
  expect(Manifest.parse(JSON.parse(formatManifest(manifest)))).toEqual(manifest)
  expect(manifest.encoding.byteOrderMark).toBe(true)
})
