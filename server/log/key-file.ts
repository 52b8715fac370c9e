/**
 * The file of signing keys, a line each: replaced whole or not at all, readable by its owner alone, and what a line
 * that goes held is overwritten on the disk as far as the file system lets anyone.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { timeKeyName } from '../../shared/log/cosignature.ts'
import { ED25519_KEY_BYTES, signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import { ALGORITHM, createVerifierKey, formatSignerKey } from '../../shared/log/key.ts'

/** The lines of a new pair: the key that signs checkpoints, then the one that signs their time. */
export function createKeyLines(
  origin: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<string[]> {
  return Promise.all([
    keyLine(origin, ALGORITHM.ed25519, randomBytes(ED25519_KEY_BYTES)),
    keyLine(timeKeyName(origin), ALGORITHM.cosignature, randomBytes(ED25519_KEY_BYTES)),
  ])
}

async function keyLine(name: string, algorithm: number, seed: Uint8Array): Promise<string> {
  const { publicKey } = await signingKeyFromSeed(seed)
  const { id } = createVerifierKey(name, algorithm, publicKey)
  return formatSignerKey({ name, id, algorithm, seed })
}

export function readKeyLines(path: string): string[] {
  return readFileSync(path, 'utf8').trim().split('\n')
}

/** Durable when it returns. @throws where there is a file already: a key is never written over by accident */
export function createKeyFile(path: string, lines: readonly string[]): void {
  writeFlushed(path, lines)
}

/** Durable when it returns; whatever stops it midway, the file is the old one or the new one. */
export function replaceKeyFile(path: string, lines: readonly string[]): void {
  const draft = `${path}.new`
  // Left behind by a process that was killed; nothing was signed by what only stands there.
  rmSync(draft, { force: true })
  writeFlushed(draft, lines)
  // Opened before it loses its name, so that its bytes can still be reached. Windows lets no open file be replaced.
  const old = process.platform === 'win32' ? null : openSync(path, 'r+')
  renameSync(draft, path)
  flushFolder(dirname(path))
  if (old !== null) overwrite(old)
}

function writeFlushed(path: string, lines: readonly string[]): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${lines.join('\n')}\n`)
    // A log signed by a key that a power cut took away could not go on.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A new name survives a power cut only once its folder has been flushed; Windows has no such thing. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function overwrite(file: number): void {
  try {
    writeSync(file, Buffer.alloc(fstatSync(file).size), 0, undefined, 0)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
