/**
 * One export: part by part from its source, logged, then handed over. It may be stopped by a failure anywhere and run
 * again; finished parts, the place of the next and the logged record are kept.
 */

import type { AuditEvent } from '../../shared/audit-event.ts'
import { columnsNamed } from '../../shared/export/columns.ts'
import { writeCsv } from '../../shared/export/csv.ts'
import { writeJson } from '../../shared/export/json.ts'
import { buildManifest, formatManifest, type ManifestPart } from '../../shared/export/manifest.ts'
import { manifestName, partName, partSizes, spanOf, zipName } from '../../shared/export/parts.ts'
import { formatFilter } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'
import { cancelled, misbehaved } from '../api/failure.ts'
import type { ExportedFile, ExportRequest } from '../worker/protocol.ts'
import type { ExportDeskOptions, ExportPlace } from './export-desk.ts'
import { zipFiles } from './zip-files.ts'

export interface ExportJob {
  /** @throws {FailureError} after which it may run again. */
  run(signal: AbortSignal, onProgress: () => void): Promise<ExportedFile>
  rowsDone(): number
  rowsTotal(): number
}

/** A finished part. Its name waits for the span of days, known only with the last part. */
type Part = Omit<ManifestPart, 'name'> & { blob: Blob }

type Options = Pick<ExportDeskOptions, 'source' | 'crypto' | 'now'>

export function createExportJob({ source, crypto, now }: Options, request: ExportRequest): ExportJob {
  const view = { filter: request.filter, size: request.size }
  const columns = request.format === 'csv' ? columnsNamed(request.columns) : []
  const parts: Part[] = []
  let sizes: number[] | null = null
  let place: ExportPlace | null = null
  let recordedAs: number | null = null

  const rowsTotal = () => sizes?.reduce((sum, rows) => sum + rows, 0) ?? 0
  const rowsDone = () => parts.reduce((sum, part) => sum + part.rows, 0)

  function write(events: AuditEvent[]): string {
    if (request.format === 'json') return writeJson(events)
    return writeCsv(events, { columns, zone: request.zone, byteOrderMark: request.byteOrderMark })
  }

  /** The next part's events. A page may be shorter than asked for; a part may not. */
  async function readPart(rows: number): Promise<{ events: AuditEvent[]; next: ExportPlace | null }> {
    const events: AuditEvent[] = []
    let next = place
    while (events.length < rows) {
      const page = await source.page(view, next, rows - events.length)
      events.push(...page.events)
      next = page.next
      if (next === null) break
    }
    if (events.length === rows) return { events, next }
    throw misbehaved('count_differs', `${rows} events were announced here and ${events.length} came`)
  }

  async function makePart(rows: number): Promise<void> {
    const { events, next } = await readPart(rows)
    const bytes = new TextEncoder().encode(write(events))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    parts.push({
      rows,
      bytes: bytes.length,
      sha256: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join(''),
      newest: events[0]?.occurredAt ?? null,
      oldest: events.at(-1)?.occurredAt ?? null,
      blob: new Blob([bytes], { type: mediaTypes[request.format] }),
    })
    place = next
  }

  function span() {
    const [first, last] = [parts.at(-1)!.oldest, parts[0]!.newest]
    return spanOf(request.filter, first && last ? { first, last } : null, request.zone)
  }

  function named(): (Part & { name: string })[] {
    return parts.map((part, i) => ({ ...part, name: partName(span(), request.format, i, parts.length) }))
  }

  /** Before the file is handed over: an export that nobody can know of is none. */
  async function record(): Promise<number> {
    const { format, filter, zone } = request
    const { index } = await source.record({
      ...{ format, zone, count: rowsTotal(), files: parts.length },
      filter: formatFilter(filter).toString(),
      from: filter.from ?? null,
      to: filter.to ?? null,
      columns: columns.map(({ id }) => id),
    })
    return index
  }

  async function manifest(recorded: number): Promise<string> {
    const { checkpoint, ...facts } = await source.facts()
    const { format, filter, zone, rowsPerFile, byteOrderMark } = request
    const built = buildManifest({
      ...facts,
      ...{ format, rowsPerFile, recordedAs: recorded },
      byteOrderMark: byteOrderMark && format === 'csv',
      createdAt: formatMoment(now()),
      log: { size: request.size, checkpoint },
      filter: {
        parameters: formatFilter(filter).toString(),
        from: filter.from ?? null,
        to: filter.to ?? null,
      },
      timeFrame: { ...span(), zone },
      columns: columns.map(({ id, label }) => ({ id, label })),
      parts: named().map(({ blob: _, ...part }) => part),
    })
    return formatManifest(built)
  }

  async function finish(recorded: number, signal: AbortSignal): Promise<ExportedFile> {
    const [only, ...more] = named()
    const done = { rows: rowsTotal(), parts: parts.length }
    if (more.length === 0) return { name: only!.name, blob: only!.blob, ...done }
    const files = named().map(({ name, blob }) => ({ name, input: blob }))
    const text = await manifest(recorded)
    const blob = await zipFiles([...files, { name: manifestName, input: text }], new Date(now()))
    if (signal.aborted) throw cancelled()
    return { name: zipName(span()), blob, ...done }
  }

  return {
    rowsTotal,
    rowsDone,
    async run(signal, onProgress) {
      sizes ??= partSizes(await source.total(view), request.rowsPerFile)
      for (const rows of sizes.slice(parts.length)) {
        if (signal.aborted) throw cancelled()
        await makePart(rows)
        onProgress()
      }
      if (signal.aborted) throw cancelled()
      recordedAs ??= await record()
      return finish(recordedAs, signal)
    },
  }
}

const mediaTypes = { csv: 'text/csv;charset=utf-8', json: 'application/json' }
