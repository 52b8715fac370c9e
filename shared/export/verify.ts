/**
 * Verifies an export offline: every row of every part against the log's signed checkpoint. Reads a part at a time, and
 * stops at the first thing that is wrong, which it names. SPEC.md, rules Z.
 */
import type { AuditEvent } from '../audit-event.ts'
import { fromBase64, fromUtf8, toBase64 } from '../log/bytes.ts'
import type { Hasher } from '../log/hasher.ts'
import type { KeyPeriod } from '../log/key-history.ts'
import { ExportFinding, type FindingKind, type FindingPlace, findingOf } from './finding.ts'
import type { Manifest, ManifestLog } from './manifest.ts'
import { manifestName } from './parts.ts'
import { verifyRows } from './proof.ts'
import { type ReadManifest, readManifest } from './read-manifest.ts'
import type { ExportFiles } from './read-zip.ts'
import { type ExportCheckpoint, openExportCheckpoint, requireTrust, type Trust } from './verify-checkpoint.ts'
import { isDescribed, verifyPart } from './verify-part.ts'

export interface ExportReport {
  /** `redacted`: all that is there is proven, and some fields were withheld or erased. */
  outcome: 'verified' | 'redacted' | FindingKind
  /** What is wrong first, and where. */
  words: string | null
  place: FindingPlace | null
  /** What the manifest says, once it could be read. */
  manifest: Manifest | null
  checkpoint: { origin: string; size: number; root: string; signedAtMs: number } | null
  /** Names of the policy's witnesses that cosigned. */
  witnesses: string[]
  /** Who said whose signatures count; null where nobody did. */
  trustedBy: Trust['by'] | null
  /** The time of the log's key that signed, where it is not the one that is trusted: the log changed its key between. */
  keyPeriod: KeyPeriod | null
  rowsChecked: number
  /** Hashes that the proof took. */
  proofHashes: number
  /** Rows with withheld fields, and how many have each; `erased` are those of them said to be erased. */
  redacted: { rows: number; fields: Record<string, number>; erased: Record<string, number> }
}

export interface VerifyOptions {
  hasher: Hasher
  trust: Trust | null
  /** The part that is asked about, where the others' files are not there. */
  only?: { part: string }
  /** Called after each part. */
  onProgress?(rowsDone: number, rowsTotal: number): void
}

/**
 *     const report = await verifyExport(readZip(bytes), { hasher, trust: { policy, by: 'policy' } })
 */
export async function verifyExport(files: ExportFiles, options: VerifyOptions): Promise<ExportReport> {
  const report = emptyReport(options.trust)
  try {
    const read = readManifest(manifestName, await requireFile(files, manifestName))
    report.manifest = read.manifest
    const { log } = read.manifest
    const checkpoint = await openExportCheckpoint(manifestName, log)
    const { origin, size, root, signedAtMs } = checkpoint
    report.checkpoint = { origin, size, root: toBase64(root), signedAtMs }
    requireNamesOnly(files, read.manifest)
    const rows = await verifyParts(files, read, options, report)
    await requireProof(files, read.manifest, checkpoint, rows, options.hasher, report)
    const { witnesses, period } = await requireTrust(options.hasher, manifestName, log, options.trust)
    Object.assign(report, { witnesses, keyPeriod: period })
    report.outcome = report.redacted.rows > 0 ? 'redacted' : 'verified'
  } catch (error) {
    if (!(error instanceof ExportFinding)) throw error
    return { ...report, outcome: error.kind, words: error.message, place: error.place }
  }
  return report
}

/** The report of a file that cannot even be opened. */
export function failedReport(trust: Trust | null, { kind, message, place }: ExportFinding): ExportReport {
  return { ...emptyReport(trust), outcome: kind, words: message, place }
}

/** The rows' places in the log and leaf hashes, as the parts have them. */
interface Rows {
  indexes: number[]
  leafHashes: Uint8Array[]
}

async function verifyParts(
  files: ExportFiles,
  read: ReadManifest,
  { hasher, only, onProgress }: VerifyOptions,
  report: ExportReport,
): Promise<Rows> {
  const { parts, rows: total } = read.manifest
  const rows: Rows = { indexes: [], leafHashes: [] }
  let before: AuditEvent | null = null
  for (const part of parts) {
    const isAsked = !only || only.part === part.name
    const evidence = await requireFile(files, part.evidence.name)
    const content = isAsked ? await requireFile(files, part.name) : null
    const { indexes, leafHashes, events } = verifyPart(hasher, read, part, { evidence, content })
    before = requireOrder(part.evidence.name, before, events)
    for (const index of indexes) rows.indexes.push(index)
    for (const hash of leafHashes) rows.leafHashes.push(hash)
    countRedacted(report, events)
    report.rowsChecked += events.length
    onProgress?.(report.rowsChecked, total)
  }
  return rows
}

/** Newest first, ties by higher index: no row stands twice or in another's place. Answers the last event. */
function requireOrder(file: string, before: AuditEvent | null, events: readonly AuditEvent[]) {
  let last = before
  for (const event of events) {
    const isAfter =
      !last ||
      event.occurredAt < last.occurredAt ||
      (event.occurredAt === last.occurredAt && event.index < last.index)
    if (!isAfter) {
      throw new ExportFinding(
        'tampered',
        { file, index: event.index },
        'This row is out of order, or there twice',
      )
    }
    last = event
  }
  return last
}

async function requireProof(
  files: ExportFiles,
  manifest: Manifest,
  checkpoint: ExportCheckpoint,
  rows: Rows,
  hasher: Hasher,
  report: ExportReport,
): Promise<void> {
  const { log } = manifest
  const order = rows.indexes.map((_, row) => row).sort((a, b) => rows.indexes[a]! - rows.indexes[b]!)
  const indexes = order.map(row => rows.indexes[row]!)
  requireCounts(manifest, indexes)
  try {
    const { left, right } = { left: log.left.map(fromBase64), right: log.right.map(fromBase64) }
    const gaps = log.gaps ? await readGaps(files, log.gaps, hasher) : []
    const leafHashes = order.map(row => rows.leafHashes[row]!)
    const { size, root } = checkpoint
    verifyRows(hasher, { indexes, leafHashes, size, root, left, gaps, right })
    report.proofHashes = left.length + gaps.length + right.length
  } catch (error) {
    throw findingOf(error, { file: manifestName }, 'The rows are not those of the signed log')
  }
}

function requireCounts({ rows, log }: Manifest, indexes: readonly number[]): void {
  const [start, end] = indexes.length > 0 ? [indexes[0]!, indexes.at(-1)! + 1] : [0, 0]
  const isCounted = rows === indexes.length && log.leftOut === end - start - rows
  if (isCounted && log.start === start && log.end === end && end <= log.size) return
  const words = 'The manifest counts other rows, or another range of the log, than the evidence has'
  throw new ExportFinding('tampered', { file: manifestName }, words)
}

/** One hash in base64 a line. */
async function readGaps(files: ExportFiles, facts: NonNullable<ManifestLog['gaps']>, hasher: Hasher) {
  const bytes = await requireFile(files, facts.name)
  const place = { file: facts.name }
  if (!isDescribed(hasher, facts, bytes)) {
    throw new ExportFinding('tampered', place, 'These are not the hashes that the manifest describes')
  }
  try {
    const lines = fromUtf8(bytes).split('\n')
    if (lines.pop() !== '') throw new ExportFinding('malformed', place, 'The last line has no end')
    return lines.map(fromBase64)
  } catch (error) {
    throw findingOf(error, place, 'These are no hashes')
  }
}

function countRedacted({ redacted }: ExportReport, events: readonly AuditEvent[]): void {
  const count = (counts: Record<string, number>, names: readonly string[]) => {
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  }
  for (const { withheld, erased } of events) {
    if (withheld.length === 0) continue
    redacted.rows++
    count(redacted.fields, withheld)
    count(redacted.erased, erased ?? [])
  }
}

/** What lies beside the proven files would pass for proven. */
function requireNamesOnly({ names }: ExportFiles, { parts, log }: Manifest): void {
  const known = new Set([manifestName, ...parts.flatMap(part => [part.name, part.evidence.name])])
  const odd = names?.find(name => !known.has(name) && name !== log.gaps?.name)
  if (odd === undefined) return
  throw new ExportFinding('malformed', { file: odd }, 'The manifest does not know this file')
}

async function requireFile(files: ExportFiles, name: string): Promise<Uint8Array> {
  const bytes = await files.read(name)
  if (bytes) return bytes
  throw new ExportFinding(
    'malformed',
    { file: name },
    'This file is missing, and with it a part of the proof',
  )
}

function emptyReport(trust: Trust | null): ExportReport {
  return {
    outcome: 'malformed',
    words: null,
    place: null,
    manifest: null,
    checkpoint: null,
    witnesses: [],
    trustedBy: trust?.by ?? null,
    keyPeriod: null,
    rowsChecked: 0,
    proofHashes: 0,
    redacted: { rows: 0, fields: {}, erased: {} },
  }
}
