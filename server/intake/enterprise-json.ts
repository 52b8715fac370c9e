/** `enterprise-json`: the older sibling's audit list, pages around a `List`, an array or one entry a line. */
import { createContentIds } from './content-id.ts'
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { jsonRecords } from './json-records.ts'
import { platformEvent } from './platform-record.ts'

export const enterpriseSource = 'invicti-enterprise'

export function enterpriseJson(bytes: Bytes): AsyncGenerator<FormatRow> {
  const contentId = createContentIds()
  const records = jsonRecords(bytes, { wrapperKeys: ['List', 'list', 'items'], largeNumbers: 'text' })
  return mapRecords(records, record => [() => platformEvent(record, { source: enterpriseSource, contentId })])
}
