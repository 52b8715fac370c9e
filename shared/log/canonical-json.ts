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
 * writes them. `depth` is how deep it will lie in what it becomes a part of. Throws `json_unsupported` for whatever
 * JSON cannot carry unchanged: undefined, functions, symbols, BigInt, NaN, infinities, lone surrogates, sparse arrays,
 * class instances, nesting above 128.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (value === null) return 'null'
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`
  // What is in order already, as most is, the runtime writes several times as fast as anything here could.
  const text = isInOrder(value, depth) ? JSON.stringify(value) : write(value)
  if (text.includes('\\ud') && loneSurrogate.test(text)) throw unsupported('a lone surrogate')
  return text
}

/**
 * The value of canonical JSON, as bytes or as their text. Throws `json_not_canonical` unless writing it again gives the same bytes, which
 * rules out duplicate names, other escapes and other spellings of a number.
 */
export function parseCanonical(json: Uint8Array | string): Json {
  const text = typeof json === 'string' ? json : fromUtf8(json)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    throw new LogError('json_not_canonical', 'not JSON')
  }
  if (canonicalJson(value) !== text) throw new LogError('json_not_canonical', 'not canonical JSON')
  return value
}

/** Half a pair is all that `JSON.stringify` escapes so: an odd number of backslashes, then `ud`. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud/

/** Whether the names of all objects in it are sorted, so that it need only be written. Throws `json_unsupported`. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      if (!Number.isFinite(value)) throw unsupported(String(value))
      return true
    case 'object':
      if (value === null) return true
      if (depth === MAX_DEPTH) throw unsupported('nesting above 128')
      return Array.isArray(value) ? isListInOrder(value, depth + 1) : isObjectInOrder(value, depth + 1)
    default:
      throw unsupported(typeof value)
  }
}

function isListInOrder(items: readonly unknown[], depth: number): boolean {
  let inOrder = true
  // By index: sparse lists have nothing there, and are refused for it.
  for (let i = 0; i < items.length; i++) inOrder = isInOrder(items[i], depth) && inOrder
  return inOrder
}

function isObjectInOrder(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw unsupported('a class instance')
  if (Object.getOwnPropertySymbols(value).length > 0) throw unsupported('a symbol as a name')
  const names = Object.keys(value)
  let inOrder = true
  for (let i = 0; i < names.length; i++) {
    // By UTF-16 code units, as `<` compares.
    if (i > 0 && names[i - 1]! > names[i]!) inOrder = false
    inOrder = isInOrder((value as Record<string, unknown>)[names[i]!], depth) && inOrder
  }
  return inOrder
}

/** Writes what has been looked through, sorting it. */
function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const fields = value as Record<string, unknown>
  const members = Object.keys(fields)
    .sort()
    .map(name => `${JSON.stringify(name)}:${write(fields[name])}`)
  return `{${members.join(',')}}`
}

function unsupported(what: string): LogError {
  return new LogError('json_unsupported', `canonical JSON has no place for ${what}`)
}
