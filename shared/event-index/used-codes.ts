/** Which codes of the vocabulary any event still has. */
import type { Segment } from './segment.ts'

type IsUsed = (code: number) => boolean

export function usedIn(
  segments: readonly Segment[],
): Record<'tuple' | 'target' | 'address' | 'changeSet', IsUsed> {
  return {
    tuple: seenIn(segments.map(({ tuples }) => tuples.keys)),
    target: seenIn(segments.map(({ targets }) => targets)),
    address: seenIn(segments.map(({ addresses }) => addresses)),
    changeSet: seenIn(segments.map(({ changeSets }) => changeSets)),
  }
}

function seenIn(columns: readonly (Uint16Array | Uint32Array)[]): IsUsed {
  let seen = new Uint8Array(1024)
  for (const column of columns) {
    for (const code of column) {
      if (code >= seen.length) {
        const wider = new Uint8Array(code * 2)
        wider.set(seen)
        seen = wider
      }
      seen[code] = 1
    }
  }
  return code => seen[code] === 1
}
