/** Strict reading of one JSON value: what JSON.parse lets pass in silence (a name given twice, lost digits) is caught. */
import type { Json } from '../../shared/json.ts'
import type { RowProblem } from './format-row.ts'

/** Nesting beyond this is no record but an attack on somebody's stack. */
export const maxJsonDepth = 100

/** `text` keeps integers beyond 2^53 as strings of their own digits; `refuse` makes an error of them. */
export type LargeNumbers = 'text' | 'refuse'

const quote = 34
const backslash = 92

/** The value of a JSON text, or what is wrong with it. Never throws. */
export function parseJson(text: string, largeNumbers: LargeNumbers): { value: Json } | { error: RowProblem } {
  const shape = shapeOf(text)
  if (shape.depth > maxJsonDepth) return failure(`is nested more than ${maxJsonDepth} levels deep`)
  if (shape.largeNumbers.length && largeNumbers === 'refuse') {
    const [start, end] = shape.largeNumbers[0]!
    return failure(
      `holds the number ${text.slice(start, Math.min(end, start + 40))}, which no program reads exactly; write it as a string`,
    )
  }
  let value: Json
  try {
    value = JSON.parse(shape.largeNumbers.length ? quoted(text, shape.largeNumbers) : text)
  } catch (error) {
    return failure(syntaxReason(error as SyntaxError, text))
  }
  if (shape.members === membersOf(value)) return { value }
  return { error: { reason: 'is named twice in one object', path: firstRepeatedName(text) } }
}

function failure(reason: string): { error: RowProblem } {
  return { error: { reason, path: '' } }
}

/** The parser's message with its position and without the text it quotes, which may be personal. */
function syntaxReason(error: SyntaxError, text: string): string {
  if (text.trim() === '') return 'is empty'
  const position = / at position (\d+)(?: \([^)]*\))?$/.exec(error.message)?.[1]
  if (/^(Unexpected end|Unterminated)/.test(error.message) || Number(position) >= text.length) {
    return 'is not JSON: it ends before the value is complete'
  }
  return position ? `is not JSON: unexpected text at character ${Number(position) + 1}` : 'is not JSON'
}

interface Shape {
  depth: number
  /** Colons outside strings: as many as there are members, if each name was kept. */
  members: number
  largeNumbers: [start: number, end: number][]
}

function shapeOf(text: string): Shape {
  const shape: Shape = { depth: 0, members: 0, largeNumbers: [] }
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) i = endOfString(text, i)
    else if (code === 58) shape.members++
    else if (code === 123 || code === 91) shape.depth = Math.max(shape.depth, ++depth)
    else if (code === 125 || code === 93) depth--
    else if (code === 45 || (code >= 48 && code <= 57)) {
      const end = endOfNumber(text, i)
      if (end - i > 3 && isLarge(text.slice(i, end))) shape.largeNumbers.push([i, end])
      i = end - 1
    }
  }
  return shape
}

/** The index of the closing quote, or of the last character where there is none. */
function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i !== -1; i = text.indexOf('"', i + 1)) {
    let escapes = 0
    while (text.charCodeAt(i - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return i
  }
  return text.length
}

const numberEnd = /[^-+.0-9eE]/g

function endOfNumber(text: string, start: number): number {
  numberEnd.lastIndex = start
  return numberEnd.exec(text)?.index ?? text.length
}

function isLarge(token: string): boolean {
  const value = Number(token)
  return (
    !Number.isNaN(value) &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  )
}

function quoted(text: string, numbers: readonly [number, number][]): string {
  let out = ''
  let from = 0
  for (const [start, end] of numbers) {
    out += `${text.slice(from, start)}"${text.slice(start, end)}"`
    from = end
  }
  return out + text.slice(from)
}

function membersOf(value: Json): number {
  if (value === null || typeof value !== 'object') return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += membersOf(item)
    return members
  }
  const names = Object.keys(value)
  for (const name of names) members += membersOf(value[name]!)
  return members + names.length
}

/** Where a name is given twice; only looked for once it is known that one is. */
function firstRepeatedName(text: string): string {
  const open: { names: Set<string> | null; at: string | number }[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    const inner = open.at(-1)
    if (character === '"') {
      const end = endOfString(text, i)
      if (inner?.names && /^\s*:/.test(text.slice(end + 1, end + 1000))) {
        inner.at = JSON.parse(text.slice(i, end + 1))
        if (inner.names.has(inner.at as string)) return formatPath(open.map(level => level.at))
        inner.names.add(inner.at as string)
      }
      i = end
    } else if (character === '{') open.push({ names: new Set(), at: '' })
    else if (character === '[') open.push({ names: null, at: 0 })
    else if (character === '}' || character === ']') open.pop()
    else if (character === ',' && inner && inner.names === null) inner.at = (inner.at as number) + 1
  }
  return ''
}

/** `['changes', 0, 'field']` as people write it: `changes[0].field`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let out = ''
  for (const step of path) {
    if (typeof step === 'number') out += `[${step}]`
    else if (/^[\w$-]{1,80}$/.test(String(step))) out += (out && '.') + String(step)
    else out += `[${JSON.stringify(String(step).slice(0, 80))}]`
  }
  return out
}
