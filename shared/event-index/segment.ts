/**
 * A segment: up to 65,536 events next to each other in time, as exact typed arrays that are never changed.
 * Rows are numbered in the order of time, so two bytes name a row and a time range is a row range.
 */
import type { EventRows } from './event-rows.ts'
import { groupRows, type RowGroups } from './row-groups.ts'

export const maxSegmentRows = 65_536

export interface Segment {
  length: number
  /** `base + offsets[row]` is a row's time in ms. Half the size wherever the segment spans less than 49 days. */
  base: number
  offsets: Uint32Array | Float64Array
  indexes: Uint32Array
  lowestIndex: number
  highestIndex: number
  tuples: RowGroups
  /** By row: its group in `tuples`. */
  tupleGroups: Uint16Array
  /** Two bytes wherever the numbers fit. */
  addresses: Uint16Array | Uint32Array
  changeSets: Uint16Array | Uint32Array
  targetStarts: Uint32Array
  targets: Uint32Array
  /** By target key, an event once even where it names a target twice. */
  targetKeys: RowGroups
}

export interface SegmentSizes {
  tuples: number
  targetKeys: number
  /** The key's code by named target. */
  keyOfTarget: Uint32Array
}

export function makeSegment(rows: EventRows, sizes: SegmentSizes): Segment {
  const { length } = rows
  const tuples = groupRows(rows.tuples, rowNumbers(length), sizes.tuples)
  const indexes = rows.indexes.slice()
  return {
    length,
    ...shortTimes(rows.times),
    indexes,
    ...extremes(indexes),
    tuples,
    tupleGroups: groupsByRow(tuples, length),
    addresses: shortCodes(rows.addresses),
    changeSets: shortCodes(rows.changeSets),
    ...ownTargets(rows),
    targetKeys: groupByTargetKey(rows, sizes),
  }
}

function rowNumbers(length: number): Uint16Array {
  const rows = new Uint16Array(length)
  for (let row = 0; row < length; row++) rows[row] = row
  return rows
}

function shortTimes(times: Float64Array): Pick<Segment, 'base' | 'offsets'> {
  const base = times[0]!
  const isShort = times[times.length - 1]! - base < 2 ** 32
  const offsets = isShort ? new Uint32Array(times.length) : new Float64Array(times.length)
  for (let row = 0; row < times.length; row++) offsets[row] = times[row]! - base
  return { base, offsets }
}

function extremes(indexes: Uint32Array): Pick<Segment, 'lowestIndex' | 'highestIndex'> {
  let lowestIndex = indexes[0]!
  let highestIndex = lowestIndex
  for (let row = 1; row < indexes.length; row++) {
    if (indexes[row]! < lowestIndex) lowestIndex = indexes[row]!
    else if (indexes[row]! > highestIndex) highestIndex = indexes[row]!
  }
  return { lowestIndex, highestIndex }
}

function shortCodes(codes: Uint16Array | Uint32Array): Uint16Array | Uint32Array {
  for (let row = 0; row < codes.length; row++) if (codes[row]! > 0xffff) return Uint32Array.from(codes)
  return Uint16Array.from(codes)
}

function ownTargets({ length, targetStarts, targets }: EventRows): Pick<Segment, 'targetStarts' | 'targets'> {
  const first = targetStarts[0]!
  const starts = new Uint32Array(length + 1)
  for (let row = 0; row <= length; row++) starts[row] = targetStarts[row]! - first
  return { targetStarts: starts, targets: targets.slice(first, targetStarts[length]) }
}

function groupsByRow(groups: RowGroups, length: number): Uint16Array {
  const byRow = new Uint16Array(length)
  for (let group = 0; group < groups.keys.length; group++) {
    for (let at = groups.starts[group]!; at < groups.starts[group + 1]!; at++) byRow[groups.rows[at]!] = group
  }
  return byRow
}

function groupByTargetKey(rows: EventRows, sizes: SegmentSizes): RowGroups {
  const most = rows.targetStarts[rows.length]! - rows.targetStarts[0]!
  const keys = new Uint32Array(most)
  const rowOfKey = new Uint16Array(most)
  let count = 0
  for (let row = 0; row < rows.length; row++) {
    const first = count
    for (let at = rows.targetStarts[row]!; at < rows.targetStarts[row + 1]!; at++) {
      const key = sizes.keyOfTarget[rows.targets[at]!]!
      if (holds(keys, first, count, key)) continue
      keys[count] = key
      rowOfKey[count++] = row
    }
  }
  return groupRows(keys.subarray(0, count), rowOfKey.subarray(0, count), sizes.targetKeys)
}

function holds(keys: Uint32Array, from: number, to: number, key: number): boolean {
  for (let at = from; at < to; at++) if (keys[at] === key) return true
  return false
}

/** The columns that the segment was made from. */
export function rowsOfSegment(segment: Segment): EventRows {
  const { length, base } = segment
  const times = new Float64Array(length)
  const tuples = new Uint32Array(length)
  for (let row = 0; row < length; row++) {
    times[row] = base + segment.offsets[row]!
    tuples[row] = tupleAt(segment, row)
  }
  const { indexes, addresses, changeSets, targetStarts, targets } = segment
  return { length, times, indexes, tuples, addresses, changeSets, targetStarts, targets }
}

export function timeAt(segment: Segment, row: number): number {
  return segment.base + segment.offsets[row]!
}

export function tupleAt(segment: Segment, row: number): number {
  return segment.tuples.keys[segment.tupleGroups[row]!]!
}

/** The first row at or after the place in time; `length` where there is none. */
export function rowFrom(segment: Segment, time: number, index: number): number {
  const offset = time - segment.base
  let low = 0
  let high = segment.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = segment.offsets[middle]!
    if (at < offset || (at === offset && segment.indexes[middle]! < index)) low = middle + 1
    else high = middle
  }
  return low
}
