/** Where the bytes of a part first depart from what its proven rows make. */
import type { AuditEvent } from '../audit-event.ts'
import { bytesEqual, utf8 } from '../log/bytes.ts'
import type { FindingPlace } from './finding.ts'
import { type PartOptions, piecesOf, writePart } from './write-part.ts'

const newline = 0x0a

/** Null where they are equal. */
export function firstDifference(
  file: string,
  bytes: Uint8Array,
  events: readonly AuditEvent[],
  options: PartOptions,
): FindingPlace | null {
  const expected = utf8(writePart(events, options))
  if (bytesEqual(bytes, expected)) return null
  let at = 0
  while (at < expected.length && bytes[at] === expected[at]) at++
  let line = 1
  for (let i = 0; i < at; i++) if (expected[i] === newline) line++
  return { file, ...placeOf(at, events, options), line }
}

function placeOf(offset: number, events: readonly AuditEvent[], options: PartOptions) {
  let end = 0
  for (const { text, row, index, column } of piecesOf(events, options)) {
    end += utf8(text).length
    if (offset >= end) continue
    return {
      ...(row > 0 && { row }),
      ...(index !== undefined && { index }),
      ...(column !== undefined && { column }),
    }
  }
  return {}
}
