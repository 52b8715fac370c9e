import * as fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { chunkSizes, chunksOf, collect } from '../../test/support/byte-chunks.ts'
import { csvRecords } from './csv-records.ts'
import type { SourceRecord } from './format-row.ts'

async function read(content: string | Uint8Array, sizes?: number[]): Promise<SourceRecord[]> {
  return collect(csvRecords(chunksOf(content, sizes)))
}
const values = (records: SourceRecord[]) =>
  records.flatMap(record => ('value' in record ? [record.value] : []))
const errors = (records: SourceRecord[]) =>
  records.flatMap(record => ('error' in record ? [[record.line, record.error.reason] as const] : []))

describe('rows of a CSV file', () => {
  test.each([',', ';', '|', '\t'])(
    'separated by %j, in any pieces, whatever the values hold',
    async separator => {
      const value = fc.string({
        unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '|', '\t', '\n', ' ', "'", '='),
      })
      const rows = fc.array(fc.tuple(value, value, fc.constant('end')), { maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(rows, chunkSizes, fc.constantFrom('\n', '\r\n'), async (cells, sizes, newline) => {
          const text = Papa.unparse([['one', 'two', 'three'], ...cells], {
            delimiter: separator,
            newline,
            quotes: false,
          })
          const expected = cells.map(([one, two, three]) => ({ one, two, three }))
          expect(values(await read(text, sizes))).toEqual(expected)
        }),
      )
    },
  )

  test('lines are counted through quoted line breaks, empty rows and a byte order mark', async () => {
    const records = await read('\uFEFFa,b\r\n1,"x\r\ny"\r\n\r\n,\r\n2,z\r\n')
    expect(records.map(({ line }) => line)).toEqual([2, 6])
    expect(values(records)).toEqual([
      { a: '1', b: 'x\ny' },
      { a: '2', b: 'z' },
    ])
  })

  test('columns without a name, with the same name, and beyond the header are all kept', async () => {
    expect(values(await read('a,,a\n1,2,3,4'))).toEqual([
      { a: '1', 'column 2': '2', 'a (2)': '3', 'column 4': '4' },
    ])
  })

  test('a spreadsheet’s hint above the header is no header', async () => {
    expect(values(await read('sep=;\na;b\n1;2'))).toEqual([{ a: '1', b: '2' }])
  })

  test('a separator inside the quoted header does not count', async () => {
    expect(values(await read('"a,b,c";d\n1;2'))).toEqual([{ 'a,b,c': '1', d: '2' }])
  })
})

describe('damaged CSV', () => {
  test('a quote that is never closed costs its own line only', async () => {
    const records = await read('a,b\n1,"open\n2,x\n3,y')
    expect(values(records)).toEqual([
      { a: '2', b: 'x' },
      { a: '3', b: 'y' },
    ])
    expect(errors(records)).toEqual([[2, 'opens a quote that is never closed']])
  })

  test('a quote closed by the next row’s opening one costs its own line only', async () => {
    const records = await read('a,b\n1,"open\n2,"x"\n3,"y"')
    expect(values(records)).toEqual([
      { a: '2', b: 'x' },
      { a: '3', b: 'y' },
    ])
    expect(errors(records)).toEqual([[2, 'opens a quote that is never closed']])
  })

  test('quotes in the wrong place and rows without separators are told by line', async () => {
    const records = await read('a,b\n"1"x,2\njust words\n3,4" wide')
    expect(values(records)).toEqual([{ a: '3', b: '4" wide' }])
    expect(errors(records)).toEqual([
      [2, 'has a quote in the wrong place'],
      [3, 'has one value where the header names several'],
    ])
  })

  test('bytes that are no UTF-8 are told by line', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xfc]), Buffer.from('\n2,ü')])
    const records = await read(bytes)
    expect(values(records)).toEqual([{ a: '2', b: 'ü' }])
    expect(errors(records)).toEqual([[2, 'is not UTF-8 text']])
  })

  test('any bytes get an answer, the same in any pieces', async () => {
    const text = fc.string({ unit: fc.constantFrom(...'a,"\n\r;\t|', 'é', '\u0000') })
    await fc.assert(
      fc.asyncProperty(text, chunkSizes, async (content, sizes) => {
        expect(await read(content, sizes)).toEqual(await read(content))
      }),
      { numRuns: 500 },
    )
  })
})
