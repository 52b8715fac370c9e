/** The signed checkpoint of a stored log, opened by whoever is trusted to have signed it. */
import { cosignedAt, type OpenedCheckpoint, openCheckpoint } from '../../shared/log/checkpoint.ts'
import { LogError } from '../../shared/log/errors.ts'
import { parseVerifierKey } from '../../shared/log/key.ts'
import { openThroughTransitions } from '../../shared/log/key-history.ts'
import { isSignedBy, openNote, parseNote, type Verifier } from '../../shared/log/note.ts'
import type { Policy } from '../../shared/log/policy.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { nodeHasher } from '../node-hasher.ts'
import { Finding, wrongCheckpoint } from './finding.ts'

/**
 * Whose signature counts. `own` are the verifier keys of the key file beside the log, which say nothing to someone who
 * may have replaced it: only a policy from elsewhere does. The log's time key is known from `own` alone.
 */
export interface Trust {
  own: { log: string; time: string } | null
  policy: Policy | null
  /** What witnesses cosigned, as it is kept beside the log; without it, what stands on the checkpoint itself. */
  cosigned?: CosignedBeside
}

export interface CosignedBeside {
  /** The note with the cosignatures that its checkpoint has. */
  addTo(note: string): string
  /** Every cosigned note of the same log, newest first. */
  all(note: string): string[]
}

/** A state of the log that the policy's quorum cosigned. */
export interface WitnessedState {
  size: number
  root: Uint8Array
  /** The oldest of the cosignatures that count, in milliseconds since 1970. */
  atMs: number
}

export interface SignedState {
  origin: string
  size: number
  root: Uint8Array
  /** Milliseconds since 1970, by the log's own time key; null where that is not known here. */
  signedAtMs: number | null
  /** Names of the policy's witnesses that cosigned. */
  witnesses: string[]
  /** Where the policy's quorum is not on this checkpoint but on another one, that one; what it covers must be checked. */
  witnessed: WitnessedState | null
}

/**
 * `transitions` prove which keys followed the one that a policy names, so that an older policy still holds.
 * @throws {Finding}
 */
export async function openStoredCheckpoint(
  note: string,
  trust: Trust,
  transitions: readonly string[] = [],
): Promise<SignedState> {
  const { own, policy } = trust
  if (!own && !policy) {
    throw new Finding(
      'untrusted',
      'checkpoint',
      'There is no key to check the signature by: no key file here, no policy.',
    )
  }
  try {
    const { opened, earlier } = policy
      ? await openByPolicy(note, policy, transitions, trust.cosigned)
      : { opened: await openByOwnKey(note, own!), earlier: null }
    const { origin, size, root } = opened.checkpoint
    const time = own && createVerifier(own.time)
    return {
      ...{ origin, size, root },
      signedAtMs: time && (await signedAt(note, time)),
      witnesses: policy ? cosigners(earlier ?? opened, policy) : [],
      witnessed: earlier && policy && witnessedBy(earlier, policy),
    }
  } catch (error) {
    if (error instanceof LogError) throw wrongCheckpoint(error)
    throw error
  }
}

/**
 * The checkpoint, and where that lacks the quorum an earlier one that has it: witnesses are asked some time after the
 * log grew, so that the newest entries never have theirs yet.
 */
async function openByPolicy(
  note: string,
  policy: Policy,
  transitions: readonly string[],
  cosigned: CosignedBeside = nobody,
) {
  const open = (candidate: string, by = policy) =>
    openThroughTransitions(nodeHasher, candidate, by, transitions)
  try {
    return { opened: await open(cosigned.addTo(note)), earlier: null }
  } catch (error) {
    if (!isBelowQuorum(error)) throw error
    for (const candidate of cosigned.all(note)) {
      const earlier = await open(candidate).catch(orBelowQuorum)
      if (earlier) return { opened: await open(note, { ...policy, quorum: null }), earlier }
    }
    throw error
  }
}

const nobody: CosignedBeside = { addTo: note => note, all: () => [] }

function isBelowQuorum(error: unknown): boolean {
  return error instanceof LogError && error.code === 'quorum_not_met'
}

function orBelowQuorum(error: unknown): null {
  if (isBelowQuorum(error)) return null
  throw error
}

function witnessedBy(opened: OpenedCheckpoint, policy: Policy): WitnessedState {
  const { checkpoint, verified } = opened
  const times = [...policy.witnesses.values()]
    .map(({ key }) => cosignedAt(verified, createVerifier(key)))
    .filter(time => time !== null)
  return { size: checkpoint.size, root: checkpoint.root, atMs: Math.min(...times) * 1000 }
}

async function openByOwnKey(note: string, { log, time }: { log: string; time: string }) {
  const opened = await openCheckpoint(note, parseVerifierKey(log).name, createVerifier(log), [
    createVerifier(time),
  ])
  if (cosignedAt(opened.verified, createVerifier(time)) === null) {
    throw new LogError('note_unverified', "it lacks the time that the log's own time key signs")
  }
  return opened
}

async function signedAt(note: string, time: Verifier): Promise<number | null> {
  if (!parseNote(note).signatures.some(signature => isSignedBy(time, signature))) return null
  const { verified } = await openNote(note, [time])
  return cosignedAt(verified, time)! * 1000
}

function cosigners({ verified }: OpenedCheckpoint, { witnesses }: Policy): string[] {
  const signed = ({ key }: { key: { name: string; id: string } }) =>
    verified.some(signature => isSignedBy({ name: key.name, keyId: key.id }, signature))
  return [...witnesses].filter(([, witness]) => signed(witness)).map(([name]) => name)
}
