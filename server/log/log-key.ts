/**
 * The log's two signing keys, in one file outside the database: whoever reads the database cannot sign. The first
 * signs checkpoints, the second the time at which they were current (C2SP signed-note, types 01 and 04).
 */

/** Signs checkpoints of one log and checks them. */
export interface LogKey {
  readonly origin: string
  /** What readers pin: `<name>+<id>+<base64>` of the log's key and of its time key. */
  readonly verifierKeys: { log: string; time: string }
  /** A signed note for the state of the log. */
  sign(size: number, root: Uint8Array): Promise<string>
  /** The checkpoint of a note this key signed. @throws {LogError} */
  open(note: string): Promise<{ size: number; root: Uint8Array; signedAtMs: number }>
}

export interface LogKeyOptions {
  path: string
  origin: string
  /** Only where no log exists yet: a log that lost its key must not go on under a new one unnoticed. */
  mayCreate: boolean
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

/** @throws {LogKeyError} with words for the person who starts the server. */
export async function openLogKey(_options: LogKeyOptions): Promise<LogKey> {
  throw new Error('not yet')
}

export class LogKeyError extends Error {
  override name = 'LogKeyError'
}
