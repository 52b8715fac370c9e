import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkSizes, chunksOf, collect } from '../../test/support/byte-chunks.ts'
import { maxRecordBytes, type SourceRecord } from './format-row.ts'
import { jsonRecords } from './json-records.ts'

const options = { wrapperKeys: ['Records', 'items'], largeNumbers: 'text' } as const

async function read(content: string | Uint8Array, sizes?: number[]): Promise<SourceRecord[]> {
  return collect(jsonRecords(chunksOf(content, sizes), options))
}
const values = (records: SourceRecord[]) =>
  records.flatMap(record => ('value' in record ? [record.value] : []))
const errors = (records: SourceRecord[]) =>
  records.flatMap(record =>
    'error' in record ? [[record.line, record.place, record.error.reason] as const] : [],
  )

const unfinished = 'is not finished: the document is damaged here or ends too early'

describe('records of a JSON file', () => {
  const items = [{ a: 1 }, { b: 'x\n{"' }, { c: { items: [1, [2]] } }]
  const [one, two, three] = items.map(item => JSON.stringify(item))

  test.each([
    ['one a line', `${one}\n${two}\n\n${three}`],
    ['one a line, CRLF and byte order mark', `\uFEFF${one}\r\n${two}\r\n${three}\r\n`],
    ['an array', `[${one},${two} , ${three}]`],
    ['a printed array', JSON.stringify(items, null, 2)],
    ['a wrapped list', `{"next":"items","count":[3],"Records":[${one},${two},${three}],"more":{"items":1}}`],
    ['a printed wrapped list', JSON.stringify({ page: { n: 1 }, items, total: 3 }, null, 4)],
    ['wrapped lists one after the other', `{"items":[${one}]}\n{"items":[]}\n{"items":[${two},${three}]}`],
    ['printed values one after the other', items.map(item => JSON.stringify(item, null, 2)).join('\n')],
  ])('%s', async (_name, text) => {
    expect(values(await read(text))).toEqual(items)
    expect(errors(await read(text))).toEqual([])
  })

  test('lists with nothing in them, and empty files, hold nothing', async () => {
    for (const text of ['', ' \n ', '[]', '{"Records":[]}', '{ "items" : [ ] }\n'])
      expect(await read(text)).toEqual([])
  })

  test('the pieces in which bytes arrive make no difference', async () => {
    const record = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 4 },
    )
    const shape = fc.constantFrom<(records: object[]) => string>(
      records => records.map(each => JSON.stringify(each)).join('\n'),
      records => JSON.stringify(records),
      records => JSON.stringify({ x: [1], Records: records, y: {} }),
      records => JSON.stringify({ items: records }, null, 2),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 5 }),
        shape,
        chunkSizes,
        async (records, spell, sizes) => {
          const text = spell(records)
          const whole = await read(text)
          expect(await read(text, sizes)).toEqual(whole)
          if (!text.includes('__proto__') && !/\d{16}|e\+/.test(text))
            expect(values(whole)).toEqual(JSON.parse(JSON.stringify(records)))
        },
      ),
    )
  })

  test('damage of any kind gives the same answers in any pieces, and never throws', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'{}[]",:\\ \n', '"Records":[', '{"a":1}', ',\n{"b":2}', '"items"'),
    })
    await fc.assert(
      fc.asyncProperty(hostile, chunkSizes, async (text, sizes) => {
        expect(await read(text, sizes)).toEqual(await read(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('damaged JSON', () => {
  test('a bad line harms no other line, and is named by its number', async () => {
    const text = '{"a":1}\n{"a":\n{"b":"unclosed\n[1]\nnull\n{"a":2,"a":3}\n{"c":3}\n{"d":'
    const records = await read(text)
    expect(values(records)).toEqual([{ a: 1 }, { c: 3 }])
    expect(errors(records).map(([line]) => line)).toEqual([2, 3, 4, 5, 6, 8])
  })

  test('a bad first line is no reason to misread the rest', async () => {
    for (const first of ['garbage', '{"a":1', '{"a":"x', '{nope}', '}', '\u0000']) {
      const records = await read(`${first}\n{"b":2}\n{"c":3}`)
      expect(values(records)).toEqual([{ b: 2 }, { c: 3 }])
      expect(errors(records)).toHaveLength(1)
    }
  })

  test('a bad element of a list is named by its place', async () => {
    const records = await read('{"Records":[{"a":1},{"a":x},{"a":2,"a":2}, 7,{"a":3}]}')
    expect(values(records)).toEqual([{ a: 1 }, { a: 3 }])
    expect(records.map(({ place }) => place)).toEqual([
      'Records[0]',
      'Records[1]',
      'Records[2]',
      'Records[3]',
      'Records[4]',
    ])
  })

  test('an element that lacks its end costs itself only, where elements begin lines', async () => {
    for (const damaged of ['  {"a": 2', '  {"a": [2}', '  {"a": "2}', '  {"a": {"b": 2}']) {
      const text = `{"Records": [\n  {"a": 1},\n${damaged},\n  {"a": 3},\n  {"a": 4}\n]}`
      const records = await read(text)
      expect(values(records)).toEqual([{ a: 1 }, { a: 3 }, { a: 4 }])
      expect(errors(records).map(([line]) => line)).toEqual([3])
    }
  })

  test('a truncated document says where it ends', async () => {
    expect(errors(await read('{"Records":[\n{"a":1},\n{"a":2'))).toEqual([[3, 'Records[1]', unfinished]])
    expect(values(await read('{"Records":[\n{"a":1},\n{"a":2'))).toEqual([{ a: 1 }])
    expect(errors(await read('[{"a":1},\n'))).toEqual([[2, '', unfinished]])
  })

  test('bytes that are no UTF-8 are told from text that is', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"a":"é"}')])
    const records = await read(bytes)
    expect(errors(records)).toEqual([[1, '', 'is not UTF-8 text']])
    expect(values(records)).toEqual([{ a: 'é' }])
  })

  test('UTF-16 is read in both byte orders, with and without its mark', async () => {
    const little = Buffer.from('{"a":"é😀"}\n{"b":2}', 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const bytes of [
      little,
      big,
      Buffer.from([0xff, 0xfe, ...little]),
      Buffer.from([0xfe, 0xff, ...big]),
    ]) {
      expect(values(await read(bytes, [3]))).toEqual([{ a: 'é😀' }, { b: 2 }])
    }
  })

  test('a row too long for any event is passed over without being kept', async () => {
    const long = `{"a":"${'x'.repeat(maxRecordBytes)}"}`
    const lines = await read(`{"a":1}\n${long}\n{"a":2}`)
    expect(values(lines)).toEqual([{ a: 1 }, { a: 2 }])
    expect(errors(lines)).toEqual([[2, '', 'is longer than 16 MiB']])
    const list = await read(`[{"a":1},${long},{"a":2}]`)
    expect(values(list)).toEqual([{ a: 1 }, { a: 2 }])
    expect(errors(list)).toEqual([[1, '[1]', 'is longer than 16 MiB']])
  })
})
