/** `trailside`: our own events, one a line or in an array; checked when they are taken in. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { jsonRecords } from './json-records.ts'

export function trailside(bytes: Bytes): AsyncGenerator<FormatRow> {
  const records = jsonRecords(bytes, { wrapperKeys: ['events'], largeNumbers: 'refuse' })
  // Whatever the record is, `normalise` has the last word on it.
  return mapRecords(records, value => [() => value as unknown as NewEventInput])
}
