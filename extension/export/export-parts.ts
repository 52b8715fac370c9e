/** The finished files of an export, and the manifest that describes them. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import { type EvidenceRow, formatEvidence } from '../../shared/export/evidence.ts'
import {
  buildManifest,
  type FileFacts,
  formatManifest,
  type ManifestLog,
} from '../../shared/export/manifest.ts'
import { evidenceName, gapsName, manifestName } from '../../shared/export/parts.ts'
import { type PartOptions, writePart } from '../../shared/export/write-part.ts'
import { formatFilter } from '../../shared/filter.ts'
import { toBase64, toHex, utf8 } from '../../shared/log/bytes.ts'
import type { ExportRequest } from '../worker/protocol.ts'
import type { ExportProof } from './prover.ts'
import type { ZipInput } from './zip-files.ts'

/** A file whose name is not settled yet: it waits for the span of days, known only with the last part. */
interface Made extends Omit<FileFacts, 'name'> {
  blob: Blob
}

export interface Part extends Made {
  rows: number
  newest: string | null
  oldest: string | null
  indexes: number[]
  evidence: Made | null
}

export async function makePart(
  crypto: Crypto,
  events: readonly AuditEvent[],
  evidence: readonly EvidenceRow[] | null,
  options: PartOptions,
): Promise<Part> {
  const bytes = new TextEncoder().encode(writePart(events, options))
  return {
    ...(await makeFile(crypto, bytes, mediaTypes[options.format])),
    rows: events.length,
    newest: events[0]?.occurredAt ?? null,
    oldest: events.at(-1)?.occurredAt ?? null,
    indexes: events.map(event => event.index),
    evidence: evidence && (await makeFile(crypto, formatEvidence(evidence), mediaTypes.ndjson)),
  }
}

async function makeFile(crypto: Crypto, bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Made> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { bytes: bytes.length, sha256: toHex(digest), blob: new Blob([bytes], { type }) }
}

const mediaTypes = {
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  text: 'text/plain;charset=utf-8',
}

type ManifestFacts = Omit<
  Parameters<typeof buildManifest>[0],
  'log' | 'parts' | 'filter' | 'format' | 'rowsPerFile' | 'byteOrderMark'
>

/** All files of the zip: each part with its evidence, the hashes of what was left out, and the manifest. */
export async function proofFiles(
  crypto: Crypto,
  request: ExportRequest,
  facts: ManifestFacts,
  parts: readonly (Part & { name: string })[],
  proof: ExportProof,
): Promise<ZipInput[]> {
  const described = parts.map(({ blob, indexes: _, evidence, ...part }) => {
    const made = evidence!
    const input = { name: evidenceName(part.name), input: made.blob }
    const { blob: __, ...known } = made
    return {
      facts: { ...part, evidence: { name: input.name, ...known } },
      files: [{ name: part.name, input: blob }, input],
    }
  })
  const gaps = proof.gaps.length > 0 ? await gapsFile(crypto, proof) : null
  const { format, filter, rowsPerFile, byteOrderMark } = request
  const manifest = buildManifest({
    ...facts,
    ...{ format, rowsPerFile, byteOrderMark },
    filter: { parameters: formatFilter(filter).toString(), from: filter.from ?? null, to: filter.to ?? null },
    parts: described.map(part => part.facts),
    log: logFacts(
      proof,
      parts.flatMap(part => part.indexes),
      request.size,
      gaps?.facts ?? null,
    ),
  })
  const files = described.flatMap(part => part.files)
  return [...files, ...(gaps ? [gaps.file] : []), { name: manifestName, input: formatManifest(manifest) }]
}

async function gapsFile(crypto: Crypto, { gaps }: ExportProof) {
  const bytes = utf8(gaps.map(hash => `${toBase64(hash)}\n`).join('')) as Uint8Array<ArrayBuffer>
  const { blob, ...facts } = await makeFile(crypto, bytes, mediaTypes.text)
  return { facts: { name: gapsName, ...facts }, file: { name: gapsName, input: blob } }
}

function logFacts(
  { keys, checkpoint, left, right }: ExportProof,
  indexes: readonly number[],
  size: number,
  gaps: FileFacts | null,
): ManifestLog {
  const start = indexes.reduce((least, index) => Math.min(least, index), indexes[0] ?? 0)
  const end = indexes.reduce((most, index) => Math.max(most, index + 1), 0)
  return {
    origin: keys.origin,
    size,
    checkpoint: checkpoint.note,
    keys: { log: keys.log, time: keys.time },
    ...{ start, end, leftOut: end - start - indexes.length },
    left: left.map(toBase64),
    right: right.map(toBase64),
    gaps,
  }
}
