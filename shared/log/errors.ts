/**
 * What can go wrong in the log, as data. `kind` tells a caller what to do about it:
 * - `malformed`: the bytes break a format; nothing is known about who is at fault.
 * - `misbehaved`: well-formed bytes that contradict what was signed or committed; keep them as evidence.
 * - `untrusted`: a signature fails, or none (or too few) of the required keys signed.
 */
export type LogErrorKind = 'malformed' | 'misbehaved' | 'untrusted'

const KINDS = {
  ambiguous_key: 'malformed',
  bundle_malformed: 'malformed',
  checkpoint_malformed: 'malformed',
  consistency_undefined: 'malformed',
  cosignature_malformed: 'malformed',
  disclosure_duplicate: 'malformed',
  disclosure_malformed: 'malformed',
  encoding_malformed: 'malformed',
  entry_too_large: 'malformed',
  json_not_canonical: 'malformed',
  json_unsupported: 'malformed',
  key_malformed: 'malformed',
  leaf_malformed: 'malformed',
  note_malformed: 'malformed',
  number_out_of_range: 'malformed',
  policy_malformed: 'malformed',
  proof_malformed: 'malformed',
  submission_malformed: 'malformed',
  tile_malformed: 'malformed',
  consistency_failed: 'misbehaved',
  disclosure_mismatch: 'misbehaved',
  disclosure_unknown: 'misbehaved',
  inclusion_failed: 'misbehaved',
  range_failed: 'misbehaved',
  checkpoint_stale: 'untrusted',
  key_unsupported: 'untrusted',
  note_unverified: 'untrusted',
  origin_unknown: 'untrusted',
  quorum_not_met: 'untrusted',
  signature_invalid: 'untrusted',
  transition_unproven: 'untrusted',
} as const satisfies Record<string, LogErrorKind>

/** Stable, machine-readable; never renamed once released. */
export type LogErrorCode = keyof typeof KINDS

/** Every error the log core throws on purpose. */
export class LogError extends Error {
  override readonly name = 'LogError'
  readonly code: LogErrorCode
  readonly kind: LogErrorKind

  constructor(code: LogErrorCode, message: string) {
    super(message)
    this.code = code
    this.kind = KINDS[code]
  }
}
