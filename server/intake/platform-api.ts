/** `platform-api`: items as the platform's audit list returns them, in pages, an array or one a line. */
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { jsonRecords } from './json-records.ts'
import { platformEvent } from './platform-record.ts'

/** The name under which events of the platform are known, whichever way they came. */
export const platformSource = 'invicti-platform'

export function platformApi(bytes: Bytes): AsyncGenerator<FormatRow> {
  const records = jsonRecords(bytes, { wrapperKeys: ['items'], largeNumbers: 'text' })
  return mapRecords(records, record => [() => platformEvent(record, { source: platformSource })])
}
