/** The opaque cursor: where a page ended, the log size it was read at, and for which filter. */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { Position } from '../../shared/event-index/event-index.ts'
import { type Filter, formatFilter } from '../../shared/filter.ts'
import { ProblemError } from '../../shared/problem.ts'

const Parts = z.tuple([z.number(), z.int(), z.int(), z.string()])

export interface Cursor {
  after: Position
  size: number
}

export function formatCursor(cursor: Cursor, filter: Filter): string {
  const parts = [cursor.after.occurredAt, cursor.after.index, cursor.size, fingerprint(filter)]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** @throws {ProblemError} `invalid_cursor` for text that is none, or was given out for another filter. */
export function parseCursor(text: string, filter: Filter): Cursor {
  const parts = Parts.safeParse(readJson(Buffer.from(text, 'base64url').toString()))
  if (!parts.success)
    throw new ProblemError('invalid_cursor', 'Ask for the first page again, without a cursor.')
  const [occurredAt, index, size, print] = parts.data
  if (print !== fingerprint(filter)) {
    throw new ProblemError(
      'invalid_cursor',
      'The cursor belongs to another filter. Ask for the first page again.',
    )
  }
  return { after: { occurredAt, index }, size }
}

function fingerprint(filter: Filter): string {
  return createHash('sha256').update(formatFilter(filter).toString()).digest('base64url').slice(0, 8)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
