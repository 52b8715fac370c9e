/** Rows of a segment grouped by a key: the keys that occur, ascending, each with its rows in order. */
export interface RowGroups {
  keys: Uint32Array
  /** The rows of `keys[i]` are `rows[starts[i]]` up to `rows[starts[i + 1]]`. */
  starts: Uint32Array
  rows: Uint16Array
}

/** Groups `rows[i]` under `keys[i]`; `rows` must ascend, `keyCount` lies above every key. */
export function groupRows(keys: Uint32Array, rows: Uint16Array, keyCount: number): RowGroups {
  const places = new Uint32Array(keyCount)
  let distinct = 0
  for (let i = 0; i < keys.length; i++) if (places[keys[i]!]!++ === 0) distinct++
  const present = new Uint32Array(distinct)
  const starts = new Uint32Array(distinct + 1)
  let group = 0
  let start = 0
  for (let key = 0; key < keyCount; key++) {
    const count = places[key]!
    if (count === 0) continue
    present[group] = key
    starts[group++] = start
    places[key] = start
    start += count
  }
  starts[group] = start
  const grouped = new Uint16Array(keys.length)
  for (let i = 0; i < keys.length; i++) grouped[places[keys[i]!]!++] = rows[i]!
  return { keys: present, starts, rows: grouped }
}

/** The group of a key, or -1 where no row has it. */
export function groupOf(groups: RowGroups, key: number): number {
  let low = 0
  let high = groups.keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (groups.keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return groups.keys[low] === key ? low : -1
}

/** The rows of a group, without copying. */
export function rowsOfGroup(groups: RowGroups, group: number): Uint16Array {
  return groups.rows.subarray(groups.starts[group], groups.starts[group + 1])
}

/** The first place from `start` on in ascending rows whose row is at least `row`. */
export function firstAtLeast(rows: Uint16Array, row: number, start = 0): number {
  let low = start
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}
