/** Proofs of single events: made for others, and verified where others made them. */
import type { LogKeys } from '../../shared/api.ts'
import { bytesEqual, fromBase64 } from '../../shared/log/bytes.ts'
import { readEntryEvidence, verifyEntryEvidence } from '../../shared/log/entry-evidence.ts'
import { LogError } from '../../shared/log/errors.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import { type KeyPeriod, periodsOf } from '../../shared/log/key-history.ts'
import { FailureError, misbehaved } from '../api/failure.ts'
import type { WitnessRecord } from '../cache/witness-record.ts'
import { Misbehaviour } from '../sync/checkpoint-check.ts'
import { type EntryProof, proveEntry } from '../sync/entry-proof.ts'
import type { ProvenTiles } from '../sync/proven-tree.ts'
import type { LogSession } from './log-session.ts'
import type { EvidenceFinding } from './protocol.ts'

const hasher = createHasher()

export function createEvidenceDesk({ client, witnessed }: Pick<LogSession, 'client' | 'witnessed'>) {
  const tiles: ProvenTiles = new Map()

  return {
    /** @throws {FailureError} misbehaved, wrong_bundle, where the server's parts lead elsewhere */
    async prove(index: number): Promise<EntryProof> {
      const record = await witnessed.read()
      if (!record?.seen || index >= record.seen.size) throw notWitnessed()
      const { pinned, seen: checkpoint } = record
      const keys = { origin: pinned.origin, log: pinned.log, time: pinned.time }
      try {
        return await proveEntry(
          { client, hasher, keys, checkpoint, tiles },
          index,
          new AbortController().signal,
        )
      } catch (error) {
        throw error instanceof Misbehaviour ? misbehaved(error.code, error.detail) : error
      }
    },
    /** Asks nobody. */
    async verify(text: string): Promise<EvidenceFinding> {
      return verifyEvidence(text, await witnessed.read())
    },
  }
}

/** By the pinned keys where the text is of the log that is followed here; else by its own, which nobody vouches for. */
async function verifyEvidence(text: string, record: WitnessRecord | null): Promise<EvidenceFinding> {
  try {
    const carried = readEntryEvidence(text).keys
    const isFollowed = record?.pinned.origin === carried.origin
    const before = isFollowed ? keysBefore(record, carried) : null
    const keys = before?.keys ?? (isFollowed ? record.pinned : carried)
    const { root, ...proven } = await verifyEntryEvidence(hasher, text, keys)
    const seen = isFollowed ? record.seen : null
    if (before && proven.size > before.until!) return handedOver(before.until!)
    if (seen?.size === proven.size && !bytesEqual(fromBase64(seen.root), root)) {
      return { holds: false, reason: 'other_history', detail: 'Another root was signed for the same size' }
    }
    return { holds: true, ...proven, key: before ? 'before' : isFollowed ? 'pinned' : 'carried' }
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    return { holds: false, reason: error.kind, detail: error.message }
  }
}

/** Those of the keys that this panel trusted before the log changed them, where the text is signed by these. */
function keysBefore({ rotations }: WitnessRecord, { log }: LogKeys): KeyPeriod | null {
  return periodsOf(rotations).find(({ keys, until }) => until !== null && keys.log === log) ?? null
}

/** Of a key that gave way somebody may have kept a copy. */
function handedOver(size: number): EvidenceFinding {
  const detail = `The key that signed it gave way to another when the log had ${size} entries`
  return { holds: false, reason: 'untrusted', detail }
}

function notWitnessed(): FailureError {
  const detail = 'No checkpoint with this event was verified here yet'
  return new FailureError({ kind: 'failed', code: 'not_witnessed', detail })
}
