/** What the log is told of a source's settings. A key is only ever "set" or "replaced". */
import type { Json } from '../../shared/json.ts'
import type { SourceRow } from './settings.ts'

type Changes = { field: string; before: Json; after: Json }[]

const fields = [
  'name',
  'kind',
  'baseUrl',
  'userId',
  'intervalSeconds',
  'startDate',
  'certificateAuthority',
  'proxy',
  'usersPath',
  'targetsPath',
] as const

export function settingsChanges(row: SourceRow): Changes {
  const set = fields.filter(field => row[field] !== null)
  const key = { field: 'key', before: null, after: 'set' }
  return [...set.map(field => ({ field, before: null, after: row[field] })), key]
}

export function changesBetween(before: SourceRow, after: SourceRow, isNewKey: boolean): Changes {
  const changed = fields.filter(field => before[field] !== after[field])
  const key = isNewKey ? [{ field: 'key', before: 'set', after: 'replaced' }] : []
  return [...changed.map(field => ({ field, before: before[field], after: after[field] })), ...key]
}
