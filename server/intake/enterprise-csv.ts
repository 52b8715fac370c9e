/** `enterprise-csv`: the older sibling's exported CSV, with any of the separators it offers. */
import { createContentIds } from './content-id.ts'
import { csvRecords } from './csv-records.ts'
import { enterpriseSource } from './enterprise-json.ts'
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { platformEvent } from './platform-record.ts'

export function enterpriseCsv(bytes: Bytes): AsyncGenerator<FormatRow> {
  const contentId = createContentIds()
  return mapRecords(csvRecords(bytes), record => [
    () => platformEvent(record, { source: enterpriseSource, contentId }),
  ])
}
