/**
 * One export: part by part from its source, proven, logged, then handed over. It may be stopped by a failure anywhere
 * and run again; finished parts, the place of the next, the proof and the logged record are kept.
 */

import type { AuditEvent } from '../../shared/audit-event.ts'
import { columnsNamed } from '../../shared/export/columns.ts'
import { partName, partSizes, spanOf, zipName } from '../../shared/export/parts.ts'
import { formatFilter } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'
import { cancelled, misbehaved } from '../api/failure.ts'
import type { ExportedFile, ExportRequest } from '../worker/protocol.ts'
import type { ExportDeskOptions, ExportPlace } from './export-desk.ts'
import { makePart, type Part, proofFiles } from './export-parts.ts'
import type { ExportProof } from './prover.ts'
import { zipFiles } from './zip-files.ts'

export interface ExportJob {
  /** @throws {FailureError} after which it may run again. */
  run(signal: AbortSignal, onProgress: () => void): Promise<ExportedFile>
  rowsDone(): number
  rowsTotal(): number
}

type Options = Pick<ExportDeskOptions, 'source' | 'crypto' | 'now'>

export function createExportJob({ source, crypto, now }: Options, request: ExportRequest): ExportJob {
  const view = { filter: request.filter, size: request.size }
  const columns = request.format === 'csv' ? columnsNamed(request.columns) : []
  const byteOrderMark = request.byteOrderMark && request.format === 'csv'
  const written = { format: request.format, columns, zone: request.zone, byteOrderMark }
  const prover = source.prover()
  const id = crypto.randomUUID()
  const parts: Part[] = []
  let sizes: number[] | null = null
  let place: ExportPlace | null = null
  let proof: ExportProof | null = null
  let recordedAs: number | null = null

  const rowsTotal = () => sizes?.reduce((sum, rows) => sum + rows, 0) ?? 0
  const rowsDone = () => parts.reduce((sum, part) => sum + part.rows, 0)
  const isZip = () => request.proof || (sizes?.length ?? 0) > 1

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

  /** With a proof the events are written as what proves them has them, wherever the page came from. */
  async function addPart(rows: number, signal: AbortSignal): Promise<void> {
    const { events, next } = await readPart(rows)
    if (isZip()) {
      const places = events.map(event => event.index)
      const proven = await prover.rows(places, signal)
      const evidence = proven.map(row => row.evidence)
      parts.push(
        await makePart(
          crypto,
          proven.map(row => row.event),
          evidence,
          written,
        ),
      )
    } else {
      parts.push(await makePart(crypto, events, null, written))
    }
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
      id,
      ...{ format, zone, count: rowsTotal(), files: parts.length },
      filter: formatFilter(filter).toString(),
      from: filter.from ?? null,
      to: filter.to ?? null,
      columns: columns.map(({ id }) => id),
    })
    return index
  }

  async function zip(recorded: number): Promise<Blob> {
    const facts = {
      ...(await source.facts()),
      recordedAs: recorded,
      createdAt: formatMoment(now()),
      timeFrame: { ...span(), zone: request.zone },
      columns: columns.map(({ id, label }) => ({ id, label })),
    }
    const files = await proofFiles(crypto, { ...request, byteOrderMark }, facts, named(), proof!)
    return zipFiles(files, new Date(now()))
  }

  async function finish(recorded: number, signal: AbortSignal): Promise<ExportedFile> {
    const [only] = named()
    const done = { rows: rowsTotal(), parts: parts.length }
    if (!isZip()) return { name: only!.name, blob: only!.blob, ...done }
    const blob = await zip(recorded)
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
        await addPart(rows, signal)
        onProgress()
      }
      if (isZip()) proof ??= await prover.prove(signal)
      if (signal.aborted) throw cancelled()
      recordedAs ??= await record()
      return finish(recordedAs, signal)
    },
  }
}
