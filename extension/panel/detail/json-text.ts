/** A JSON value as people read it: strings bare, the rest as JSON, indented where it is long. */
import type { Json } from '../../../shared/json.ts'

const shortJson = 60

export function jsonText(value: Json): string {
  if (typeof value === 'string') return value
  const line = JSON.stringify(value)
  return line.length <= shortJson ? line : JSON.stringify(value, null, 2)
}
