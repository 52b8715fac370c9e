/** Which product's export a file is, by how it begins: a dropped file brings no more than a name. */
import { foldName } from './columns.ts'
import type { FormatName } from './formats.ts'

/** Enough for any header, and for the first records of a list. */
const headBytes = 16 * 1024

/** `own` is an export of Trailside itself; null is none of those known. */
export function detectFormat(bytes: Uint8Array): FormatName | 'own' | null {
  const text = headOf(bytes).trimStart()
  if (/^[[{]/.test(text)) {
    if (/"receivedAt"\s*:/.test(text)) return 'own'
    return /"(EndpointType|TotalItemCount)"\s*:/.test(text) ? 'enterprise-json' : 'platform-json'
  }
  const [header = ''] = text.split(/\r?\n/, 1)
  const names = header.split(/[,;|\t]/).map(cell => foldName(cell.replaceAll('"', '')))
  if (names.includes('logindex')) return 'own'
  if (names.includes('endpointtype')) return 'enterprise-csv'
  const has = (pattern: RegExp) => names.some(name => pattern.test(name))
  return names.length > 1 && has(/^(action|activity|event|operation)/) && has(/date|time|created|when/)
    ? 'platform-csv'
    : null
}

function headOf(bytes: Uint8Array): string {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes.subarray(0, headBytes))
}
