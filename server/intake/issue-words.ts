/** A schema's complaint in words for people, with the place it is about. */
import type * as z from 'zod/mini'
import type { JsonProblem } from './json-problem.ts'
import { formatPath } from './json-text.ts'

type Issue = z.core.$ZodIssue

export function issueWords(issue: Issue, input: unknown): JsonProblem {
  return { reason: reasonOf(issue, valueAt(input, issue.path)), path: formatPath(issue.path) }
}

function reasonOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? 'is missing'
        : `must be ${withArticle(issue.expected)}, not ${kindOf(value)}`
    case 'invalid_value':
      return value === undefined ? 'is missing' : `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `must be at least ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`
      return issue.origin === 'array'
        ? `holds more than ${issue.maximum}`
        : `must be at most ${issue.maximum}`
    case 'invalid_union':
      return 'is not JSON'
    case 'custom':
      return issue.message
    default:
      return 'cannot be read'
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Record<PropertyKey, unknown>)[step]
  }
  return value
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : withArticle(typeof value)
}

function withArticle(kind: string): string {
  if (kind === 'record') return 'an object'
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
}
