/** A segment's columns as bytes, without what is quickly grouped again. */
import type { EventRows } from './event-rows.ts'
import { packArrays, unpackArrays } from './packed-arrays.ts'
import type { Segment } from './segment.ts'

export function encodeSegment(segment: Segment): Uint8Array<ArrayBuffer> {
  const { base, offsets, indexes, tuples, tupleGroups, addresses, changeSets, targetStarts, targets } =
    segment
  return packArrays([
    ...[Float64Array.of(base), offsets, indexes, tuples.keys, tupleGroups, addresses, changeSets],
    ...[targetCounts(targetStarts), targets],
  ])
}

/** @throws {RangeError | SyntaxError} for bytes that are none */
export function decodeSegment(bytes: Uint8Array): EventRows {
  const [base, offsets, indexes, keys, groups, addresses, changeSets, counts, targets] = unpackArrays(bytes)
  const length = indexes!.length
  const times = new Float64Array(length)
  const tuples = new Uint32Array(length)
  const targetStarts = new Uint32Array(length + 1)
  for (let row = 0; row < length; row++) {
    times[row] = base![0]! + offsets![row]!
    tuples[row] = keys![groups![row]!]!
    targetStarts[row + 1] = targetStarts[row]! + counts![row]!
  }
  return {
    ...{ length, times, tuples, targetStarts, indexes: indexes as Uint32Array },
    addresses: addresses as Uint16Array,
    changeSets: changeSets as Uint16Array,
    targets: targets as Uint32Array,
  }
}

function targetCounts(starts: Uint32Array): Uint8Array | Uint32Array {
  const counts = new Uint32Array(starts.length - 1)
  let most = 0
  for (let row = 0; row < counts.length; row++) {
    counts[row] = starts[row + 1]! - starts[row]!
    most = Math.max(most, counts[row]!)
  }
  return most < 256 ? Uint8Array.from(counts) : counts
}
