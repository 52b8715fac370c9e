/** Finds out how a file spells its text and hands it on as UTF-8 bytes without a byte order mark. */
import type { Bytes } from './format-row.ts'

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** UTF-8 is passed through untouched; UTF-16 (as spreadsheets save "Unicode text") is rewritten. */
export async function* utf8Bytes(bytes: Bytes): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]()
  const { head, ended } = await readHead(source)
  const { encoding, markLength } = encodingOf(head)
  const rest = chain(head.subarray(markLength), ended ? null : source)
  yield* encoding === 'utf-8' ? rest : rewritten(rest, encoding)
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; ended: boolean }> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 4) {
    const next = await source.next()
    if (next.done) return { head, ended: true }
    head = head.length ? Buffer.concat([head, next.value]) : asBuffer(next.value)
  }
  return { head, ended: false }
}

function encodingOf(head: Buffer): { encoding: Encoding; markLength: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', markLength: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markLength: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markLength: 2 }
  // Every format opens with ASCII, so a NUL beside it can only be the other half of a UTF-16 character.
  if (head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[3] === 0)
    return { encoding: 'utf-16le', markLength: 0 }
  if (head.length >= 4 && head[0] === 0 && head[1] !== 0 && head[2] === 0)
    return { encoding: 'utf-16be', markLength: 0 }
  return { encoding: 'utf-8', markLength: 0 }
}

async function* chain(head: Buffer, source: AsyncIterator<Uint8Array> | null): AsyncGenerator<Buffer> {
  try {
    if (head.length) yield head
    while (source) {
      const next = await source.next()
      if (next.done) return
      if (next.value.length) yield asBuffer(next.value)
    }
  } finally {
    await source?.return?.()
  }
}

async function* rewritten(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    if (text) yield Buffer.from(text)
  }
  const rest = decoder.decode()
  if (rest) yield Buffer.from(rest)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
