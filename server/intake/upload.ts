/** Export files that somebody hands over: read by whatever product they are of, with every row's fate counted. */
import type { IntakeItem } from '../../shared/api.ts'
import type { ImportReport } from '../../shared/imports.ts'
import { ProblemError } from '../../shared/problem.ts'
import { detectFormat } from './detect-format.ts'
import type { FormatRow } from './format-row.ts'
import { formats } from './formats.ts'
import { maxBatchSize } from './import.ts'
import type { Normalise, NormalisedEvent } from './normalise.ts'
import { createRecogniser, type FindInSecond, isContentId } from './recognise.ts'

export interface UploadParts {
  normalise: Normalise
  append(events: NormalisedEvent[]): Promise<readonly IntakeItem[]>
  /** The places of events already kept, in the order asked; null for each unknown one. */
  placesOf(names: readonly { source: string; id: string }[]): Promise<(number | null)[]>
  find: FindInSecond
}

export interface UploadedFile {
  name: string
  bytes: Uint8Array
}

const shownRejects = 20

/** @throws {ProblemError} malformed, naming the file that is no export, before anything is kept */
export async function importUpload(
  files: readonly UploadedFile[],
  dryRun: boolean,
  parts: UploadParts,
): Promise<ImportReport> {
  const known = files.map(file => ({ ...file, format: formatOf(file) }))
  const upload = new Upload(dryRun, parts)
  for (const { name, bytes, format } of known) {
    for await (const row of formats[format](once(bytes))) await upload.take(name, row)
  }
  await upload.flush()
  return { ...upload.report, formats: known.map(({ format }) => format) }
}

function formatOf({ name, bytes }: UploadedFile): keyof typeof formats {
  const format = detectFormat(bytes)
  if (format !== null && format !== 'own') return format
  const why =
    format === 'own'
      ? 'is an export of Trailside itself: its events come from a log already'
      : 'is no export that can be read here'
  throw new ProblemError('malformed', `${name.slice(0, 200)} ${why}.`, {
    errors: [{ path: 'files', message: why }],
  })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

class Upload {
  readonly report: ImportReport = {
    formats: [],
    ...{ read: 0, accepted: 0, duplicates: 0, recognised: 0, rejected: 0, withoutId: 0 },
    rejects: [],
  }
  readonly #recognise: (event: NormalisedEvent) => Promise<boolean>
  readonly #seen = new Set<string>()
  #waiting: { event: NormalisedEvent; file: string; line: number }[] = []

  constructor(
    private readonly dryRun: boolean,
    private readonly parts: UploadParts,
  ) {
    this.#recognise = createRecogniser(parts.find)
  }

  async take(file: string, row: FormatRow): Promise<void> {
    const { report } = this
    report.read++
    if ('error' in row) return this.#reject(file, row.line, row.error)
    const normal = this.parts.normalise(row.event)
    if (!normal.ok) return this.#reject(file, row.line, normal)
    const { event } = normal
    if (isContentId(event.id) && (await this.#recognise(event))) {
      report.recognised++
      return
    }
    this.#waiting.push({ event, file, line: row.line })
    if (this.#waiting.length >= maxBatchSize) await this.flush()
  }

  async flush(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    const events = batch.map(({ event }) => event)
    const items = this.dryRun ? await this.#wouldBe(events) : await this.parts.append(events)
    items.forEach((item, i) => {
      const { event, file, line } = batch[i]!
      if (item.status === 'rejected') this.#reject(file, line, item)
      else if (item.status === 'duplicate') this.report.duplicates++
      else {
        this.report.accepted++
        if (isContentId(event.id)) this.report.withoutId++
      }
    })
  }

  async #wouldBe(events: readonly NormalisedEvent[]): Promise<{ status: 'accepted' | 'duplicate' }[]> {
    const places = await this.parts.placesOf(events)
    return events.map(({ source, id }, i) => {
      const name = JSON.stringify([source, id])
      const isNew = places[i] === null && !this.#seen.has(name)
      this.#seen.add(name)
      return { status: isNew ? 'accepted' : 'duplicate' }
    })
  }

  #reject(file: string, line: number, { path, reason }: { path: string; reason: string }): void {
    this.report.rejected++
    if (this.report.rejects.length < shownRejects) this.report.rejects.push({ file, line, path, reason })
  }
}
