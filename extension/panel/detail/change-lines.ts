/** What differs between two values, line by line: members of objects by their path, items of plain lists. */
import type { Json, JsonObject } from '../../../shared/json.ts'

export interface ChangeLine {
  kind: 'removed' | 'added'
  /** Where in the value, such as `limits.daily`; empty for the whole of it. */
  path: string
  value: Json
}

export interface ChangeLines {
  lines: ChangeLine[]
  /** Members or items that are the same on both sides. */
  unchanged: number
}

export function changeLines(before: Json, after: Json, path = ''): ChangeLines {
  if (isObject(before) && isObject(after)) return objectLines(before, after, path)
  if (isPlainList(before) && isPlainList(after)) return listLines(before, after, path)
  return whole(before, after, path)
}

function whole(before: Json, after: Json, path: string): ChangeLines {
  return {
    lines: [
      { kind: 'removed', path, value: before },
      { kind: 'added', path, value: after },
    ],
    unchanged: 0,
  }
}

function objectLines(before: JsonObject, after: JsonObject, path: string): ChangeLines {
  const lines: ChangeLine[] = []
  let unchanged = 0
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const inner = path ? `${path}.${name}` : name
    const left = before[name]
    const right = after[name]
    if (left === undefined) lines.push({ kind: 'added', path: inner, value: right! })
    else if (right === undefined) lines.push({ kind: 'removed', path: inner, value: left })
    else if (isSame(left, right)) unchanged++
    else {
      const found = changeLines(left, right, inner)
      lines.push(...found.lines)
      unchanged += found.unchanged
    }
  }
  return { lines, unchanged }
}

function listLines(before: Json[], after: Json[], path: string): ChangeLines {
  const removed = without(before, after)
  const added = without(after, before)
  // Only the order differs: the lists themselves are what changed.
  if (removed.length === 0 && added.length === 0) return whole(before, after, path)
  return {
    lines: [
      ...removed.map(value => ({ kind: 'removed' as const, path, value })),
      ...added.map(value => ({ kind: 'added' as const, path, value })),
    ],
    unchanged: before.length - removed.length,
  }
}

/** The items of a list that the other does not have, counting repetitions. */
function without(list: Json[], other: Json[]): Json[] {
  const left = new Map<Json, number>()
  for (const item of other) left.set(item, (left.get(item) ?? 0) + 1)
  return list.filter(item => {
    const count = left.get(item) ?? 0
    left.set(item, count - 1)
    return count <= 0
  })
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of anything but lists and objects, and short enough to be read item by item. */
function isPlainList(value: Json): value is Json[] {
  return (
    Array.isArray(value) &&
    value.length <= 200 &&
    value.every(item => typeof item !== 'object' || item === null)
  )
}

function isSame(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
