/** Rows of a CSV file as records by header, whatever separates its values, with the line each row begins on. */
import { isUtf8 } from 'node:buffer'
import Papa from 'papaparse'
import { byteLines } from './byte-lines.ts'
import { BytePieces } from './byte-pieces.ts'
import { type Bytes, maxRecordBytes, type SourceRecord } from './format-row.ts'
import { utf8Bytes } from './text-encoding.ts'

type Row = { line: number; bytes: Buffer } | { line: number; reason: string }

const quote = 0x22
const separators = [',', ';', '|', '\t'] as const

/**
 * The first row that is not empty names the columns; the separator is the one it holds most of. Empty rows are
 * passed over, values beyond the last header are kept under `column N`.
 */
export async function* csvRecords(bytes: Bytes): AsyncGenerator<SourceRecord> {
  const lines = byteLines(utf8Bytes(bytes))
  const header = await readHeader(lines)
  if (!header) return
  if ('reason' in header) {
    yield { line: header.line, place: '', error: { reason: header.reason, path: '' } }
    return
  }
  for await (const row of csvRows(lines, header.separator)) yield recordOf(row, header)
}

interface Header {
  names: string[]
  separator: string
}

async function readHeader(
  lines: AsyncIterator<{ line: number; bytes: Buffer | null }>,
): Promise<Header | { line: number; reason: string } | null> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const { line, bytes } = next.value
    if (bytes === null || !isUtf8(bytes)) return { line, reason: 'the header is not UTF-8 text' }
    const text = bytes.toString('utf8')
    if (text.trim() === '') continue
    // Spreadsheet programs may put `sep=;` above the header.
    if (/^sep=.$/i.test(text)) continue
    const separator = separatorOf(text)
    const cells = cellsOf(text, separator)
    if ('reason' in cells) return { line, reason: `the header ${cells.reason}` }
    return { names: uniqueNames(cells.cells), separator }
  }
  return null
}

function separatorOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '')
  const counts = separators.map(separator => bare.split(separator).length)
  return separators[counts.indexOf(Math.max(...counts))]!
}

function uniqueNames(cells: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return cells.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** Joins the lines of rows whose quoted values hold line breaks. */
async function* csvRows(
  lines: AsyncIterable<{ line: number; bytes: Buffer | null }>,
  separator: string,
): AsyncGenerator<Row> {
  const joiner = new RowJoiner(separator)
  for await (const { line, bytes } of lines) {
    if (bytes === null) {
      yield* joiner.giveUp()
      yield { line, reason: `is longer than ${maxRecordBytes / 1024 / 1024} MiB` }
    } else yield* joiner.push(line, bytes)
  }
  yield* joiner.giveUp()
}

/** Keeps lines until every quote is closed. A quote that never is costs its own line only: the rest is read anew. */
class RowJoiner {
  private open: { line: number; bytes: Buffer }[] = []
  private size = 0

  constructor(private readonly separator: string) {}

  *push(line: number, bytes: Buffer): Generator<Row> {
    const wasOpen = this.open.length > 0
    const isOpen = endsInQuotes(bytes, this.separator.charCodeAt(0), wasOpen)
    if (!wasOpen && !isOpen) {
      if (!isEmptyRow(bytes, this.separator)) yield { line, bytes }
      return
    }
    this.open.push({ line, bytes })
    this.size += bytes.length + 1
    if (isOpen) {
      if (this.size > maxRecordBytes) yield* this.giveUp()
      return
    }
    const joined = this.joined()
    if (this.open.length > 1 && 'reason' in cellsOf(joined.toString('utf8'), this.separator)) {
      yield* this.giveUpFirst()
      return
    }
    yield { line: this.open[0]!.line, bytes: joined }
    this.clear()
  }

  *giveUp(): Generator<Row> {
    while (this.open.length > 0) yield* this.giveUpFirst()
  }

  private *giveUpFirst(): Generator<Row> {
    const [first, ...rest] = this.open
    this.clear()
    yield { line: first!.line, reason: 'opens a quote that is never closed' }
    for (const { line, bytes } of rest) yield* this.push(line, bytes)
  }

  private joined(): Buffer {
    const pieces = new BytePieces()
    this.open.forEach(({ bytes }, index) => {
      if (index > 0) pieces.add(Buffer.from('\n'))
      pieces.add(bytes)
    })
    return pieces.take()
  }

  private clear(): void {
    this.open = []
    this.size = 0
  }
}

function isEmptyRow(bytes: Buffer, separator: string): boolean {
  return (
    bytes.length === 0 ||
    (bytes.length < 1000 && bytes.toString('utf8').replaceAll(separator, '').trim() === '')
  )
}

/** Whether a quoted value is still open at the end of the line. Only a quote at the start of a value opens one. */
function endsInQuotes(bytes: Buffer, separator: number, wasOpen: boolean): boolean {
  let isOpen = wasOpen
  let at = isOpen ? 0 : -1
  if (!isOpen && bytes.indexOf(quote) === -1) return false
  for (;;) {
    if (isOpen) {
      at = bytes.indexOf(quote, at)
      if (at === -1) return true
      if (bytes[at + 1] === quote) at += 2
      else {
        isOpen = false
        at++
      }
    } else {
      // From just before a value (or after a closing quote) to the next value that a quote opens.
      if (at === -1) at = 0
      else {
        at = bytes.indexOf(separator, at)
        if (at === -1) return false
        at++
      }
      if (bytes[at] === quote) {
        isOpen = true
        at++
      }
    }
  }
}

function recordOf(row: Row, header: Header): SourceRecord {
  const problem = (reason: string): SourceRecord => ({
    line: row.line,
    place: '',
    error: { reason, path: '' },
  })
  if ('reason' in row) return problem(row.reason)
  if (!isUtf8(row.bytes)) return problem('is not UTF-8 text')
  const parsed = cellsOf(row.bytes.toString('utf8'), header.separator)
  if ('reason' in parsed) return problem(parsed.reason)
  const { cells } = parsed
  if (cells.length === 1 && header.names.length > 1)
    return problem('has one value where the header names several')
  const entries = cells.map((cell, index) => [header.names[index] ?? `column ${index + 1}`, cell] as const)
  return { line: row.line, place: '', value: Object.fromEntries(entries) }
}

function cellsOf(text: string, separator: string): { cells: string[] } | { reason: string } {
  if (!text.includes('"')) return { cells: text.split(separator) }
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: separator,
    newline: rowEnd,
    header: false,
  })
  if (errors.length > 0) return { reason: 'has a quote in the wrong place' }
  if (data.length !== 1) return { reason: 'cannot be split into values' }
  return { cells: data[0]! }
}

// A row is given whole, so the library must find no line end in it: not even in unquoted text.
const rowEnd = '\r\n'
