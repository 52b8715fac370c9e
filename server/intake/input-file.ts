/** A file to import as a stream of bytes: plain or gzip, or `-` for standard input. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Bytes } from './format-row.ts'

export interface InputFile {
  name: string
  /** Null where it cannot be known. */
  size: number | null
  /** Standard input can be read once only. */
  isRepeatable: boolean
  /** `onBytes` hears how much of the file as stored was read. */
  open(onBytes: (bytes: number) => void): Bytes
}

/** @throws the system's error where the file is not there or is a folder. */
export async function inputFile(name: string, standardInput: AsyncIterable<Uint8Array>): Promise<InputFile> {
  if (name === '-') {
    return {
      name: '(standard input)',
      size: null,
      isRepeatable: false,
      open: onBytes => unzipped(counted(standardInput, onBytes)),
    }
  }
  const found = await stat(name)
  if (found.isDirectory()) throw new Error(`${name} is a folder, not a file`)
  return {
    name,
    size: found.isFile() ? found.size : null,
    isRepeatable: found.isFile(),
    open: onBytes => unzipped(counted(createReadStream(name, { highWaterMark: 256 * 1024 }), onBytes)),
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onBytes(chunk.length)
    yield chunk
  }
}

/** Gzip is known by its first bytes, whatever the file is called. */
async function* unzipped(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await source.next()
  if (first.done) return
  const all = async function* () {
    yield first.value
    yield* source
  }
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) yield* gunzip(all())
  else yield* all()
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) })
  const running = pipeline(source, createGunzip(), out)
  running.catch(() => {
    // The same error ends the reading below, where it is told.
  })
  yield* out
  await running
}
