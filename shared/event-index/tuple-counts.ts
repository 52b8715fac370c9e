/** Counts by tuple, by target key and by set of changed fields: facets are sums of these. */
import type { CompiledFilter, RowQuery } from './compiled-filter.ts'
import { matchingRows, wantedGroups } from './matching-rows.ts'
import type { RowGroups } from './row-groups.ts'
import type { Segment } from './segment.ts'
import { countsAsWhole, isWhole, stretchesOf, type WholeSegments } from './stretches.ts'
import type { Span, Timeline } from './timeline.ts'
import type { TupleSums } from './tuple-sums.ts'

/** By tuple: how many rows match. */
export function countByTuple(timeline: Timeline, filter: CompiledFilter, tuples: number): Uint32Array {
  const counts = new Uint32Array(tuples)
  for (const stretch of stretchesOf(timeline, filter)) {
    if (isWhole(stretch)) addBetween(timeline.sums, stretch, counts)
    else addTuplesOfRows(stretch, filter.rows, counts)
  }
  return counts
}

/** By code of a target key: how many matching events are on it. `keyOfTarget` is the key's code by named target. */
export function countByTargetKey(
  timeline: Timeline,
  { rows, lower, upper }: CompiledFilter,
  keys: number,
  keyOfTarget: Uint32Array,
): Uint32Array {
  const counts = new Uint32Array(keys)
  for (const span of timeline.spans(lower, upper)) {
    if (countsAsWhole(span, rows) && admitsAll(span.segment, rows)) addGroups(span.segment.targetKeys, counts)
    else addTargetsOfRows(span, rows, keyOfTarget, counts)
  }
  return counts
}

/** By set of changed fields: how many rows match. */
export function countByChangeSet(
  timeline: Timeline,
  { rows, lower, upper }: CompiledFilter,
  sets: number,
): Uint32Array {
  const counts = new Uint32Array(sets)
  for (const span of timeline.spans(lower, upper)) {
    const { changeSets } = span.segment
    const found = matchingRows(span, rows)
    for (let i = 0; i < found.length; i++) counts[changeSets[found[i]!]!]!++
  }
  return counts
}

/** Counts unwanted tuples too: those that are left out are left out when fields are summed. */
function addBetween(sums: TupleSums, { from, to }: WholeSegments, counts: Uint32Array): void {
  const upper = sums.upTo(to)
  const lower = sums.upTo(from)
  for (let tuple = 0; tuple < upper.length; tuple++) counts[tuple]! += upper[tuple]! - (lower[tuple] ?? 0)
}

function admitsAll(segment: Segment, { tuples }: RowQuery): boolean {
  return tuples === null || wantedGroups(segment, tuples).rows === segment.length
}

function addGroups({ keys, starts }: RowGroups, counts: Uint32Array): void {
  for (let group = 0; group < keys.length; group++)
    counts[keys[group]!]! += starts[group + 1]! - starts[group]!
}

function addTuplesOfRows(span: Span, query: RowQuery, counts: Uint32Array): void {
  const { tupleGroups, tuples } = span.segment
  const rows = matchingRows(span, query)
  for (let i = 0; i < rows.length; i++) counts[tuples.keys[tupleGroups[rows[i]!]!]!]!++
}

function addTargetsOfRows(span: Span, query: RowQuery, keyOfTarget: Uint32Array, counts: Uint32Array): void {
  const rows = matchingRows(span, query)
  if (rows.length * denseShare > span.segment.length) addMarkedTargets(span.segment, rows, counts)
  else for (let i = 0; i < rows.length; i++) addTargetsOfRow(span.segment, rows[i]!, keyOfTarget, counts)
}

/** From one row in so many on, a walk over all targets' rows is quicker than one over the rows' targets. */
const denseShare = 8

function addMarkedTargets({ length, targetKeys }: Segment, rows: Uint16Array, counts: Uint32Array): void {
  const marked = new Uint8Array(length)
  for (let i = 0; i < rows.length; i++) marked[rows[i]!] = 1
  for (let group = 0; group < targetKeys.keys.length; group++) {
    let count = 0
    const end = targetKeys.starts[group + 1]!
    for (let at = targetKeys.starts[group]!; at < end; at++) count += marked[targetKeys.rows[at]!]!
    counts[targetKeys.keys[group]!]! += count
  }
}

function addTargetsOfRow(
  { targetStarts, targets }: Segment,
  row: number,
  keyOfTarget: Uint32Array,
  counts: Uint32Array,
): void {
  const first = targetStarts[row]!
  const end = targetStarts[row + 1]!
  for (let at = first; at < end; at++) {
    const key = keyOfTarget[targets[at]!]!
    if (!isNamedBefore(targets, keyOfTarget, first, at, key)) counts[key]!++
  }
}

/** Whether the event is on the target already, under another name perhaps. */
function isNamedBefore(
  targets: Uint32Array,
  keyOfTarget: Uint32Array,
  from: number,
  to: number,
  key: number,
): boolean {
  for (let at = from; at < to; at++) if (keyOfTarget[targets[at]!] === key) return true
  return false
}
