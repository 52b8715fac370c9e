/** Names whose latest event is gone: what the latest of those that are left calls them, else nothing but the id. */
import type { IndexRange } from '../log/removal.ts'
import type { Vocabulary } from './compiled-filter.ts'
import { tupleAt } from './segment.ts'
import type { Timeline } from './timeline.ts'

/** By code: the highest log index that names it, and the number of the name there. */
type Latest = Map<number, { index: number; name: number }>

/** To be called once the ranges' events are out of the timeline. */
export function relabel(timeline: Timeline, vocabulary: Vocabulary, gone: readonly IndexRange[]): void {
  const { tuples, targets } = vocabulary
  const actors: Latest = new Map(tuples.actorLabels.seenIn(gone).map(code => [code, none]))
  const keys: Latest = new Map(targets.labels.seenIn(gone).map(code => [code, none]))
  if (actors.size > 0 || keys.size > 0) findLatest(timeline, vocabulary, actors, keys)
  for (const [code, { index, name }] of actors)
    tuples.relabel(code, index < 0 ? null : { tuple: name, index })
  for (const [code, { index, name }] of keys)
    targets.relabel(code, index < 0 ? null : { target: name, index })
}

const none = { index: -1, name: -1 }

function findLatest(
  { segments }: Timeline,
  { tuples, targets }: Vocabulary,
  actors: Latest,
  keys: Latest,
): void {
  const actorOfTuple = tuples.fields.actor.codes.array
  const keyOfTarget = targets.keyOf.array
  for (const segment of segments) {
    for (let row = 0; row < segment.length; row++) {
      const index = segment.indexes[row]!
      const tuple = tupleAt(segment, row)
      note(actors, actorOfTuple[tuple]!, index, tuple)
      for (let at = segment.targetStarts[row]!; at < segment.targetStarts[row + 1]!; at++) {
        const target = segment.targets[at]!
        note(keys, keyOfTarget[target]!, index, target)
      }
    }
  }
}

/** Of an event that names a target twice, the last name is the one that was seen last. */
function note(latest: Latest, code: number, index: number, name: number): void {
  const known = latest.get(code)
  if (known && index >= known.index) latest.set(code, { index, name })
}
