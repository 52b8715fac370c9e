/** What every format yields: events as a sender would write them, or what is wrong with a row, each with its line. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'

export type Bytes = AsyncIterable<Uint8Array>

/** `place` says where in a JSON document the row stood (`Records[12]`); a line alone says little in a one-line file. */
export type FormatRow =
  | { line: number; place?: string; event: NewEventInput }
  | { line: number; place?: string; error: RowProblem }

export interface RowProblem {
  reason: string
  path: string
}

/** Reads a file of one format, row by row, without holding more than a row. */
export type Format = (bytes: Bytes) => AsyncGenerator<FormatRow>

/** One row as it stood in the file, before it is understood. */
export type SourceRecord =
  | { line: number; place: string; value: JsonObject }
  | { line: number; place: string; error: RowProblem }

/** Longest single row in bytes: room for the largest event in its most wasteful spelling. */
export const maxRecordBytes = 16 * 1024 * 1024

/** Thrown by a mapping that cannot make an event of a row. */
export class RowError extends Error {
  override name = 'RowError'
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(reason)
  }
}

/** Runs a mapping over records. A record may hold several events, each made by itself: one that cannot be read stops no other. */
export async function* mapRecords(
  records: AsyncIterable<SourceRecord>,
  eventsOf: (value: JsonObject) => Iterable<() => NewEventInput>,
): AsyncGenerator<FormatRow> {
  for await (const record of records) {
    if ('error' in record) {
      yield record
      continue
    }
    for (const makeEvent of eventsOf(record.value)) yield rowOf(record, makeEvent)
  }
}

function rowOf({ line, place }: { line: number; place: string }, makeEvent: () => NewEventInput): FormatRow {
  try {
    return { line, place, event: makeEvent() }
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    return { line, place, error: { reason: error.message, path: error.path } }
  }
}
