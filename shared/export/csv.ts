/**
 * CSV by RFC 4180, with a guard against formulas.
 *
 * The guard: a value that a spreadsheet would run gets one apostrophe in front. Such a value begins with `=`, `+`,
 * `-` or `@` (or a look-alike of another width), after any white space, control, bidirectional or invisible
 * characters; or these hold a tab or a line break. A plain negative number (`-5`, `-0.25`) cannot run and stays.
 * Where a value begins with apostrophes, what follows them decides, so that `restore` finds every apostrophe that
 * `neutralise` added, and only those.
 *
 * NUL has no place in a CSV file and becomes U+2400 (␀); half a surrogate pair, no Unicode text, becomes U+FFFD.
 *
 * The guard holds for what reads the file as comma-separated. A program told to split elsewhere (at semicolons, say)
 * begins cells within values, where no writer of commas can protect them.
 */
import type { AuditEvent } from '../audit-event.ts'
import type { Column } from './columns.ts'

export const lineEnd = '\r\n'
export const byteOrderMark = '\uFEFF'

const invisible = String.raw`[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}␀]*`
const runs = String.raw`[\t\r\n=+\-@＝＋－＠﹦﹢﹣﹫−]`
const formula = new RegExp(`^${invisible}${runs}`, 'u')
const negativeNumber = /^-\d{1,15}(?:\.\d{1,15})?$/

/** The value with an apostrophe in front where a spreadsheet would run it. */
export function neutralise(value: string): string {
  return isGuarded(value) ? `'${value}` : value
}

/** Undoes `neutralise`. */
export function restore(value: string): string {
  return value.startsWith("'") && isGuarded(value) ? value.slice(1) : value
}

function isGuarded(value: string): boolean {
  const rest = value.replace(/^'+/, '')
  return formula.test(rest) && !negativeNumber.test(rest)
}

/** The value as a CSV file can hold it: no NUL, no half surrogate pairs. */
export function printable(value: string): string {
  const text = value.includes('\0') ? value.replaceAll('\0', '␀') : value
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

export interface CsvOptions {
  columns: readonly Column[]
  zone: string
  /** Tells Excel that the file is UTF-8. */
  byteOrderMark: boolean
}

/** A whole file: the header and one row an event, in the order given. */
export function writeCsv(events: readonly AuditEvent[], options: CsvOptions): string {
  const { columns, zone } = options
  const rows = [csvRow(columns.map(column => column.label))]
  for (const event of events) rows.push(csvRow(columns.map(column => column.read(event, zone))))
  return (options.byteOrderMark ? byteOrderMark : '') + rows.join('')
}

/** One row with its line end. */
export function csvRow(values: readonly string[]): string {
  return csvCells(values).join(',') + lineEnd
}

/** A row's cells as they stand in the file. */
export function csvCells(values: readonly string[]): string[] {
  const cells = values.map(writeCell)
  // A row of one empty value would be an empty line, which readers skip.
  return cells.length === 1 && cells[0] === '' ? ['""'] : cells
}

/** Most values begin with a letter or digit and have nothing but plain ASCII: the file holds them as they are. */
const plain = /^[0-9A-Za-z](?:[ !#-+\--~]*[!#-+\--~])?$/

function writeCell(value: string): string {
  return value === '' || plain.test(value) ? value : quote(neutralise(printable(value)))
}

function quote(cell: string): string {
  const isBare = !/[",\r\n]|^\s|\s$/.test(cell)
  return isBare ? cell : `"${cell.replaceAll('"', '""')}"`
}
