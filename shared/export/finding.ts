/** What is wrong with an exported file, and where. */
import { LogError } from '../log/errors.ts'

/**
 * - `tampered`: well-formed, and not what was signed.
 * - `malformed`: not an export, or a part of it is missing.
 * - `untrusted`: signed by nobody who is trusted here, or by too few.
 */
export type FindingKind = 'tampered' | 'malformed' | 'untrusted'

/** `row` counts from 1, the header apart; `line` counts the file's lines from 1; `index` is the place in the log. */
export interface FindingPlace {
  readonly file: string
  readonly line?: number
  readonly row?: number
  readonly index?: number
  readonly column?: string
}

export class ExportFinding extends Error {
  override name = 'ExportFinding'
  constructor(
    readonly kind: FindingKind,
    readonly place: FindingPlace,
    message: string,
  ) {
    super(message)
  }
}

/** What an error of the log core means there; any other error is thrown on. */
export function findingOf(error: unknown, place: FindingPlace, what: string): ExportFinding {
  if (error instanceof ExportFinding) return error
  if (!(error instanceof LogError)) throw error
  const kind = error.kind === 'misbehaved' ? 'tampered' : error.kind
  return new ExportFinding(kind, place, `${what}: ${error.message}`)
}

/** `audit-log.csv, row 12, column User e-mail (log index 884, line 13)` */
export function placeWords({ file, line, row, index, column }: FindingPlace): string {
  const where = [
    file,
    row === undefined ? null : `row ${row}`,
    column === undefined ? null : `column ${column}`,
  ]
  const also = [index === undefined ? null : `log index ${index}`, line === undefined ? null : `line ${line}`]
  const inBrackets = also.filter(words => words !== null).join(', ')
  return where.filter(words => words !== null).join(', ') + (inBrackets && ` (${inBrackets})`)
}
