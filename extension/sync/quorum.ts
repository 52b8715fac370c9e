/**
 * How many witnesses of the browser's policy stand behind what is shown. Below the quorum nobody misbehaved, but less is
 * proven than the administrator asks for.
 */
import { cosignedAt } from '../../shared/log/checkpoint.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { formatVerifierKey } from '../../shared/log/key.ts'
import { openNote } from '../../shared/log/note.ts'
import { isQuorumMet, type Policy } from '../../shared/log/policy.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { formatMoment } from '../../shared/time.ts'
import type { Client } from '../api/client.ts'
import { FailureError } from '../api/failure.ts'
import type { QuorumState, SeenCheckpoint, WitnessRecord } from '../cache/witness-record.ts'
import {
  type AskConsistency,
  freshForMs,
  Misbehaviour,
  openSignedNote,
  requireConsistency,
} from './checkpoint-check.ts'

export interface QuorumOptions {
  client: Pick<Client, 'cosignedCheckpoint'>
  hasher: Hasher
  policy: Policy
  ask: AskConsistency
  now(): number
}

export type QuorumFound = Omit<QuorumState, 'policy'>

/**
 * The cosignatures on the largest believed checkpoint, or else on the newest with a quorum that the server has, which
 * must be of the same log.
 * @throws {Misbehaviour} where it is not @throws {FailureError} whatever kept the server from an answer
 */
export async function readQuorum(
  options: QuorumOptions,
  { pinned, seen }: WitnessRecord & { seen: SeenCheckpoint },
  signal: AbortSignal,
): Promise<QuorumFound> {
  const here = await stateOf(options, seen)
  if (here.isMet) return here
  const note = await options.client.cosignedCheckpoint(signal).catch(orNone)
  const cosigned = note === null ? null : await openSignedNote(note, pinned).catch(orUnsigned)
  if (!cosigned) return here
  await requireSameLog(options, cosigned, seen)
  const there = await stateOf(options, cosigned)
  return there.isMet || countOf(there) > countOf(here) ? there : here
}

/** Whichever of the two is larger must continue the other. */
async function requireSameLog(
  { hasher, ask }: QuorumOptions,
  cosigned: SeenCheckpoint,
  seen: SeenCheckpoint,
) {
  const [older, newer] = cosigned.size <= seen.size ? [cosigned, seen] : [seen, cosigned]
  try {
    await requireConsistency(hasher, older, newer, ask)
  } catch (error) {
    if (!(error instanceof Misbehaviour)) throw error
    throw new Misbehaviour(error.code, error.detail, { ...error.parts, shown: cosigned.note })
  }
}

async function stateOf({ policy, now }: QuorumOptions, checkpoint: SeenCheckpoint): Promise<QuorumFound> {
  const times = await cosignaturesOn(checkpoint.note, policy)
  const isFresh = (seconds: number) => Math.abs(now() - seconds * 1000) <= freshForMs
  const fresh = new Set([...times].filter(([, seconds]) => isFresh(seconds)).map(([name]) => name))
  return {
    isMet: isQuorumMet(policy, fresh),
    checkpoint,
    witnesses: [...policy.witnesses].map(([name, { key }]) => ({
      ...{ name, key: formatVerifierKey(key), counts: fresh.has(name) },
      at: times.has(name) ? formatMoment(Math.min(times.get(name)! * 1000, 8.64e15)) : null,
    })),
  }
}

/** By name, in seconds since 1970. A known witness's signature that fails condemns the note (N5): then nobody counts. */
async function cosignaturesOn(note: string, policy: Policy): Promise<Map<string, number>> {
  const verifiers = [...policy.witnesses].map(([name, { key }]) => [name, createVerifier(key)] as const)
  const times = new Map<string, number>()
  try {
    const { verified } = await openNote(
      note,
      verifiers.map(([, verifier]) => verifier),
    )
    for (const [name, verifier] of verifiers) {
      const time = cosignedAt(verified, verifier)
      if (time !== null) times.set(name, time)
    }
  } catch (error) {
    if (!(error instanceof LogError)) throw error
  }
  return times
}

function countOf({ witnesses }: QuorumFound): number {
  return witnesses.filter(({ counts }) => counts).length
}

/** A server that has none says so. */
function orNone(error: unknown): null {
  if (error instanceof FailureError && error.failure.status === 404) return null
  throw error
}

/** It may be from before the log changed its key: it vouches for nothing then, and accuses nobody. */
function orUnsigned(error: unknown): null {
  if (error instanceof Misbehaviour) return null
  throw error
}
