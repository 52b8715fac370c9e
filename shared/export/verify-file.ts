/** What is verified: a zip as it was exported, or one part of it with the manifest and the evidence beside it. */
import { fromUtf8 } from '../log/bytes.ts'
import { ExportFinding } from './finding.ts'
import { manifestName } from './parts.ts'
import { type ExportFiles, isZip, readZip } from './read-zip.ts'
import { type ExportReport, failedReport, type VerifyOptions, verifyExport } from './verify.ts'

export interface VerifiedFile {
  name: string
  bytes: Uint8Array
}

/** A zip alone; else a part, for which `beside` has the manifest and the evidence of all parts by their names. */
export async function verifyFile(
  { name, bytes }: VerifiedFile,
  beside: ExportFiles | null,
  options: Omit<VerifyOptions, 'only'>,
): Promise<ExportReport> {
  try {
    if (isZip(bytes)) return await verifyExport(readZip(bytes, name), options)
    const part = await partNamed(name, beside)
    const files: ExportFiles = {
      names: null,
      read: async wanted => (wanted === part ? bytes : ((await beside?.read(wanted)) ?? null)),
    }
    return await verifyExport(files, { ...options, only: { part } })
  } catch (error) {
    if (error instanceof ExportFinding) return failedReport(options.trust, error)
    throw error
  }
}

/** A browser or a person may have renamed the file: where there is one part only, it is that. */
async function partNamed(name: string, beside: ExportFiles | null): Promise<string> {
  const manifest = await beside?.read(manifestName)
  if (!manifest) {
    const words = 'This is no zip of an export, and a part of one needs its manifest and evidence beside it'
    throw new ExportFinding('malformed', { file: name }, words)
  }
  const names = partNames(manifest)
  if (names.includes(name)) return name
  if (names.length === 1) return names[0]!
  throw new ExportFinding('malformed', { file: name }, 'The manifest does not know this file')
}

/** As far as they can be told; whether the manifest is one at all is for the verifier to say. */
function partNames(manifest: Uint8Array): string[] {
  try {
    return JSON.parse(fromUtf8(manifest)).parts.map((part: { name: unknown }) => String(part.name))
  } catch {
    throw new ExportFinding('malformed', { file: manifestName }, 'This is no manifest')
  }
}
