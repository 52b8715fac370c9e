/** How an export is cut into files, and what they are called. */
import { dayOf } from '../time.ts'
import type { ExportFormat } from './columns.ts'

/** The platform's own limit for one file. */
export const maxRowsPerFile = 1000

/** The rows of each file; one empty file where there are none, so that "nothing matched" is a document too. */
export function partSizes(rows: number, rowsPerFile: number): number[] {
  const largest = Math.max(1, Math.min(maxRowsPerFile, Math.floor(rowsPerFile)))
  const parts = Math.max(1, Math.ceil(rows / largest))
  return Array.from({ length: parts }, (_, part) => Math.min(largest, rows - part * largest))
}

/** What the names of an export's files say: its calendar days in the zone, both included. */
export interface ExportSpan {
  firstDay: string | null
  lastDay: string | null
}

/**
 * The days an export speaks of: of the time frame where its ends are set, else of the oldest and newest event.
 * `to` is not part of the time frame, so the last day is that of the moment before.
 */
export function spanOf(
  frame: { from?: string | undefined; to?: string | undefined },
  range: { first: string; last: string } | null,
  zone: string,
): ExportSpan {
  const first = frame.from ?? range?.first
  const last = frame.to === undefined ? range?.last : new Date(Date.parse(frame.to) - 1).toISOString()
  return {
    firstDay: first === undefined ? null : dayOf(Date.parse(first), zone),
    lastDay: last === undefined ? null : dayOf(Date.parse(last), zone),
  }
}

/** `audit-log_2026-08-25_to_2026-11-23` */
export function baseName({ firstDay, lastDay }: ExportSpan): string {
  const days = [firstDay, lastDay].filter(day => day !== null)
  return ['audit-log', ...days.slice(0, 1), ...days.slice(1).flatMap(day => ['to', day])].join('_')
}

/** `…_part-001-of-003.csv`; without the part where there is only one. Names sort as the parts do. */
export function partName(span: ExportSpan, format: ExportFormat, part: number, parts: number): string {
  if (parts === 1) return `${baseName(span)}.${format}`
  const width = Math.max(3, String(parts).length)
  const [number, of] = [part + 1, parts].map(n => String(n).padStart(width, '0'))
  return `${baseName(span)}_part-${number}-of-${of}.${format}`
}

export function zipName(span: ExportSpan): string {
  return `${baseName(span)}.zip`
}

/** Beside the part whose rows it proves. */
export function evidenceName(part: string): string {
  return part + evidenceSuffix
}

export const evidenceSuffix = '.evidence.ndjson'

/** The hashes over the entries between the rows. */
export const gapsName = 'left-out.txt'
export const manifestName = 'manifest.json'
