/** `platform-json`: the platform's exported JSON file. Its shape is published nowhere, so names are recognised. */
import { createContentIds } from './content-id.ts'
import { type Bytes, type FormatRow, mapRecords } from './format-row.ts'
import { jsonRecords } from './json-records.ts'
import { platformSource } from './platform-api.ts'
import { platformEvent } from './platform-record.ts'

const wrapperKeys = [
  'items',
  'records',
  'data',
  'logs',
  'auditLogs',
  'audit_logs',
  'events',
  'entries',
  'results',
  'List',
]

export function platformJson(bytes: Bytes): AsyncGenerator<FormatRow> {
  const contentId = createContentIds()
  const records = jsonRecords(bytes, { wrapperKeys, largeNumbers: 'text' })
  return mapRecords(records, record => [() => platformEvent(record, { source: platformSource, contentId })])
}
