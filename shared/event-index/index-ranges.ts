/** Which log indexes are held: few ranges, since events come in bundles. */
export class IndexRanges {
  /** Ascending, apart from each other; `to` is not in the range. */
  readonly ranges: { from: number; to: number }[] = []

  /** In the place of all there is: the indexes of these lists, none of them twice. */
  restore(lists: readonly Uint32Array[]): void {
    const most = lists.reduce((highest, list) => list.reduce((a, b) => Math.max(a, b), highest), -1)
    const held = new Uint8Array(most + 2)
    for (const list of lists) for (const index of list) held[index] = 1
    this.ranges.length = 0
    for (let from = held.indexOf(1); from >= 0; ) {
      const to = held.indexOf(0, from)
      this.ranges.push({ from, to })
      from = held.indexOf(1, to)
    }
  }

  has(index: number): boolean {
    const range = this.ranges[this.#after(index) - 1]
    return range !== undefined && index < range.to
  }

  /** Adds an index that is not held yet. */
  add(index: number): void {
    const place = this.#after(index)
    const before = this.ranges[place - 1]
    const after = this.ranges[place]
    if (before?.to === index && after?.from === index + 1) {
      before.to = after.to
      this.ranges.splice(place, 1)
    } else if (before?.to === index) before.to++
    else if (after?.from === index + 1) after.from--
    else this.ranges.splice(place, 0, { from: index, to: index + 1 })
  }

  /** Lets go of indexes `from` up to `to`; answers how many of them were held. */
  remove(from: number, to: number): number {
    let count = 0
    const kept = this.ranges.splice(0).flatMap(range => {
      count += Math.max(0, Math.min(range.to, to) - Math.max(range.from, from))
      const pieces = [
        { from: range.from, to: Math.min(range.to, from) },
        { from: Math.max(range.from, to), to: range.to },
      ]
      return pieces.filter(piece => piece.from < piece.to)
    })
    this.ranges.push(...kept)
    return count
  }

  /** The place of the first range that begins above the index. */
  #after(index: number): number {
    let low = 0
    let high = this.ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.ranges[middle]!.from <= index) low = middle + 1
      else high = middle
    }
    return low
  }
}
