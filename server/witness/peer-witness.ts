/**
 * The server as a witness of other logs (C2SP tlog-witness): it cosigns what provably continues the largest checkpoint
 * it cosigned before, and remembers that on disk before it answers. Signatures are all the authentication there is.
 */
import type { NewEventInput } from '../../shared/audit-event.ts'
import { type AddCheckpoint, parseAddCheckpoint } from '../../shared/log/add-checkpoint.ts'
import { bytesEqual, toBase64, toHex, utf8 } from '../../shared/log/bytes.ts'
import { type Checkpoint, type OpenedCheckpoint, parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { verifyConsistency } from '../../shared/log/consistency.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { VerifierKey } from '../../shared/log/key.ts'
import { formatNote, formatSignatureLine, type NoteSignature, parseNote } from '../../shared/log/note.ts'
import { openWithPolicy } from '../../shared/log/policy.ts'
import { sha256 } from '../../shared/log/sha256.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { RequestFacts } from '../access/access.ts'
import { eventOf } from '../access/access-events.ts'
import { OncePerMinute } from '../access/once-per-minute.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { WitnessKey } from './witness-key.ts'
import type { WitnessedLog, WitnessStore } from './witness-store.ts'

export interface PeerWitness {
  /** What those who count on this witness verify it by. */
  readonly key: string
  /** The logs that it cosigns, with what it cosigned last of each. */
  logs(): { origin: string; latest: WitnessedLog | null }[]
  /**
   * Answers a signature line; or, where the sender took another size for the latest, that size.
   * @throws {ProblemError} malformed, not_found, checkpoint_untrusted, checkpoint_inconsistent
   */
  addCheckpoint(body: Uint8Array, facts: RequestFacts): Promise<{ cosignature: string } | { size: number }>
  /** The latest note of the log whose origin has this SHA-256 (hex), cosigned here; null where there is none. */
  latest(originHash: string): string | null
}

export interface PeerWitnessOptions {
  logs: readonly VerifierKey[]
  key: WitnessKey
  store: Pick<WitnessStore, 'witnessed' | 'advance' | 'keepRefused'>
  record(event: NewEventInput): Promise<unknown>
  /** Milliseconds since 1970. */
  clock: () => number
}

export function createPeerWitness({ logs, key, store, record, clock }: PeerWitnessOptions): PeerWitness {
  const origins = [...new Set(logs.map(({ name }) => name))]
  const byHash = new Map(origins.map(origin => [toHex(sha256(utf8(origin))), origin]))
  const turns = new Map<string, Promise<unknown>>()
  const told = new OncePerMinute()

  /** Of one log one request at a time: what one has seen is on disk before the next is looked at. */
  function inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(origin) ?? Promise.resolve()).then(work)
    turns.set(
      origin,
      mine.catch(() => {}),
    )
    return mine
  }

  async function judge(request: AddCheckpoint, opened: OpenedCheckpoint, facts: RequestFacts) {
    const { checkpoint } = opened
    const { origin, size } = checkpoint
    if (request.oldSize > size) throw new ProblemError('malformed', 'The old size is above the checkpoint’s.')
    const before = store.witnessed(origin)
    const isFork = before?.size === size && !bytesEqual(before.root, checkpoint.root)
    const latest = before?.size ?? 0
    if (request.oldSize !== latest) {
      if (isFork) await keepEvidence(request, opened, 'one size, two roots', facts)
      return { size: latest }
    }
    try {
      requireContinuation(before, checkpoint, request.proof)
    } catch (error) {
      if (!(error instanceof LogError)) throw error
      await keepEvidence(request, opened, error.message, facts)
      throw new ProblemError('checkpoint_inconsistent', error.message)
    }
    return cosign(opened, before)
  }

  async function cosign(opened: OpenedCheckpoint, before: WitnessedLog | null) {
    const { checkpoint, text, verified } = opened
    const { origin, size, root } = checkpoint
    const { name, keyId, sign } = key.cosigner
    const cosignature: NoteSignature = { name, keyId, signature: await sign(text) }
    const note = formatNote({ text, signatures: [...verified, cosignature] })
    // Whatever became of the turns: what is on disk is not moved but from what was looked at.
    if (!store.advance({ origin, size, root, note, at: clock() }, before)) {
      return { size: store.witnessed(origin)?.size ?? 0 }
    }
    return { cosignature: formatSignatureLine(cosignature) }
  }

  /** The log signed it; whether the log or only the sender is at fault, those who look at it must find out. */
  async function keepEvidence(
    { oldSize, proof, note }: AddCheckpoint,
    { text, checkpoint: { origin, size, root } }: OpenedCheckpoint,
    reason: string,
    facts: RequestFacts,
  ): Promise<void> {
    const at = clock()
    const request = JSON.stringify({ oldSize, proof: proof.map(toBase64), note })
    const isNew = store.keepRefused({ origin, reason, request, at }, text)
    if (!isNew || !told.isFirst(origin, at)) return
    const metadata = { reason, size, root: toBase64(root), oldSize }
    const targets = [{ type: 'log', id: origin, name: null }]
    const event = eventOf('auditlog.checkpoint_refused', facts, at, { outcome: 'denied', targets, metadata })
    await record({ ...event, actor: { type: 'system', id: 'witness', name: key.cosigner.name } })
  }

  return {
    key: key.verifierKey,
    logs: () => origins.map(origin => ({ origin, latest: store.witnessed(origin) })),
    async addCheckpoint(body, facts) {
      const request = readRequest(body)
      const opened = await openFor(logs, request.note)
      return inTurn(opened.checkpoint.origin, () => judge(request, opened, facts))
    },
    latest(originHash) {
      const origin = byHash.get(originHash)
      return origin === undefined ? null : (store.witnessed(origin)?.note ?? null)
    },
  }
}

function readRequest(body: Uint8Array): AddCheckpoint {
  try {
    const request = parseAddCheckpoint(body)
    parseCheckpoint(parseNote(request.note).text)
    return request
  } catch (error) {
    if (error instanceof LogError) throw new ProblemError('malformed', error.message)
    throw error
  }
}

async function openFor(logs: readonly VerifierKey[], note: string): Promise<OpenedCheckpoint> {
  const policy = { logs: logs.map(key => ({ key, url: null })), witnesses: new Map(), groups: new Map() }
  try {
    return await openWithPolicy(note, { ...policy, quorum: null })
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    if (error.code === 'origin_unknown')
      throw new ProblemError('not_found', 'This log is not witnessed here.')
    throw new ProblemError('checkpoint_untrusted', error.message)
  }
}

/** @throws {LogError} consistency_failed */
function requireContinuation(
  before: WitnessedLog | null,
  { size, root }: Checkpoint,
  proof: readonly Uint8Array[],
): void {
  const fail = (how: string) => new LogError('consistency_failed', `consistency is not proven: ${how}`)
  if (size === 0 && !bytesEqual(root, new CompactRange(nodeHasher).root()))
    throw fail('an empty log has another root')
  if (!before || before.size === 0) {
    if (proof.length > 0) throw fail('from nothing there is nothing to prove')
    return
  }
  const { size: oldSize, root: oldRoot } = before
  verifyConsistency(nodeHasher, { oldSize, newSize: size, oldRoot, newRoot: root, proof })
}
