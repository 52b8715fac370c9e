/** Events as plain columns in the order of time: what segments are made of and taken apart into. */
export interface EventRows {
  length: number
  times: Float64Array
  indexes: Uint32Array
  tuples: Uint32Array
  addresses: Uint16Array | Uint32Array
  /** By row: which fields it changed, see `ChangeSets`. */
  changeSets: Uint16Array | Uint32Array
  /** The targets of row `i` are `targets[targetStarts[i]]` up to `targets[targetStarts[i + 1]]`. */
  targetStarts: Uint32Array
  targets: Uint32Array
}

function emptyRows(length: number, targets: number): EventRows {
  return {
    length: 0,
    times: new Float64Array(length),
    indexes: new Uint32Array(length),
    tuples: new Uint32Array(length),
    addresses: new Uint32Array(length),
    changeSets: new Uint32Array(length),
    targetStarts: new Uint32Array(length + 1),
    targets: new Uint32Array(targets),
  }
}

/** Events as they come in, until they are put in order. */
export class PendingRows {
  #rows: {
    time: number
    index: number
    tuple: number
    address: number
    changeSet: number
    targets: number[]
  }[] = []

  get length(): number {
    return this.#rows.length
  }

  push(row: {
    time: number
    index: number
    tuple: number
    address: number
    changeSet: number
    targets: number[]
  }) {
    this.#rows.push(row)
  }

  /** Hands over everything in order and is empty again. */
  drain(): EventRows {
    const pending = this.#rows.sort((a, b) => a.time - b.time || a.index - b.index)
    this.#rows = []
    const rows = emptyRows(
      pending.length,
      pending.reduce((sum, row) => sum + row.targets.length, 0),
    )
    for (const [place, row] of pending.entries()) {
      rows.times[place] = row.time
      rows.indexes[place] = row.index
      rows.tuples[place] = row.tuple
      rows.addresses[place] = row.address
      rows.changeSets[place] = row.changeSet
      rows.targets.set(row.targets, rows.targetStarts[place])
      rows.targetStarts[place + 1] = rows.targetStarts[place]! + row.targets.length
    }
    rows.length = pending.length
    return rows
  }
}

/** The first row at or after the place in time. */
export function firstRowFrom(rows: EventRows, time: number, index: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = rows.times[middle]!
    if (at < time || (at === time && rows.indexes[middle]! < index)) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows `from` up to `to`, without copying. */
export function sliceRows(rows: EventRows, from: number, to: number): EventRows {
  return {
    length: to - from,
    times: rows.times.subarray(from, to),
    indexes: rows.indexes.subarray(from, to),
    tuples: rows.tuples.subarray(from, to),
    addresses: rows.addresses.subarray(from, to),
    changeSets: rows.changeSets.subarray(from, to),
    // Starts keep counting from the whole's beginning, and so does `targets`.
    targetStarts: rows.targetStarts.subarray(from, to + 1),
    targets: rows.targets,
  }
}

/** Both in one order. Copies run by run: mostly one lies wholly after the other. */
export function mergeRows(a: EventRows, b: EventRows): EventRows {
  const merged = emptyRows(a.length + b.length, targetCount(a) + targetCount(b))
  let atA = 0
  let atB = 0
  while (atA < a.length || atB < b.length) {
    const endA = atB < b.length ? runEnd(a, atA, b, atB) : a.length
    appendRun(merged, a, atA, endA)
    atA = endA
    const endB = atA < a.length ? runEnd(b, atB, a, atA) : b.length
    appendRun(merged, b, atB, endB)
    atB = endB
  }
  return merged
}

/** The rows with others in the place of those of the same time and log index, all of which must be there. */
export function replaceRows(rows: EventRows, by: EventRows): EventRows {
  const replaced = emptyRows(rows.length, targetCount(rows) + targetCount(by))
  let from = 0
  for (let row = 0; row < by.length; row++) {
    const place = firstRowFrom(rows, by.times[row]!, by.indexes[row]!)
    appendRun(replaced, rows, from, place)
    appendRun(replaced, by, row, row + 1)
    from = place + 1
  }
  appendRun(replaced, rows, from, rows.length)
  return replaced
}

/** The rows without those whose log index is gone. */
export function withoutRows(rows: EventRows, isGone: (index: number) => boolean): EventRows {
  const kept = emptyRows(rows.length, targetCount(rows))
  let from = 0
  for (let row = 0; row < rows.length; row++) {
    if (!isGone(rows.indexes[row]!)) continue
    appendRun(kept, rows, from, row)
    from = row + 1
  }
  appendRun(kept, rows, from, rows.length)
  return sliceRows(kept, 0, kept.length)
}

function targetCount(rows: EventRows): number {
  return rows.targetStarts[rows.length]! - rows.targetStarts[0]!
}

/** Where the rows of `a` from `start` on stop being older than row `place` of `b`. */
function runEnd(a: EventRows, start: number, b: EventRows, place: number): number {
  const time = b.times[place]!
  const index = b.indexes[place]!
  const isOlder = (row: number) => a.times[row]! < time || (a.times[row] === time && a.indexes[row]! < index)
  // Steps that double, then halve: runs are mostly very long or very short.
  let step = 1
  let low = start
  while (low + step <= a.length && isOlder(low + step - 1)) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step - 1, a.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isOlder(middle)) low = middle + 1
    else high = middle
  }
  return low
}

function appendRun(into: EventRows, from: EventRows, start: number, end: number): void {
  if (start === end) return
  const place = into.length
  into.times.set(from.times.subarray(start, end), place)
  into.indexes.set(from.indexes.subarray(start, end), place)
  into.tuples.set(from.tuples.subarray(start, end), place)
  into.addresses.set(from.addresses.subarray(start, end), place)
  into.changeSets.set(from.changeSets.subarray(start, end), place)
  const shift = into.targetStarts[place]! - from.targetStarts[start]!
  into.targets.set(
    from.targets.subarray(from.targetStarts[start], from.targetStarts[end]),
    into.targetStarts[place],
  )
  for (let row = start; row < end; row++)
    into.targetStarts[place + row - start + 1] = from.targetStarts[row + 1]! + shift
  into.length += end - start
}
