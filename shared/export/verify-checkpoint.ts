/** The signed checkpoint of an export: whether it agrees with the keys beside it, and whether anybody trusts these. */
import { type Checkpoint, cosignedAt, openCheckpoint } from '../log/checkpoint.ts'
import { timeKeyName } from '../log/cosignature.ts'
import { LogError } from '../log/errors.ts'
import type { Hasher } from '../log/hasher.ts'
import { parseVerifierKey } from '../log/key.ts'
import { type KeyPeriod, openThroughTransitions } from '../log/key-history.ts'
import { isSignedBy } from '../log/note.ts'
import type { Policy } from '../log/policy.ts'
import { createVerifier } from '../log/signature.ts'
import { ExportFinding, findingOf } from './finding.ts'
import type { ManifestLog } from './manifest.ts'

export interface ExportCheckpoint extends Checkpoint {
  /** When the log signed it, by its time key. */
  signedAtMs: number
}

/**
 * The checkpoint, signed by both keys of the manifest: a change to either, or to the note, shows. Whose keys they are
 * is another question. Throws `ExportFinding`.
 */
export async function openExportCheckpoint(file: string, log: ManifestLog): Promise<ExportCheckpoint> {
  try {
    const [own, time] = [parseVerifierKey(log.keys.log), parseVerifierKey(log.keys.time)]
    if (time.name !== timeKeyName(log.origin)) {
      throw new LogError('key_malformed', 'the time key is not named for the log')
    }
    const [ownVerifier, timeVerifier] = [createVerifier(own), createVerifier(time)]
    const { checkpoint, verified } = await openCheckpoint(log.checkpoint, log.origin, ownVerifier, [
      timeVerifier,
    ])
    const seconds = cosignedAt(verified, timeVerifier)
    if (seconds === null) throw new LogError('note_unverified', 'the log did not sign the time')
    return { ...checkpoint, signedAtMs: seconds * 1000 }
  } catch (error) {
    const finding = findingOf(error, { file }, 'The signed checkpoint is not to be believed')
    // The keys are at hand, so that it is the text, the signature or a key that was changed.
    if (finding.kind !== 'untrusted') throw finding
    throw new ExportFinding('tampered', finding.place, finding.message)
  }
}

/** Whose signatures count, and the words for where that was said. */
export interface Trust {
  policy: Policy
  /** `pinned` is a panel's own memory of the log. */
  by: 'policy' | 'key' | 'pinned'
  /** What proves how the log's keys changed, so that a key before or after the policy's counts for its time. */
  transitions?: readonly string[]
}

/** Who signed, as far as somebody is trusted to say so. */
export interface TrustedSignature {
  /** Names of the policy's witnesses that cosigned. */
  witnesses: string[]
  /** The time of the log's key that signed, where it is not the one that the policy names. */
  period: KeyPeriod | null
}

/** Throws `ExportFinding` untrusted. */
export async function requireTrust(
  hasher: Hasher,
  file: string,
  log: ManifestLog,
  trust: Trust | null,
): Promise<TrustedSignature> {
  if (trust === null) {
    const words =
      'The file agrees with itself and with the key it names, and the key is not pinned: trust the fingerprint ' +
      `${log.keys.log} only if you know it from elsewhere`
    throw new ExportFinding('untrusted', { file }, words)
  }
  try {
    const { policy, transitions = [] } = trust
    const { verified, period } = await openThroughTransitions(hasher, log.checkpoint, policy, transitions)
    const witnesses = [...trust.policy.witnesses].map(
      ([name, { key }]) => [name, createVerifier(key)] as const,
    )
    const cosigned = witnesses.filter(([, key]) => verified.some(line => isSignedBy(key, line)))
    return { witnesses: cosigned.map(([name]) => name), period }
  } catch (error) {
    const words = `The checkpoint, signed by ${log.keys.log}, is not trusted`
    const finding = findingOf(error, { file }, words)
    throw new ExportFinding('untrusted', finding.place, finding.message)
  }
}
