/** Splits UTF-8 bytes into lines. LF and CRLF both end one. */
import { BytePieces } from './byte-pieces.ts'
import { maxRecordBytes } from './format-row.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** `bytes` is null for a line longer than any row may be; it is passed over without being kept. */
export interface ByteLine {
  line: number
  bytes: Buffer | null
}

export async function* byteLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteLine> {
  const open = new BytePieces()
  let line = 1
  let tooLong = false
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      open.add(chunk.subarray(start, end))
      const bytes = open.take()
      yield { line, bytes: tooLong || bytes.length > maxRecordBytes ? null : withoutReturn(bytes) }
      tooLong = false
      line++
      start = end + 1
    }
    open.add(chunk.subarray(start))
    if (open.size > maxRecordBytes) {
      tooLong = true
      open.take()
    }
  }
  if (open.size || tooLong) yield { line, bytes: tooLong ? null : withoutReturn(open.take()) }
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes[bytes.length - 1] === carriageReturn ? bytes.subarray(0, -1) : bytes
}
