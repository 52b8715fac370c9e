/** The text of a part in either format, and the same text piece by piece, to tell where a file departs from it. */
import type { AuditEvent } from '../audit-event.ts'
import type { ExportFormat } from './columns.ts'
import { byteOrderMark, type CsvOptions, csvCells, lineEnd, writeCsv } from './csv.ts'
import { jsonFields, writeJson } from './json.ts'

export interface PartOptions extends CsvOptions {
  format: ExportFormat
}

export function writePart(events: readonly AuditEvent[], options: PartOptions): string {
  return options.format === 'json' ? writeJson(events) : writeCsv(events, options)
}

/** A piece of a part: what is said of one row in one column, separators included. Row 0 is the header. */
export interface Piece {
  text: string
  row: number
  index?: number
  column?: string
}

/** Joined, they are what `writePart` writes. */
export function piecesOf(events: readonly AuditEvent[], options: PartOptions): Generator<Piece> {
  return options.format === 'json' ? jsonPieces(events) : csvPieces(events, options)
}

function* csvPieces(events: readonly AuditEvent[], options: PartOptions): Generator<Piece> {
  const { columns, zone } = options
  const labels = columns.map(column => column.label)
  function* row(values: readonly string[], place: Omit<Piece, 'text' | 'column'>): Generator<Piece> {
    for (const [i, cell] of csvCells(values).entries()) {
      yield { ...place, text: cell + (i + 1 < values.length ? ',' : lineEnd), column: labels[i]! }
    }
  }
  if (options.byteOrderMark) yield { text: byteOrderMark, row: 0 }
  yield* row(labels, { row: 0 })
  for (const [i, event] of events.entries()) {
    const values = columns.map(column => column.read(event, zone))
    yield* row(values, { row: i + 1, index: event.index })
  }
}

function* jsonPieces(events: readonly AuditEvent[]): Generator<Piece> {
  if (events.length === 0) return yield { text: '[]\n', row: 0 }
  yield { text: '[\n', row: 0 }
  for (const [i, event] of events.entries()) {
    const place = { row: i + 1, index: event.index }
    const present = jsonFields(event).filter(([, value]) => value !== undefined)
    for (const [n, [column, value]] of present.entries()) {
      const text = `${n === 0 ? '{' : ','}${JSON.stringify(column)}:${JSON.stringify(value)}`
      yield { ...place, text, column }
    }
    yield { ...place, text: i + 1 < events.length ? '},\n' : '}\n' }
  }
  yield { text: ']\n', row: events.length }
}
