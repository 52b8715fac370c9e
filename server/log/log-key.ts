/**
 * The log's two signing keys, in one file outside the database: whoever reads the database cannot sign. The first
 * signs checkpoints, the second the time at which they were current (C2SP signed-note, types 01 and 04). While one key
 * gives way to the next, the file holds both pairs; which of them is in force, the stored checkpoint tells.
 */
import { existsSync, statSync } from 'node:fs'
import { cosignedAt, formatCheckpoint, openCheckpoint } from '../../shared/log/checkpoint.ts'
import { timeKeyName } from '../../shared/log/cosignature.ts'
import type { SigningKey } from '../../shared/log/ed25519.ts'
import { isLaterEpoch } from '../../shared/log/epoch.ts'
import { LogError } from '../../shared/log/errors.ts'
import {
  ALGORITHM,
  createVerifierKey,
  formatVerifierKey,
  parseSignerKey,
  type VerifierKey,
} from '../../shared/log/key.ts'
import { type Signer, signNote } from '../../shared/log/note.ts'
import { createCosigner, createNoteSigner, createVerifier } from '../../shared/log/signature.ts'
import { nodeSigningKey } from '../node-signing-key.ts'
import { createKeyFile, createKeyLines, readKeyLines, replaceKeyFile } from './key-file.ts'

/** Signs checkpoints of one log and checks them. */
export interface LogKey {
  readonly origin: string
  /** What readers pin: `<name>+<id>+<base64>` of the log's key and of its time key. */
  readonly verifierKeys: { log: string; time: string }
  /** The key itself, and the one that tells the time. */
  readonly signers: readonly Signer[]
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
  /** The stored checkpoint: tells which key is in force where a change of keys was stopped midway. */
  checkpoint?: string | null
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

export class LogKeyError extends Error {
  override name = 'LogKeyError'
}

/** Ends a change of keys that was stopped midway. @throws {LogKeyError} with words for whoever starts the server. */
export async function openLogKey(options: LogKeyOptions): Promise<LogKey> {
  const { path, origin, mayCreate, clock, randomBytes, checkpoint = null } = options
  if (!existsSync(path)) {
    if (!mayCreate) throw new LogKeyError(missingKey(path))
    createKeyFile(path, await createKeyLines(origin, randomBytes))
  }
  const key = await settleKeys(path, checkpoint, clock)
  if (key.origin !== origin && !isLaterEpoch(key.origin, origin))
    throw new LogKeyError(otherOrigin(path, key.origin, origin))
  return key
}

/**
 * Draws the key that is to follow and writes it down beside the one in force, so that whatever is signed from now on
 * can be gone on from. `settleKeys` ends this. @throws {LogKeyError}
 */
export async function drawNextKey(options: Omit<LogKeyOptions, 'mayCreate' | 'checkpoint'>): Promise<LogKey> {
  const { path, origin, clock, randomBytes } = options
  const [current] = await readKeyFile(path)
  const lines = await createKeyLines(origin, randomBytes)
  replaceKeyFile(path, [...current!.map(({ line }) => line), ...lines])
  return createLogKey(await Promise.all(lines.map(parseKeyLine)), clock)
}

/** The key that signed the checkpoint is in force; the other one of the file, if any, is destroyed. @throws {LogKeyError} */
export async function settleKeys(path: string, checkpoint: string | null, clock: () => number) {
  requireTightPermissions(path)
  const pairs = await readKeyFile(path)
  const keys = pairs.map(pair => createLogKey(pair, clock))
  const key = await keyInForce(keys, checkpoint)
  if (pairs.length > 1) {
    replaceKeyFile(
      path,
      pairs[keys.indexOf(key)]!.map(({ line }) => line),
    )
  }
  return key
}

/** The keys of whatever log the file is of: one, or two while one gives way to the next. @throws {LogKeyError} */
export async function readLogKeys(path: string, clock: () => number): Promise<LogKey[]> {
  requireTightPermissions(path)
  return (await readKeyFile(path)).map(pair => createLogKey(pair, clock))
}

/** The last of them that signed the stored checkpoint: a key that is to follow has signed nothing before its time. */
export async function keyInForce(keys: readonly LogKey[], checkpoint: string | null): Promise<LogKey> {
  for (const key of keys.slice(1).reverse()) if (checkpoint && (await hasSigned(key, checkpoint))) return key
  return keys[0]!
}

async function hasSigned(key: LogKey, checkpoint: string): Promise<boolean> {
  try {
    await key.open(checkpoint)
    return true
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

/**
 * The state of the log that ends with the entry which tells of the next key: signed by the key in force too, unless it
 * is an epoch's. Of a backup's key others may have a copy: it speaks for nothing that came after the backup.
 */
export function signChange(key: LogKey, next: LogKey, size: number, root: Uint8Array): Promise<string> {
  if (next.origin !== key.origin) return next.sign(size, root)
  const text = formatCheckpoint({ origin: key.origin, size, root, extensions: [] })
  return signNote(text, [...key.signers, ...next.signers])
}

interface NamedKey {
  /** As it stands in the file. */
  line: string
  name: string
  signing: SigningKey
  verifierKey: VerifierKey
}

function createLogKey([log, time]: readonly NamedKey[], clock: () => number): LogKey {
  const origin = log!.name
  const signers = [
    createNoteSigner(origin, log!.signing),
    createCosigner(time!.name, time!.signing, () => Math.floor(clock() / 1000)),
  ]
  const verifier = createVerifier(log!.verifierKey)
  const timeVerifier = createVerifier(time!.verifierKey)
  return {
    origin,
    signers,
    verifierKeys: { log: formatVerifierKey(log!.verifierKey), time: formatVerifierKey(time!.verifierKey) },
    sign: (size, root) => signNote(formatCheckpoint({ origin, size, root, extensions: [] }), signers),
    async open(note) {
      const { checkpoint, verified } = await openCheckpoint(note, origin, verifier, [timeVerifier])
      const time = cosignedAt(verified, timeVerifier)
      return { size: checkpoint.size, root: checkpoint.root, signedAtMs: time === null ? null : time * 1000 }
    },
  }
}

/** One pair of keys, or two. @throws {LogKeyError} */
async function readKeyFile(path: string): Promise<NamedKey[][]> {
  try {
    const keys = await Promise.all(readKeyLines(path).map(parseKeyLine))
    if (keys.length !== 2 && keys.length !== 4) throw new Error('two keys are needed')
    const pairs = [keys.slice(0, 2), ...(keys.length > 2 ? [keys.slice(2)] : [])]
    for (const [log, time] of pairs) requirePair(log!, time!)
    return pairs
  } catch (error) {
    throw new LogKeyError(
      `${path} is not a key file of this log (${(error as Error).message}). Restore it from a backup.`,
    )
  }
}

function requirePair(log: NamedKey, time: NamedKey): void {
  if (log.verifierKey.algorithm !== ALGORITHM.ed25519) throw new Error('two keys are needed')
  if (time.verifierKey.algorithm !== ALGORITHM.cosignature) throw new Error('the second key is no time key')
  if (time.name !== timeKeyName(log.name)) throw new Error('its two keys are of two logs')
}

async function parseKeyLine(line: string): Promise<NamedKey> {
  const { name, id, algorithm, seed } = parseSignerKey(line)
  const signing = nodeSigningKey(seed)
  const verifierKey = createVerifierKey(name, algorithm, signing.publicKey)
  if (verifierKey.id !== id) throw new Error('a key id is not that of its key')
  return { line, name, signing, verifierKey }
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
