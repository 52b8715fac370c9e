/** `platform-csv`: the platform's exported CSV file, columns by header in any order. */
import { createContentIds } from './content-id.ts'
import { csvRecords } from './csv-records.ts'
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { platformSource } from './platform-api.ts'
import { platformEvent } from './platform-record.ts'

export function platformCsv(bytes: Bytes): AsyncGenerator<FormatRow> {
  const contentId = createContentIds()
  return mapRecords(csvRecords(bytes), record => [
    () => platformEvent(record, { source: platformSource, contentId }),
  ])
}
