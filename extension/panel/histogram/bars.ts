/** Where the bars stand and how high each part is, in whole pixels, so that every edge is sharp. */

/** A bucket's place in the plot, in pixels. */
export interface Slot {
  left: number
  width: number
}

/** From this width on there is room for a line between two bars. */
const gapFrom = 3

export function slotsAcross(count: number, width: number): Slot[] {
  const edge = (at: number) => Math.round((at * width) / count)
  return Array.from({ length: count }, (_, at) => ({ left: edge(at), width: edge(at + 1) - edge(at) }))
}

/** The bucket at a place, the nearest where it lies outside. */
export function bucketAt(x: number, count: number, width: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((x / width) * count)))
}

/** What occurs is seen, however rare: a bar of two pixels, a part of one. */
const leastBar = 2
const leastPart = 1

/**
 * Heights of the parts of one bar, from the bottom up. In proportion, but for parts that would be too low to be seen:
 * those are taken from the highest part, and where that has nothing to give the bar grows.
 */
export function partsOf(counts: readonly number[], highest: number, height: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return counts.map(() => 0)
  const parts = counts.map(count =>
    count === 0 ? 0 : Math.max(leastPart, Math.round((count / highest) * height)),
  )
  const wanted = Math.max(leastBar, Math.round((total / highest) * height))
  const most = counts.indexOf(Math.max(...counts))
  const others = parts.reduce((sum, part, at) => (at === most ? sum : sum + part), 0)
  parts[most] = Math.max(leastPart, wanted - others)
  return parts
}

/** One path for each series, all bars of it in one: few elements, quickly drawn. */
export function barPaths(
  series: readonly (readonly number[])[],
  slots: readonly Slot[],
  height: number,
): string[] {
  const columns = slots.map((_, at) => series.map(counts => counts[at]!))
  const highest = Math.max(1, ...columns.map(counts => counts.reduce((sum, count) => sum + count, 0)))
  const paths = series.map(() => '')
  for (const [at, { left, width }] of slots.entries()) {
    const barWidth = width >= gapFrom ? width - 1 : width
    let top = height
    for (const [i, part] of partsOf(columns[at]!, highest, height).entries()) {
      top -= part
      if (part > 0) paths[i] += `M${left} ${top}h${barWidth}v${part}h${-barWidth}z`
    }
  }
  return paths
}
