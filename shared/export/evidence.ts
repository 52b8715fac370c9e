/** What proves the rows of a part: a file of one line of JSON a row, in the part's order. */
import type { Json } from '../json.ts'
import { fromUtf8 } from '../log/bytes.ts'
import type { Disclosure } from '../log/leaf.ts'
import { ExportFinding } from './finding.ts'

export interface EvidenceRow {
  /** The place in the log. */
  readonly index: number
  /** The leaf as text: its UTF-8 is what was hashed. */
  readonly leaf: string
  /** Those that this reader was given. */
  readonly disclosures: readonly Disclosure[]
  /** Fields withheld because they were erased. Nothing here proves it: the log's erasure events do. */
  readonly erased: readonly string[]
}

/** `{"i":884,"leaf":"{…}","d":[{"name":…,"salt":…,"value":…}]}`, and `"erased":[…]` where something was. */
export function formatEvidence(rows: readonly EvidenceRow[]): Uint8Array<ArrayBuffer> {
  const lines = rows.map(({ index, leaf, disclosures, erased }) => {
    const d = disclosures.map(({ name, salt, value }) => ({ name, salt, value }))
    const line = { i: index, leaf, d, ...(erased.length > 0 ? { erased } : {}) }
    return `${JSON.stringify(line)}\n`
  })
  return new TextEncoder().encode(lines.join(''))
}

/** The rows, one after the other. Throws `ExportFinding` malformed, naming the line. */
export function* parseEvidence(file: string, bytes: Uint8Array): Generator<EvidenceRow> {
  let line = 0
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at)
    const place = { file, line: ++line }
    if (end < 0) throw new ExportFinding('malformed', place, 'The last line has no end')
    const row = parseRow(bytes.subarray(at, end))
    if (!row) throw new ExportFinding('malformed', place, 'This is no line of evidence')
    yield row
    at = end + 1
  }
}

function parseRow(bytes: Uint8Array): EvidenceRow | null {
  try {
    const line: Json = JSON.parse(fromUtf8(bytes))
    if (!isObject(line)) return null
    const { i, leaf, d, erased = [] } = line
    if (Object.keys(line).length !== ('erased' in line ? 4 : 3)) return null
    if (!Number.isSafeInteger(i) || typeof leaf !== 'string') return null
    if (!Array.isArray(d) || !d.every(isDisclosure) || !isTexts(erased)) return null
    return { index: i as number, leaf, disclosures: d as unknown as Disclosure[], erased }
  } catch {
    return null
  }
}

function isDisclosure(value: Json): boolean {
  if (!isObject(value) || Object.keys(value).length !== 3) return false
  return typeof value.name === 'string' && typeof value.salt === 'string' && value.value !== undefined
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
