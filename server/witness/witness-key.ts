/**
 * The key a server cosigns other logs with: in a file of its own outside the database, apart from the keys of its own
 * log, since names are not signed and one key must not speak for two (C2SP tlog-cosignature).
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { ED25519_KEY_BYTES, signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import {
  ALGORITHM,
  createVerifierKey,
  formatSignerKey,
  formatVerifierKey,
  isKeyName,
  parseSignerKey,
} from '../../shared/log/key.ts'
import type { Signer } from '../../shared/log/note.ts'
import { createCosigner } from '../../shared/log/signature.ts'
import { LogKeyError } from '../log/log-key.ts'

export interface WitnessKey {
  /** What the peers' verifiers are given: `<name>+<id>+<base64>`. */
  readonly verifierKey: string
  readonly cosigner: Signer
}

export interface WitnessKeyOptions {
  path: string
  /** As configured; null takes the file's, or `newName` for a new file. */
  name: string | null
  newName: string
  /** Only where nothing was cosigned yet: under a new key nobody would count what this witness says. */
  mayCreate: boolean
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

/** @throws {LogKeyError} with words for the person who starts the server. */
export async function openWitnessKey(options: WitnessKeyOptions): Promise<WitnessKey> {
  const { path, name, mayCreate, clock } = options
  if (name !== null && !isKeyName(name)) {
    throw new LogKeyError(`"${name}" cannot name a witness: a name has no spaces and no plus.`)
  }
  if (!existsSync(path)) {
    if (!mayCreate) throw new LogKeyError(`The witness key ${path} is missing. Restore it from a backup.`)
    await createKeyFile(options)
  }
  requireTightPermissions(path)
  const key = await readKeyFile(path)
  if (name !== null && name !== key.name) {
    throw new LogKeyError(`${path} is the key of the witness "${key.name}", which cannot become "${name}".`)
  }
  return {
    verifierKey: formatVerifierKey(key.verifierKey),
    cosigner: createCosigner(key.name, key.signing, () => Math.floor(clock() / 1000)),
  }
}

async function createKeyFile({ path, name, newName, randomBytes }: WitnessKeyOptions): Promise<void> {
  const seed = randomBytes(ED25519_KEY_BYTES)
  const key = await keyOf(name ?? newName, seed)
  const line = formatSignerKey({ ...key.verifierKey, seed })
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${line}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

async function readKeyFile(path: string) {
  try {
    const { name, id, algorithm, seed } = parseSignerKey(readFileSync(path, 'utf8').trim())
    const key = await keyOf(name, seed)
    if (algorithm !== ALGORITHM.cosignature) throw new Error('it does not cosign')
    if (key.verifierKey.id !== id) throw new Error('its id is not that of the key')
    return key
  } catch (error) {
    throw new LogKeyError(
      `${path} is not a witness key (${(error as Error).message}). Restore it from a backup.`,
    )
  }
}

async function keyOf(name: string, seed: Uint8Array) {
  const signing = await signingKeyFromSeed(seed)
  return { name, signing, verifierKey: createVerifierKey(name, ALGORITHM.cosignature, signing.publicKey) }
}

function requireTightPermissions(path: string): void {
  const mode = statSync(path).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new LogKeyError(
      `Others on this machine can read the witness key ${path} (mode ${mode.toString(8)}).`,
    )
  }
}
