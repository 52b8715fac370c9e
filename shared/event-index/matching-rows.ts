/** Which rows of a span a query finds, and how many. Text is looked up last, by whoever needs it. */
import { asksForTuplesOnly, type RowQuery } from './compiled-filter.ts'
import { firstAtLeast, groupOf, rowsOfGroup } from './row-groups.ts'
import type { Segment } from './segment.ts'
import type { TextMatcher } from './text-matcher.ts'
import type { Span } from './timeline.ts'

/** Below this share of a span's rows, gathering and sorting the wanted groups' rows beats a look at every row. */
const sparseShare = 1 / 16

/** The span's rows that fit everything, text included, ascending. */
export function matchingRows(span: Span, query: RowQuery): Uint16Array {
  const rows = rowsBeforeText(span, query)
  return query.text ? holdingText(rows, span.segment, query.text) : rows
}

/** The span's rows that fit everything but the text, ascending. */
export function rowsBeforeText(span: Span, query: RowQuery): Uint16Array {
  const { segment } = span
  let rows = query.targets?.include ? rowsOnTargets(span, query) : rowsOfTuples(span, query)
  if (rows.length && query.targets?.exclude.length) rows = withoutTargets(rows, span, query.targets.exclude)
  if (rows.length && query.addresses) rows = withAdmitted(rows, segment.addresses, query.addresses)
  if (rows.length && query.changeSets) rows = withAdmitted(rows, segment.changeSets, query.changeSets)
  if (rows.length && segment.highestIndex >= query.size) rows = belowSize(rows, segment, query.size)
  return rows
}

export function countMatching(span: Span, query: RowQuery): number {
  return countPieces([span], query)[0]!
}

/** How many rows match in each piece of one segment; pieces ascend and do not overlap. */
export function countPieces(pieces: readonly Span[], query: RowQuery): number[] {
  const { segment } = pieces[0]!
  if (!asksForTuplesOnly(query) || segment.highestIndex >= query.size) return countRowsOf(pieces, query)
  if (query.tuples === null) return pieces.map(({ from, to }) => to - from)
  const wanted = wantedGroups(segment, query.tuples)
  if (pieces.length === 1 && pieces[0]!.to - pieces[0]!.from === segment.length) return [wanted.rows]
  if (wanted.rows < segment.length * sparseShare) return countRowsOf(pieces, query)
  return pieces.map(piece => countWanted(piece, wanted.groups))
}

function countRowsOf(pieces: readonly Span[], query: RowQuery): number[] {
  const rows = matchingRows({ ...pieces[0]!, to: pieces.at(-1)!.to }, query)
  return pieces.map(piece => firstAtLeast(rows, piece.to) - firstAtLeast(rows, piece.from))
}

/** Adds without writing rows down, which is three times as fast. */
function countWanted({ segment, from, to }: Span, groups: Uint8Array): number {
  const { tupleGroups } = segment
  let count = 0
  for (let row = from; row < to; row++) count += groups[tupleGroups[row]!]!
  return count
}

/** By group of the segment 1 where its tuple is wanted, and how many rows those groups have. */
export function wantedGroups(segment: Segment, tuples: Uint8Array): { groups: Uint8Array; rows: number } {
  const { keys, starts } = segment.tuples
  const groups = new Uint8Array(keys.length)
  let rows = 0
  for (let group = 0; group < keys.length; group++) {
    if (tuples[keys[group]!] === 0) continue
    groups[group] = 1
    rows += starts[group + 1]! - starts[group]!
  }
  return { groups, rows }
}

function rowsOfTuples({ segment, from, to }: Span, query: RowQuery): Uint16Array {
  if (query.tuples === null) return rowRange(from, to)
  const wanted = wantedGroups(segment, query.tuples)
  if (wanted.rows === 0) return new Uint16Array(0)
  if (wanted.rows === segment.length) return rowRange(from, to)
  return wanted.rows < (to - from) * sparseShare
    ? gathered(segment, wanted, from, to)
    : scanned(segment, wanted.groups, from, to)
}

function rowRange(from: number, to: number): Uint16Array {
  const rows = new Uint16Array(to - from)
  for (let i = 0; i < rows.length; i++) rows[i] = from + i
  return rows
}

function gathered(
  segment: Segment,
  wanted: { groups: Uint8Array; rows: number },
  from: number,
  to: number,
): Uint16Array {
  const rows = new Uint16Array(wanted.rows)
  let count = 0
  for (let group = 0; group < wanted.groups.length; group++) {
    if (wanted.groups[group] === 0) continue
    for (let at = segment.tuples.starts[group]!; at < segment.tuples.starts[group + 1]!; at++) {
      const row = segment.tuples.rows[at]!
      if (row >= from && row < to) rows[count++] = row
    }
  }
  return rows.subarray(0, count).sort()
}

function scanned(segment: Segment, groups: Uint8Array, from: number, to: number): Uint16Array {
  const { tupleGroups } = segment
  const rows = new Uint16Array(to - from)
  let count = 0
  for (let row = from; row < to; row++) {
    rows[count] = row
    count += groups[tupleGroups[row]!]!
  }
  return rows.subarray(0, count)
}

function rowsOnTargets(span: Span, query: RowQuery): Uint16Array {
  const rows = unionOfTargets(span, query.targets!.include!)
  const { tuples } = query
  if (tuples === null || rows.length === 0) return rows
  const { tupleGroups } = span.segment
  const { keys } = span.segment.tuples
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    rows[count] = row
    count += tuples[keys[tupleGroups[row]!]!]!
  }
  return rows.subarray(0, count)
}

/** Rows on any of the targets, each once, as a copy. */
function unionOfTargets({ segment, from, to }: Span, keys: number[]): Uint16Array {
  const lists: Uint16Array[] = []
  for (const key of keys) {
    const group = groupOf(segment.targetKeys, key)
    if (group >= 0) lists.push(rowsOfGroup(segment.targetKeys, group))
  }
  if (lists.length === 0) return new Uint16Array(0)
  const within = lists.map(list => list.subarray(firstAtLeast(list, from), firstAtLeast(list, to)))
  if (within.length === 1) return within[0]!.slice()
  const total = within.reduce((sum, list) => sum + list.length, 0)
  return total < (to - from) * sparseShare ? sortedUnion(within, total) : markedRows(segment, within)
}

function sortedUnion(lists: Uint16Array[], total: number): Uint16Array {
  const rows = new Uint16Array(total)
  let count = 0
  for (const list of lists) {
    rows.set(list, count)
    count += list.length
  }
  rows.sort()
  let kept = 0
  for (let i = 0; i < total; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[kept++] = rows[i]!
  return rows.subarray(0, kept)
}

function markedRows(segment: Segment, lists: Uint16Array[]): Uint16Array {
  const marked = markedIn(segment, lists)
  const rows = new Uint16Array(segment.length)
  let count = 0
  for (let row = 0; row < marked.length; row++) {
    rows[count] = row
    count += marked[row]!
  }
  return rows.subarray(0, count)
}

function withoutTargets(rows: Uint16Array, { segment }: Span, keys: number[]): Uint16Array {
  const groups = keys.map(key => groupOf(segment.targetKeys, key)).filter(group => group >= 0)
  const lists = groups.map(group => rowsOfGroup(segment.targetKeys, group))
  return lists.length ? keepMarked(rows, markedIn(segment, lists), 0) : rows
}

/** By row 1 where any of the lists has it. */
function markedIn(segment: Segment, lists: Uint16Array[]): Uint8Array {
  const marked = new Uint8Array(segment.length)
  for (const list of lists) for (let i = 0; i < list.length; i++) marked[list[i]!] = 1
  return marked
}

// What follows narrows rows in place: they are always a copy of their own. Plain loops, since
// `filter` of typed arrays takes ten times as long and these see every row of the log.

function keepMarked(rows: Uint16Array, marked: Uint8Array, mark: 0 | 1): Uint16Array {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (marked[row] === mark) rows[count++] = row
  }
  return rows.subarray(0, count)
}

/** Rows whose code is let through. */
function withAdmitted(
  rows: Uint16Array,
  codes: Uint16Array | Uint32Array,
  admitted: Uint8Array,
): Uint16Array {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (admitted[codes[row]!] === 1) rows[count++] = row
  }
  return rows.subarray(0, count)
}

function belowSize(rows: Uint16Array, segment: Segment, size: number): Uint16Array {
  if (segment.lowestIndex >= size) return rows.subarray(0, 0)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (segment.indexes[row]! < size) rows[count++] = row
  }
  return rows.subarray(0, count)
}

/** From one row in so many on, all of the segment are looked at once and for all that is asked after this. */
const wholeShare = 2

function holdingText(rows: Uint16Array, segment: Segment, text: TextMatcher): Uint16Array {
  let count = 0
  if (rows.length * wholeShare >= segment.length) {
    const fitting = text.fitting(segment)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      rows[count] = row
      count += (fitting[row >>> 5]! >>> (row & 31)) & 1
    }
    return rows.subarray(0, count)
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (text.holds(segment, row)) rows[count++] = row
  }
  return rows.subarray(0, count)
}
