/** Records of a JSON file, whichever way it holds them: one a line, in an array, or in a document around a list. */
import { isUtf8 } from 'node:buffer'
import type { JsonObject } from '../../shared/json.ts'
import { byteLines } from './byte-lines.ts'
import { type Bytes, maxRecordBytes, type SourceRecord } from './format-row.ts'
import { ElementSplitter } from './json-elements.ts'
import { type LargeNumbers, parseJson } from './json-text.ts'
import { utf8Bytes } from './text-encoding.ts'

export interface JsonRecordsOptions {
  /** Names under which a document keeps its list. */
  wrapperKeys: readonly string[]
  largeNumbers: LargeNumbers
}

export async function* jsonRecords(bytes: Bytes, options: JsonRecordsOptions): AsyncGenerator<SourceRecord> {
  const wrapperKeys = new Set(options.wrapperKeys)
  const { head, all } = await readFirstLine(utf8Bytes(bytes))
  const records = isDocument(head, wrapperKeys)
    ? documentRecords(all, wrapperKeys, options.largeNumbers)
    : lineRecords(all, options.largeNumbers)
  yield* records
}

async function* lineRecords(
  chunks: AsyncIterable<Buffer>,
  largeNumbers: LargeNumbers,
): AsyncGenerator<SourceRecord> {
  for await (const { line, bytes } of byteLines(chunks)) {
    if (bytes === null) yield { line, place: '', error: { reason: tooLong, path: '' } }
    else if (!isBlank(bytes)) yield recordOf(line, '', bytes, largeNumbers)
  }
}

async function* documentRecords(
  chunks: AsyncIterable<Buffer>,
  wrapperKeys: ReadonlySet<string>,
  largeNumbers: LargeNumbers,
): AsyncGenerator<SourceRecord> {
  const splitter = new ElementSplitter(wrapperKeys)
  const records = function* (elements: ReturnType<ElementSplitter['push']>): Generator<SourceRecord> {
    for (const { line, place, bytes, cut } of elements) {
      if (cut) yield { line, place, error: { reason: cut === 'too-long' ? tooLong : unfinished, path: '' } }
      else yield recordOf(line, place, bytes, largeNumbers)
    }
  }
  for await (const chunk of chunks) yield* records(splitter.push(chunk))
  yield* records(splitter.end())
}

const tooLong = `is longer than ${maxRecordBytes / 1024 / 1024} MiB`
const unfinished = 'is not finished: the document is damaged here or ends too early'

function recordOf(line: number, place: string, bytes: Buffer, largeNumbers: LargeNumbers): SourceRecord {
  const problem = (reason: string, path = ''): SourceRecord => ({ line, place, error: { reason, path } })
  if (!isUtf8(bytes)) return problem('is not UTF-8 text')
  const parsed = parseJson(bytes.toString('utf8'), largeNumbers)
  if ('error' in parsed) return problem(parsed.error.reason, parsed.error.path)
  const { value } = parsed
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return problem('is not a JSON object')
  return { line, place, value: value as JsonObject }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}

/** The first line that says something, and the whole input again. */
async function readFirstLine(
  chunks: AsyncGenerator<Buffer>,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  let head: Buffer = Buffer.alloc(0)
  let line: Buffer | null = null
  while (line === null && head.length < maxRecordBytes) {
    const next = await chunks.next()
    if (next.done) break
    head = head.length ? Buffer.concat([head, next.value]) : next.value
    line = firstLineOf(head)
  }
  const all = async function* () {
    if (head.length) yield head
    head = Buffer.alloc(0)
    yield* chunks
  }
  return { head: line ?? head, all: all() }
}

function firstLineOf(bytes: Buffer): Buffer | null {
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const line = bytes.subarray(start, end)
    if (!isBlank(line)) return line
    start = end + 1
  }
  return null
}

/**
 * Lines are preferred, since a damaged line then harms no other: a document is only what opens a list, or breaks
 * its first line where printers break lines.
 */
function isDocument(firstLine: Buffer, wrapperKeys: ReadonlySet<string>): boolean {
  const text = firstLine.toString('utf8').trim()
  if (text.startsWith('[')) return true
  if (!text.startsWith('{')) return false
  const splitter = new ElementSplitter(wrapperKeys)
  const isWhole = splitter.push(firstLine).length > 0
  return splitter.hasFoundList || (!isWhole && (text === '{' || /^\{\s*".*[{[,]$/.test(text)))
}
