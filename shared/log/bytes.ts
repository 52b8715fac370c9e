/** Byte strings and the strict text encodings of the log's formats. A decoder accepts only what its encoder writes. */
import { LogError } from './errors.ts'

const BASE64 = digitPairs('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const BASE64_URL = digitPairs('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const encoder = new TextEncoder()
// ignoreBOM keeps a leading U+FEFF in the text, so that two byte strings never decode to one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a well-formed string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Writes the UTF-8 of a well-formed string, for which there must be room; returns how many bytes it took. */
export function utf8Into(text: string, target: Uint8Array): number {
  return encoder.encodeInto(text, target).written
}

/** The text of UTF-8 bytes. Throws `encoding_malformed` for anything that is not valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new LogError('encoding_malformed', 'not valid UTF-8')
  }
}

/** Byte equality; not constant-time, since nothing here compares secrets. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** One new array of all parts, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let out = ''
  for (let i = 0; i < bytes.length; i++) out += HEX[bytes[i]!]
  return out
}

/** Bytes of lower-case hexadecimal. Throws `encoding_malformed`. */
export function fromHex(text: string): Uint8Array {
  const out = new Uint8Array(Math.floor(text.length / 2))
  if (text.length % 2 !== 0 || !hexInto(text, out)) {
    throw new LogError('encoding_malformed', 'not lower-case hexadecimal')
  }
  return out
}

/** Fills `target` from the text's first digits, two a byte. False, with some bytes written, for anything else. */
export function hexInto(text: string, target: Uint8Array): boolean {
  for (let i = 0; i < target.length; i++) {
    const byte = (hexDigit(text, 2 * i) << 4) | hexDigit(text, 2 * i + 1)
    if (byte < 0) return false
    target[i] = byte
  }
  return true
}

/** Below 0 for what is no digit: 0 to 9 are 48 to 57, a to f are 97 to 102. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -1
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  const digits = base64Digits(bytes, BASE64)
  return digits + '='.repeat((4 - (digits.length % 4)) % 4)
}

/** URL-safe base64 without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return base64Digits(bytes, BASE64_URL)
}

/** Bytes of padded standard base64; other spellings of the same bytes are refused. Throws `encoding_malformed`. */
export function fromBase64(text: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    throw new LogError('encoding_malformed', 'not base64')
  }
  // atob forgives white space, missing padding and stray trailing bits; comparing the re-encoding does not.
  if (toBase64(bytes) !== text) throw new LogError('encoding_malformed', 'not canonical base64')
  return bytes
}

/** The digits of 12 bits, which are half as many pieces to put together as single digits. */
function digitPairs(alphabet: string): readonly string[] {
  return Array.from({ length: 4096 }, (_, bits) => alphabet[bits >> 6]! + alphabet[bits & 63]!)
}

function base64Digits(bytes: Uint8Array, pairs: readonly string[]): string {
  const { length } = bytes
  let out = ''
  let i = 0
  for (; i + 2 < length; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    out += pairs[group >> 12]! + pairs[group & 4095]!
  }
  if (length - i === 1) out += pairs[bytes[i]! << 4]!
  if (length - i === 2) {
    const bits = (bytes[i]! << 10) | (bytes[i + 1]! << 2)
    out += pairs[bits >> 6]! + pairs[(bits & 63) << 6]![0]!
  }
  return out
}
