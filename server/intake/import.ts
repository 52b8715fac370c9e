/** The import: files of one format, row by row, in batches into a sink, with everything counted and nothing hidden. */
import type { IntakeItem } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { Format, FormatRow } from './format-row.ts'
import type { InputFile } from './input-file.ts'
import { newestTime, shifted } from './shift-to-now.ts'

/**
 * Where events go: the log's own writer or a running backend. Answers item by item, in the order given. It checks
 * the events itself, may be given the same ones again, and throws only where nothing of a batch could be taken.
 */
export interface ImportSink {
  append(batch: readonly NewEventInput[]): Promise<readonly IntakeItem[]>
}

export interface ImportCounts {
  read: number
  accepted: number
  duplicates: number
  rejected: number
}

export interface ImportProgress extends ImportCounts {
  file: string
  bytesRead: number
  /** Null where the size of a file cannot be known. */
  bytesTotal: number | null
}

export interface RejectedRow {
  file: string
  line: number
  path: string
  reason: string
}

export interface ImportOptions {
  files: readonly InputFile[]
  format: Format
  sink: ImportSink
  /** For demonstrations: moves all times so that the newest is this one, and marks every event so. Ids stay. */
  shiftTo?: number
  batchSize?: number
  onProgress?: (progress: ImportProgress) => void
  onRejected?: (row: RejectedRow) => void
}

/** Largest batch a sink is given. */
export const maxBatchSize = 500

/**
 * Reads every file to its end; `read` = `accepted` + `duplicates` + `rejected`.
 * @throws where a file cannot be read or the sink fails for good; what was accepted before stays accepted, and the
 * same import can simply be run again.
 */
export async function importFiles(options: ImportOptions): Promise<ImportCounts> {
  const shiftMs = options.shiftTo === undefined ? null : await shiftFor(options, options.shiftTo)
  const run = new ImportRun(options)
  for (const file of options.files) {
    await run.importFile(file, shiftMs)
  }
  return run.counts
}

async function shiftFor({ files, format }: ImportOptions, shiftTo: number): Promise<number> {
  const once = files.find(file => !file.isRepeatable)
  if (once) throw new Error(`${once.name} can be read only once, so its times cannot be moved`)
  const newest = await newestTime(files, format)
  return newest === null ? 0 : shiftTo - newest
}

interface Pending {
  row: FormatRow & { event: NewEventInput }
}

class ImportRun {
  readonly counts: ImportCounts = { read: 0, accepted: 0, duplicates: 0, rejected: 0 }
  private bytesRead = 0
  private readonly bytesTotal: number | null

  constructor(private readonly options: ImportOptions) {
    const sizes = options.files.map(file => file.size)
    this.bytesTotal = sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + size!, 0)
  }

  async importFile(file: InputFile, shiftMs: number | null): Promise<void> {
    const { format, batchSize = maxBatchSize } = this.options
    let batch: Pending[] = []
    const bytes = file.open(count => {
      this.bytesRead += count
    })
    for await (const row of format(bytes)) {
      this.counts.read++
      if ('error' in row) {
        this.reject(file, row, row.error)
        continue
      }
      batch.push({ row: shiftMs === null ? row : { ...row, event: shifted(row.event, shiftMs) } })
      if (batch.length < batchSize) continue
      await this.send(file, batch)
      batch = []
    }
    await this.send(file, batch)
    this.report(file)
  }

  private async send(file: InputFile, batch: readonly Pending[]): Promise<void> {
    if (batch.length === 0) return
    const items = await this.options.sink.append(batch.map(({ row }) => row.event))
    if (items.length !== batch.length) {
      throw new Error(`the log answered ${items.length} items to a batch of ${batch.length}`)
    }
    items.forEach((item, index) => {
      if (item.status === 'accepted') this.counts.accepted++
      else if (item.status === 'duplicate') this.counts.duplicates++
      else this.reject(file, batch[index]!.row, item)
    })
    this.report(file)
  }

  private reject(file: InputFile, row: FormatRow, { reason, path }: { reason: string; path: string }): void {
    this.counts.rejected++
    const place = row.place ?? ''
    const whole = place && path && !path.startsWith('[') ? `${place}.${path}` : place + path
    this.options.onRejected?.({ file: file.name, line: row.line, path: whole, reason })
  }

  private report(file: InputFile): void {
    const { bytesRead, bytesTotal, counts } = this
    this.options.onProgress?.({ ...counts, file: file.name, bytesRead, bytesTotal })
  }
}
