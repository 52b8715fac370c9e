/**
 * The log's two signing keys, in one file outside the database: whoever reads the database cannot sign. The first
 * signs checkpoints, the second the time at which they were current (C2SP signed-note, types 01 and 04).
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { cosignedAt, formatCheckpoint, openCheckpoint } from '../../shared/log/checkpoint.ts'
import { timeKeyName } from '../../shared/log/cosignature.ts'
import { ED25519_KEY_BYTES, type SigningKey, signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import {
  ALGORITHM,
  createVerifierKey,
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  type VerifierKey,
} from '../../shared/log/key.ts'
import { signNote } from '../../shared/log/note.ts'
import { createCosigner, createNoteSigner, createVerifier } from '../../shared/log/signature.ts'

/** Signs checkpoints of one log and checks them. */
export interface LogKey {
  readonly origin: string
  /** What readers pin: `<name>+<id>+<base64>` of the log's key and of its time key. */
  readonly verifierKeys: { log: string; time: string }
  /** A signed note for the state of the log. */
  sign(size: number, root: Uint8Array): Promise<string>
  /** The checkpoint of a note this key signed. @throws {LogError} */
  open(note: string): Promise<{ size: number; root: Uint8Array; signedAtMs: number | null }>
}

export interface LogKeyOptions {
  path: string
  origin: string
  /** Only where no log exists yet: a log that lost its key must not go on under a new one unnoticed. */
  mayCreate: boolean
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

export class LogKeyError extends Error {
  override name = 'LogKeyError'
}

/** @throws {LogKeyError} with words for the person who starts the server. */
export async function openLogKey(options: LogKeyOptions): Promise<LogKey> {
  const { path, origin, mayCreate, clock } = options
  if (!existsSync(path)) {
    if (!mayCreate) throw new LogKeyError(missingKey(path))
    await createKeyFile(options)
  }
  const key = await readLogKey(path, clock)
  if (key.origin !== origin) throw new LogKeyError(otherOrigin(path, key.origin, origin))
  return key
}

/** The key of whatever log the file is of. @throws {LogKeyError} */
export async function readLogKey(path: string, clock: () => number): Promise<LogKey> {
  requireTightPermissions(path)
  const [log, time] = await readKeyFile(path)
  return createLogKey(log, time, clock)
}

interface NamedKey {
  name: string
  signing: SigningKey
  verifierKey: VerifierKey
}

function createLogKey(log: NamedKey, time: NamedKey, clock: () => number): LogKey {
  const origin = log.name
  const signers = [
    createNoteSigner(origin, log.signing),
    createCosigner(time.name, time.signing, () => Math.floor(clock() / 1000)),
  ]
  const verifier = createVerifier(log.verifierKey)
  const timeVerifier = createVerifier(time.verifierKey)
  return {
    origin,
    verifierKeys: { log: formatVerifierKey(log.verifierKey), time: formatVerifierKey(time.verifierKey) },
    sign: (size, root) => signNote(formatCheckpoint({ origin, size, root, extensions: [] }), signers),
    async open(note) {
      const { checkpoint, verified } = await openCheckpoint(note, origin, verifier, [timeVerifier])
      const time = cosignedAt(verified, timeVerifier)
      return { size: checkpoint.size, root: checkpoint.root, signedAtMs: time === null ? null : time * 1000 }
    },
  }
}

async function createKeyFile({ path, origin, randomBytes }: LogKeyOptions): Promise<void> {
  const lines = await Promise.all([
    keyLine(origin, ALGORITHM.ed25519, randomBytes(ED25519_KEY_BYTES)),
    keyLine(timeKeyName(origin), ALGORITHM.cosignature, randomBytes(ED25519_KEY_BYTES)),
  ])
  // Fails where a file appeared meanwhile: a key is never written over.
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${lines.join('\n')}\n`)
    // A log signed by a key that a power cut took away could not go on.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

async function keyLine(name: string, algorithm: number, seed: Uint8Array): Promise<string> {
  const { publicKey } = await signingKeyFromSeed(seed)
  const { id } = createVerifierKey(name, algorithm, publicKey)
  return formatSignerKey({ name, id, algorithm, seed })
}

async function readKeyFile(path: string): Promise<[log: NamedKey, time: NamedKey]> {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    const [log, time] = await Promise.all(lines.map(parseKeyLine))
    if (lines.length !== 2 || log?.verifierKey.algorithm !== ALGORITHM.ed25519)
      throw new Error('two keys are needed')
    if (time?.verifierKey.algorithm !== ALGORITHM.cosignature)
      throw new Error('the second key is no time key')
    if (time.name !== timeKeyName(log.name)) throw new Error('its two keys are of two logs')
    return [log, time]
  } catch (error) {
    throw new LogKeyError(
      `${path} is not a key file of this log (${(error as Error).message}). Restore it from a backup.`,
    )
  }
}

async function parseKeyLine(line: string): Promise<NamedKey> {
  const { name, id, algorithm, seed } = parseSignerKey(line)
  const signing = await signingKeyFromSeed(seed)
  const verifierKey = createVerifierKey(name, algorithm, signing.publicKey)
  if (verifierKey.id !== id) throw new Error('a key id is not that of its key')
  return { name, signing, verifierKey }
}

/** Windows has no such permissions: there the folder's own must do. */
function requireTightPermissions(path: string): void {
  const mode = statSync(path).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new LogKeyError(
      `Others on this machine can read the log's signing key ${path} (mode ${mode.toString(8)}). ` +
        'If nobody has copied it, run: chmod 600 followed by its path.',
    )
  }
}

function missingKey(path: string): string {
  return (
    `The log's signing key ${path} is missing, but the log exists. ` +
    'Restore the key from a backup: under a new one, everyone who follows this log would have to distrust it.'
  )
}

function otherOrigin(path: string, found: string, wanted: string): string {
  return `${path} is the key of the log "${found}", but this one is called "${wanted}". An origin cannot be changed.`
}
