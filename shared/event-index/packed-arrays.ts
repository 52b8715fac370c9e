/** Typed arrays as bytes and back: kinds and lengths as JSON, then each array at a multiple of eight. */
import { fromUtf8, utf8 } from '../log/bytes.ts'

const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array }
type Kind = keyof typeof kinds
export type PackableArray = Uint8Array | Uint16Array | Uint32Array | Float64Array

function kindOf(array: PackableArray): Kind {
  return `${array instanceof Float64Array ? 'f' : 'u'}${array.BYTES_PER_ELEMENT * 8}` as Kind
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8
}

export function packArrays(arrays: readonly PackableArray[]): Uint8Array<ArrayBuffer> {
  const header = utf8(JSON.stringify(arrays.map(array => [kindOf(array), array.length])))
  const start = aligned(4 + header.length)
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + aligned(array.byteLength), start))
  new DataView(bytes.buffer).setUint32(0, header.length)
  bytes.set(header, 4)
  let place = start
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), place)
    place += aligned(byteLength)
  }
  return bytes
}

/** @throws {RangeError | SyntaxError} for bytes that are none */
export function unpackArrays(bytes: Uint8Array): PackableArray[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = view.getUint32(0)
  const header = JSON.parse(fromUtf8(bytes.subarray(4, 4 + headerLength))) as [Kind, number][]
  let place = aligned(4 + headerLength)
  return header.map(([kind, length]) => {
    const { BYTES_PER_ELEMENT } = kinds[kind]
    const end = place + length * BYTES_PER_ELEMENT
    if (end > bytes.length) throw new RangeError('packed arrays end too early')
    // A copy of its own, at whatever place the bytes lie.
    const array = new kinds[kind](new Uint8Array(bytes.subarray(place, end)).buffer)
    place = aligned(end)
    return array
  })
}
