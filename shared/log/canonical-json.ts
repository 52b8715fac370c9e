/** Canonical JSON (RFC 8785): one spelling for each value, so that equal data has equal bytes. */
import type { Json } from '../json.ts'
import { fromUtf8 } from './bytes.ts'
import { LogError } from './errors.ts'

/** Deeper nesting is refused rather than left to the size of somebody's stack. */
const MAX_DEPTH = 128

/** Text that stands in JSON as it is: printable ASCII without quote and backslash. Most text, and quick to tell. */
const PLAIN = /^[ !#-[\]-~]*$/

/**
 * The canonical text of a JSON value: no white space, names sorted by UTF-16 code units, numbers as ECMAScript
 * writes them. Throws `json_unsupported` for whatever JSON cannot carry unchanged: undefined, functions, symbols,
 * BigInt, NaN, infinities, lone surrogates, sparse arrays, class instances, nesting above 128.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

/**
 * The value of canonical JSON bytes. Throws `json_not_canonical` unless writing it again gives the same bytes, which
 * rules out duplicate names, other escapes and other spellings of a number.
 */
export function parseCanonical(bytes: Uint8Array): Json {
  const text = fromUtf8(bytes)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    throw new LogError('json_not_canonical', 'not JSON')
  }
  if (canonicalJson(value) !== text) throw new LogError('json_not_canonical', 'not canonical JSON')
  return value
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth === MAX_DEPTH) throw unsupported('nesting above 128')
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1)
    default:
      throw unsupported(typeof value)
  }
}

function writeString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`
  // ES2024, in every runtime this supports (Node 20, Chrome 111) and not yet in the library this compiles with.
  if (!(value as string & { isWellFormed(): boolean }).isWellFormed()) throw unsupported('a lone surrogate')
  return JSON.stringify(value)
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw unsupported(String(value))
  return JSON.stringify(value)
}

function writeArray(items: readonly unknown[], depth: number): string {
  let out = '['
  for (let i = 0; i < items.length; i++) out += (i > 0 ? ',' : '') + write(items[i], depth)
  return `${out}]`
}

function writeObject(value: object, depth: number): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw unsupported('a class instance')
  if (Object.getOwnPropertySymbols(value).length > 0) throw unsupported('a symbol as a name')
  const fields = value as Record<string, unknown>
  let out = '{'
  for (const name of sortedNames(fields)) {
    out += `${(out.length > 1 ? ',' : '') + writeString(name)}:${write(fields[name], depth)}`
  }
  return `${out}}`
}

/** By UTF-16 code units. What was canonical when it was parsed is in order already. */
function sortedNames(fields: object): string[] {
  const names = Object.keys(fields)
  return names.every((name, i) => i === 0 || names[i - 1]! < name) ? names : names.sort()
}

function unsupported(what: string): LogError {
  return new LogError('json_unsupported', `canonical JSON has no place for ${what}`)
}
