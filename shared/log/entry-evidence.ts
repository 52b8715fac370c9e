/**
 * One event proven in one text: a receipt (C2SP tlog-proof) whose extra data has the leaf, what was disclosed of it and
 * the log's keys. Any tlog-proof tool reads it; the extra data is protected by the proof, not by itself.
 */
import * as z from 'zod/mini'
import { Disclosure, LogKeys } from '../api.ts'
import { AuditEvent } from '../audit-event.ts'
import { parseMoment } from '../time.ts'
import { fromUtf8, toHex, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { cosignedAt, openCheckpoint } from './checkpoint.ts'
import { LogError } from './errors.ts'
import { leafToEvent } from './event-leaf.ts'
import type { Hasher } from './hasher.ts'
import { verifyInclusion } from './inclusion.ts'
import { formatReceipt, parseReceipt } from './proof.ts'
import { createVerifier } from './signature.ts'

const Extra = z.strictObject({ leaf: z.string(), disclosures: z.array(Disclosure), keys: LogKeys })

/** What the text is made of; `checkpoint` is the signed note verbatim, `proof` the inclusion path. */
export interface EntryEvidence {
  readonly index: number
  readonly leaf: Uint8Array
  readonly disclosures: readonly Disclosure[]
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: string
  readonly keys: LogKeys
}

/** What a text was found to prove. `signedAt` in seconds since 1970, null without the log's own time. */
export interface ProvenEntry {
  readonly event: AuditEvent
  readonly leafHash: string
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly signedAt: number | null
}

export function formatEntryEvidence(evidence: EntryEvidence): string {
  const { index, leaf, disclosures, proof, checkpoint, keys } = evidence
  const extra = utf8(canonicalJson({ leaf: fromUtf8(leaf), disclosures: [...disclosures], keys }))
  return formatReceipt({ extra, index, proof, checkpoint })
}

/** What a text says, nothing verified; `keys` are to be believed no more than the text. Throws `proof_malformed`. */
export function readEntryEvidence(text: string): EntryEvidence {
  const { extra, index, proof, checkpoint } = parseReceipt(text)
  const { leaf, disclosures, keys } = readExtra(extra)
  return { index, proof, checkpoint, disclosures, keys, leaf: utf8(leaf) }
}

/**
 * The event that the text proves to stand in a log of these keys. Throws `proof_malformed`, `inclusion_failed`,
 * and as `openCheckpoint` and `leafToEvent`.
 */
export async function verifyEntryEvidence(hasher: Hasher, text: string, keys: LogKeys): Promise<ProvenEntry> {
  const { index, leaf, disclosures, proof, checkpoint: note } = readEntryEvidence(text)
  const time = createVerifier(keys.time)
  const opened = await openCheckpoint(note, keys.origin, createVerifier(keys.log), [time])
  const { origin, size, root } = opened.checkpoint
  const leafHash = hasher.leafHash(leaf)
  verifyInclusion(hasher, { index, size, leafHash, proof, root })
  const event = requireEvent(leafToEvent(hasher, leaf, disclosures, index))
  return { event, leafHash: toHex(leafHash), origin, size, root, signedAt: cosignedAt(opened.verified, time) }
}

/** Whoever signs a log of their own may put anything in it. */
function requireEvent(event: AuditEvent): AuditEvent {
  const isEvent = AuditEvent.safeParse(event).success
  if (isEvent && [event.occurredAt, event.receivedAt].every(time => parseMoment(time) === time)) return event
  throw new LogError('leaf_malformed', 'the entry is no audit event')
}

function readExtra(extra: Uint8Array | null): z.infer<typeof Extra> {
  try {
    return z.parse(Extra, JSON.parse(fromUtf8(extra ?? new Uint8Array())))
  } catch {
    throw new LogError('proof_malformed', 'not evidence of an event: its leaf is missing or cannot be read')
  }
}
