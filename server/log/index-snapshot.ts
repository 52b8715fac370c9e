/**
 * The event index as it lies in the index file: written now and then, read at a start, and believed only where it is
 * of this very log: same format, same root at its size, same erasures, every digest right.
 */
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import * as z from 'zod/mini'
import type { EventRows } from '../../shared/event-index/event-rows.ts'
import type { IndexImage, KeptIndex, TextColumn } from '../../shared/event-index/index-image.ts'
import { packArrays, unpackArrays } from '../../shared/event-index/packed-arrays.ts'
import type { Segment } from '../../shared/event-index/segment.ts'
import { decodeSegment, encodeSegment } from '../../shared/event-index/segment-image.ts'
import { fromUtf8, utf8 } from '../../shared/log/bytes.ts'
import type { IndexFile } from '../store/sqlite/index-file.ts'
import { pieceNames } from './disk-text.ts'

/** Counts up with every change of what pieces hold. */
const format = 1

/** What a snapshot is of. */
export interface SnapshotPlace {
  org: string
  /** Entries of the log that it holds. */
  size: number
  /** The log's root hash at that size, in base64. */
  root: string
  /** The version of the log's erasures. */
  erasures: number
}

const Contents = z.object({
  format: z.literal(format),
  org: z.string(),
  size: z.int(),
  root: z.string(),
  erasures: z.int(),
  /** Chapters of text. */
  chapters: z.int(),
  segments: z.array(z.string()),
  /** By column: its pieces. */
  texts: z.record(z.string(), z.array(z.string())),
  numbers: z.record(z.string(), z.string()),
})
type Contents = z.infer<typeof Contents>

const contentsName = 'contents'
const textsOfPiece = 8192
const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** The snapshot is not one, or not of this log: with the reason. */
export class UselessSnapshotError extends Error {
  override name = 'UselessSnapshotError'
}

/** Segments that lie in the file already, by their piece. */
export type WrittenSegments = WeakMap<Segment, string>

/**
 * Writes piece by piece, lets others work in between, and makes the new contents valid in one last step. Answers
 * false where `isWanted` says no in between: then the snapshot before is still the valid one.
 */
export async function writeSnapshot(
  file: IndexFile,
  place: SnapshotPlace & { chapters: number },
  { segments, vocabulary }: IndexImage,
  written: WrittenSegments,
  isWanted: () => boolean,
): Promise<boolean> {
  const before = file.names().filter(name => !name.startsWith('text/'))
  const stamp = Date.now().toString(36)
  const put = async (name: string, bytes: Uint8Array) => {
    const deflated = await compress(bytes, { level: 1 })
    if (isWanted()) file.change({ put: new Map([[name, deflated]]) })
    return isWanted()
  }
  const contents: Contents = { format, ...place, segments: [], texts: {}, numbers: {} }
  for (const [i, segment] of segments.entries()) {
    const known = written.get(segment)
    const name = known ?? `segment/${stamp}/${i}`
    if (!known && !(await put(name, encodeSegment(segment)))) return false
    written.set(segment, name)
    contents.segments.push(name)
  }
  for (const [column, texts] of Object.entries(vocabulary.texts)) {
    const pieces: string[] = []
    for (let from = 0; from < texts.size; from += textsOfPiece) {
      const name = `texts/${stamp}/${column}/${from}`
      if (!(await put(name, utf8(JSON.stringify(textsFrom(texts, from)))))) return false
      pieces.push(name)
    }
    contents.texts[column] = pieces
  }
  for (const [column, numbers] of Object.entries(vocabulary.numbers)) {
    const name = `numbers/${stamp}/${column}`
    if (!(await put(name, packArrays([numbers])))) return false
    contents.numbers[column] = name
  }
  const used = new Set([
    ...contents.segments,
    ...Object.values(contents.texts).flat(),
    ...Object.values(contents.numbers),
  ])
  file.change({
    put: new Map([[contentsName, utf8(JSON.stringify(contents))]]),
    drop: before.filter(name => !used.has(name)),
  })
  return true
}

function textsFrom({ size, at }: TextColumn, from: number): (string | null)[] {
  return Array.from({ length: Math.min(textsOfPiece, size - from) }, (_, i) => at(from + i))
}

/** Null where there is none. @throws {UselessSnapshotError} where `placeAt`, the log's own at that size, is another */
export async function readSnapshot(
  file: IndexFile,
  placeAt: (size: number) => Promise<SnapshotPlace>,
): Promise<{ size: number; chapters: number; kept: KeptIndex } | null> {
  if (!file.names().includes(contentsName)) return null
  const contents = readContents(file)
  const { size, chapters } = contents
  const place = await placeAt(size)
  if (place.org !== contents.org || place.root !== contents.root)
    throw new UselessSnapshotError('it is of another log')
  if (place.erasures !== contents.erasures) throw new UselessSnapshotError('entries were erased since')
  for (let chapter = 0; chapter < chapters; chapter++) {
    for (const name of pieceNames(chapter)) readPiece(file, name)
    await new Promise(resolve => setImmediate(resolve))
  }
  const segments: EventRows[] = []
  for (const name of contents.segments) segments.push(decodeSegment(await readDeflated(file, name)))
  const texts: Record<string, (string | null)[]> = {}
  for (const [column, names] of Object.entries(contents.texts)) {
    texts[column] = []
    for (const name of names)
      for (const text of JSON.parse(fromUtf8(await readDeflated(file, name)))) texts[column].push(text)
  }
  const numbers: KeptIndex['numbers'] = {}
  for (const [column, name] of Object.entries(contents.numbers))
    numbers[column] = unpackArrays(await readDeflated(file, name))[0] as Uint32Array<ArrayBuffer>
  return { size, chapters, kept: { segments, texts, numbers } }
}

function readContents(file: IndexFile): Contents {
  try {
    return Contents.parse(JSON.parse(fromUtf8(readPiece(file, contentsName))))
  } catch {
    throw new UselessSnapshotError('its contents are damaged or of another format')
  }
}

async function readDeflated(file: IndexFile, name: string): Promise<Uint8Array> {
  return decompress(readPiece(file, name))
}

function readPiece(file: IndexFile, name: string): Uint8Array {
  const bytes = file.readChecked(name)
  if (bytes) return bytes
  throw new UselessSnapshotError(`its piece ${name} is missing or not what was written`)
}
