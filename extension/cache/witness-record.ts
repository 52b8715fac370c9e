/** What a panel remembers of the log of one server, so that nobody can take back what it saw. Nothing in it is secret. */
import type { LogKeys } from '../../shared/api.ts'

/** The keys a log is held to. `at` is an ISO time. */
export interface PinnedLog extends LogKeys {
  by: 'policy' | 'first_use' | 'person'
  at: string
  /** The log's key as the policy names it, where the log has proven since that it changed its key. */
  policyKey?: string
}

/** A change of the log's keys that the key trusted until then announced. Times are ISO. */
export interface FollowedRotation {
  before: LogKeys
  after: LogKeys
  /** The entry that tells of it, the last of the checkpoint that both keys signed. */
  index: number
  size: number
  /** As the log's time key says. */
  changedAt: string
  followedAt: string
  /** The whole proof: see `GET /v1/log/keys`. */
  proof: string
}

/** A state of the tree; `root` in base64. */
export interface SeenState {
  size: number
  root: string
}

/** A checkpoint that was verified: `note` as it came, `signedAt` as the log's time key says. */
export interface SeenCheckpoint extends SeenState {
  note: string
  signedAt: string
}

/** Stable names of what a server can do wrong. */
export type AlarmCode =
  | 'bad_signature'
  | 'wrong_origin'
  | 'new_epoch'
  | 'rollback'
  | 'fork'
  | 'inconsistent'
  | 'stale'
  | 'wrong_bundle'
  | 'split_view'

/** A log that the server restored from a backup and goes on with under another origin. Times are ISO. */
export interface EpochOffer {
  keys: LogKeys
  /** The checkpoint that was shown, by these keys. */
  shown: SeenCheckpoint
  /** The log before is in it up to this size, as its own key signed. */
  kept: number
  /** Up to this size the panel compared it with what it had believed. */
  provenTo: number
  /** The entries from `from` to `to`, not included, that this panel's record speaks of and that are not in it. */
  lost: { from: number; to: number } | null
  /** When the log before signed what the backup holds; null where it says no time. */
  backupAt: string | null
  /** As those who restored it say. */
  restoredAt: string
  reason: string
  /** When the epoch began, by its own time key. */
  begunAt: string
  /** What proves all this: see `GET /v1/log/keys`. */
  proofs: string[]
}

/** All that is needed to show to somebody else what a server did. */
export interface Evidence {
  code: AlarmCode
  detail: string
  at: string
  server: string
  pinned: PinnedLog
  /** The largest checkpoint believed until then. */
  believed: SeenCheckpoint | null
  /** The note that the server showed instead. */
  shown: string | null
  /** The consistency proof that fails, base64; null where none was given or needed. */
  proof: string[] | null
  /** The first hash that does not fit the checkpoint: hashes in hex. */
  mismatch: { what: string; expected: string; found: string } | null
  /** For another origin: the keys that the server's note is signed by. */
  offered: LogKeys | null
  /** For a log that was restored from a backup. */
  epoch?: EpochOffer
}

export interface EarlierLog extends Pick<WitnessRecord, 'pinned' | 'seen' | 'rotations'> {
  until: string
}

/** Which witnesses of the browser's policy stand behind the log, by cosignatures that were verified here. */
export interface QuorumState {
  /** The policy's text: what was found under another one says nothing. */
  policy: string
  /** Enough of them cosigned, and lately enough, when it was last looked at. */
  isMet: boolean
  /** What they cosigned: the largest believed checkpoint, or another one of the same log. */
  checkpoint: SeenCheckpoint
  /** All of the policy, in its order; `at` is when one cosigned this checkpoint, by its own clock. */
  witnesses: { name: string; key: string; counts: boolean; at: string | null }[]
}

/** The panel's own key for cosigning the log of one server, and what it cosigned last. */
export interface Cosigner {
  server: string
  /** The log that it is for. */
  origin: string
  name: string
  /** Cannot be taken out of this browser. */
  privateKey: CryptoKey
  /** 32 bytes. */
  publicKey: Uint8Array
  /** `root` in base64. */
  cosigned: { size: number; root: string } | null
  /** When it was last handed in, in milliseconds since 1970. */
  sentAt: number | null
}

export interface WitnessRecord {
  server: string
  pinned: PinnedLog
  /** Where this panel began: what lies below was taken as it was found. */
  first: { size: number; at: string } | null
  /** The largest checkpoint ever verified. */
  seen: SeenCheckpoint | null
  /** Smaller states that were believed, the further back the sparser, ascending. */
  trail: SeenState[]
  /** ISO time of the last check that held. */
  checkedAt: string | null
  /** The changes of keys that led to the pinned ones, oldest first. */
  rotations: FollowedRotation[]
  /** Where this browser's policy names witnesses. */
  quorum?: QuorumState | null
  /** Set while nothing of the server is accepted. */
  alarm: Evidence | null
  /** Somebody wants to see whether the server does right again. */
  lookAgain: boolean
  /** Alarms that are over, newest last. */
  past: Evidence[]
  /** Logs that were followed at this server before. */
  earlier: EarlierLog[]
}

export interface WitnessStore {
  /** False where it is forgotten with the panel. */
  readonly isDurable: boolean
  read(): Promise<WitnessRecord | null>
  /** Reads and writes in one step, on disk when it resolves. Answers what is written; null leaves all as it is. */
  change(change: (record: WitnessRecord | null) => WitnessRecord | null): Promise<WitnessRecord | null>
  /** The key for cosigning the log of this server, if one was made. */
  readCosigner(): Promise<Cosigner | null>
  /** As `change`. */
  changeCosigner(change: (cosigner: Cosigner | null) => Cosigner | null): Promise<Cosigner | null>
  close(): void
}
