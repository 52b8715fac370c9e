/** The signed checkpoint of a stored log, opened by whoever is trusted to have signed it. */
import { cosignedAt, type OpenedCheckpoint, openCheckpoint } from '../../shared/log/checkpoint.ts'
import { LogError } from '../../shared/log/errors.ts'
import { parseVerifierKey } from '../../shared/log/key.ts'
import { isSignedBy, openNote, parseNote, type Verifier } from '../../shared/log/note.ts'
import { openWithPolicy, type Policy } from '../../shared/log/policy.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { Finding, wrongCheckpoint } from './finding.ts'

/**
 * Whose signature counts. `own` are the verifier keys of the key file beside the log, which say nothing to someone who
 * may have replaced it: only a policy from elsewhere does. The log's time key is known from `own` alone.
 */
export interface Trust {
  own: { log: string; time: string } | null
  policy: Policy | null
}

export interface SignedState {
  origin: string
  size: number
  root: Uint8Array
  /** Milliseconds since 1970, by the log's own time key; null where that is not known here. */
  signedAtMs: number | null
  /** Names of the policy's witnesses that cosigned. */
  witnesses: string[]
}

/** @throws {Finding} */
export async function openStoredCheckpoint(note: string, { own, policy }: Trust): Promise<SignedState> {
  if (!own && !policy) {
    throw new Finding(
      'untrusted',
      'checkpoint',
      'There is no key to check the signature by: no key file here, no policy.',
    )
  }
  try {
    const opened = policy ? await openWithPolicy(note, policy) : await openByOwnKey(note, own!)
    const { origin, size, root } = opened.checkpoint
    const time = own && createVerifier(own.time)
    return {
      ...{ origin, size, root },
      signedAtMs: time && (await signedAt(note, time)),
      witnesses: policy ? cosigners(opened, policy) : [],
    }
  } catch (error) {
    if (error instanceof LogError) throw wrongCheckpoint(error)
    throw error
  }
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
