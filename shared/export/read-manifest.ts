/** Reads a manifest strictly: what an export would have written for the same facts, byte for byte. */
import { type Filter, FilterError, formatFilter, parseFilter } from '../filter.ts'
import { fromUtf8, utf8 } from '../log/bytes.ts'
import { zoneOffsetMs } from '../time.ts'
import { columnsNamed } from './columns.ts'
import { ExportFinding } from './finding.ts'
import { claims, encodingOf, formatManifest, Manifest, manifestVersion } from './manifest.ts'
import type { PartOptions } from './write-part.ts'

export interface ReadManifest {
  manifest: Manifest
  /** How its parts were written. */
  options: PartOptions
  filter: Filter
}

/** Throws `ExportFinding` malformed. `file` is what the manifest is called. */
export function readManifest(file: string, bytes: Uint8Array): ReadManifest {
  const malformed = (message: string) => new ExportFinding('malformed', { file }, message)
  const manifest = parseManifest(bytes, malformed)
  const { format, log, encoding, columns } = manifest
  const expected = { ...encodingOf(format), byteOrderMark: encoding.byteOrderMark }
  if (!isSame(encoding, expected)) throw malformed('Its encoding is none that this version knows')
  if (!isSame(manifest.claims, claims)) throw malformed('It claims something else than exports prove')
  if (log.size === 0 && manifest.rows > 0) throw malformed('It has rows of an empty log')
  const names = [...manifest.parts.flatMap(part => [part.name, part.evidence.name]), log.gaps?.name ?? '']
  if (new Set(names).size < names.length) throw malformed('It names a file twice')
  try {
    zoneOffsetMs(0, manifest.timeFrame.zone)
    const known = format === 'csv' ? columnsNamed(columns.map(({ id }) => id)) : []
    const headers = known.map(({ id, label }) => ({ id, label }))
    if (!isSame(columns, headers)) throw malformed('Its columns are called otherwise')
    const options = {
      format,
      columns: known,
      zone: manifest.timeFrame.zone,
      byteOrderMark: encoding.byteOrderMark,
    }
    return { manifest, options, filter: readFilter(manifest, malformed) }
  } catch (error) {
    if (error instanceof RangeError || error instanceof FilterError) throw malformed(error.message)
    throw error
  }
}

function parseManifest(bytes: Uint8Array, malformed: (message: string) => ExportFinding): Manifest {
  let value: unknown
  try {
    value = JSON.parse(fromUtf8(bytes))
  } catch {
    throw malformed('This is no manifest: it is not JSON')
  }
  const version = (value as { manifestVersion?: unknown } | null)?.manifestVersion
  if (typeof version === 'number' && version !== manifestVersion) {
    throw malformed(`It is of version ${version}; this program reads version ${manifestVersion}`)
  }
  const parsed = Manifest.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw malformed(`This is no manifest: ${issue.path.join('.')} is not as it must be`)
  }
  // Refuses members that are unknown or doubled, and whatever else two readers could read differently.
  const again = utf8(formatManifest(parsed.data))
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) {
    throw malformed('It is not written as an export writes it')
  }
  return parsed.data
}

function readFilter({ filter }: Manifest, malformed: (message: string) => ExportFinding): Filter {
  const read = parseFilter(new URLSearchParams(filter.parameters))
  const isWhole = formatFilter(read).toString() === filter.parameters
  if (isWhole && (read.from ?? null) === filter.from && (read.to ?? null) === filter.to) return read
  throw malformed('Its filter contradicts itself')
}

/** The schema has put both in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
