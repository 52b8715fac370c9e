/** One part of an export against its evidence: which entries of the log it shows, and whether it shows them right. */
import { type AuditEvent, personalFields } from '../audit-event.ts'
import { matches } from '../filter.ts'
import { toHex } from '../log/bytes.ts'
import { leafToEvent } from '../log/event-leaf.ts'
import type { Hasher } from '../log/hasher.ts'
import { formatMoment } from '../time.ts'
import { type EvidenceRow, parseEvidence } from './evidence.ts'
import { ExportFinding, type FindingPlace, findingOf } from './finding.ts'
import { firstDifference } from './first-difference.ts'
import type { FileFacts, ManifestPart } from './manifest.ts'
import type { ReadManifest } from './read-manifest.ts'

/** Where rows lie in the log, and the hashes of their leaves. */
export interface PartLeaves {
  indexes: number[]
  leafHashes: Uint8Array[]
  events: AuditEvent[]
}

export interface PartFiles {
  evidence: Uint8Array
  /** Null where this part is not the one that is asked about. */
  content: Uint8Array | null
}

/** Throws the first `ExportFinding`. That the leaves are the log's is for the caller to prove. */
export function verifyPart(
  hasher: Hasher,
  read: ReadManifest,
  part: ManifestPart,
  { evidence, content }: PartFiles,
): PartLeaves {
  const isIntact = isDescribed(hasher, part.evidence, evidence)
  const leaves = openEvidence(hasher, part, evidence)
  for (const event of leaves.events) requireMatch(event, read, part.evidence.name)
  if (content) requireShown(read, part, content, leaves, isIntact)
  if (!isIntact) throw differs(part.evidence, 'It is not the evidence that the manifest describes')
  if (content && !isDescribed(hasher, part, content)) {
    throw differs(part, 'It shows the rows of its evidence, and the manifest describes another file')
  }
  requireFacts(part, leaves.events)
  return leaves
}

/** Whether a file has the length and the hash that the manifest gives for it. */
export function isDescribed(hasher: Hasher, facts: FileFacts | ManifestPart, bytes: Uint8Array): boolean {
  return facts.bytes === bytes.length && facts.sha256 === toHex(hasher.hash(bytes))
}

function openEvidence(hasher: Hasher, part: ManifestPart, bytes: Uint8Array): PartLeaves {
  const leaves: PartLeaves = { indexes: [], leafHashes: [], events: [] }
  let line = 0
  for (const row of parseEvidence(part.evidence.name, bytes)) {
    const place = { file: part.evidence.name, line: ++line, index: row.index }
    leaves.indexes.push(row.index)
    leaves.leafHashes.push(hasher.leafHash(row.leaf))
    leaves.events.push(openRow(hasher, row, place))
  }
  return leaves
}

/** The event of a line of evidence, its commitments opened. Throws `ExportFinding`. */
export function openRow(hasher: Hasher, row: EvidenceRow, place: FindingPlace): AuditEvent {
  const { index, leaf, disclosures, erased } = row
  try {
    const event = leafToEvent(hasher, leaf, disclosures, index)
    if (!isMoment(event.occurredAt) || !isMoment(event.receivedAt)) {
      throw new ExportFinding('malformed', place, 'The times of this entry are none')
    }
    if (erased.some(name => !event.withheld.includes(name))) {
      throw new ExportFinding('malformed', place, 'This is not the evidence of an audit event')
    }
    return erased.length > 0 ? { ...event, erased: [...erased] } : event
  } catch (error) {
    throw findingOf(error, place, 'This is not what the log committed to')
  }
}

/** A spelled-out day that there is: `Date.parse` alone takes the 30th of February for the 2nd of March. */
function isMoment(text: string): boolean {
  if (text === lastMoment) return true
  const ms = Date.parse(text)
  if (text.length !== 24 || Number.isNaN(ms) || formatMoment(ms) !== text) return false
  lastMoment = text
  return true
}

/** Entries of one commit were received at the same moment. */
let lastMoment = ''

function requireShown(
  { options }: ReadManifest,
  part: ManifestPart,
  content: Uint8Array,
  { events }: PartLeaves,
  isIntact: boolean,
): void {
  const place = firstDifference(part.name, content, events, options)
  if (!place) return
  const words = isIntact
    ? 'This is not what the log holds'
    : 'The file and its evidence differ here, and the evidence is not the one that the manifest describes'
  throw new ExportFinding('tampered', place, words)
}

/** Free text is left out: what it is searched in holds labels, which are no part of the record. */
function requireMatch(event: AuditEvent, { manifest, filter }: ReadManifest, file: string): void {
  const { text: _, ip, ...open } = filter
  const personal = !event.withheld.some(name => (personalFields as readonly string[]).includes(name))
  const asked = ip && personal ? { ...open, ip } : open
  if (matches(asked, event, { personal })) return
  const place = { file, index: event.index }
  throw new ExportFinding(
    'tampered',
    place,
    `This entry does not match the filter: ${manifest.filter.parameters}`,
  )
}

function requireFacts(part: ManifestPart, events: readonly AuditEvent[]): void {
  const [newest, oldest] = [events[0]?.occurredAt ?? null, events.at(-1)?.occurredAt ?? null]
  if (part.rows === events.length && part.newest === newest && part.oldest === oldest) return
  throw differs(part, 'It has not the rows, or not the times, that the manifest describes')
}

function differs({ name }: { name: string }, words: string): ExportFinding {
  return new ExportFinding('tampered', { file: name }, words)
}
