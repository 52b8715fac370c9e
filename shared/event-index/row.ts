/** A list row, put together from the columns. */
import type { Scope } from '../access.ts'
import type { Channel, Outcome } from '../audit-event.ts'
import type { Vocabulary } from './compiled-filter.ts'
import type { Row } from './event-index.ts'
import { type Segment, timeAt, tupleAt } from './segment.ts'

export function rowAt(
  { segment, row }: { segment: Segment; row: number },
  { tuples, targets }: Vocabulary,
  scope: Scope,
): Row {
  const tuple = tupleAt(segment, row)
  const { id, type, label } = tuples.actorOf(tuple)
  const named = segment.targets.subarray(segment.targetStarts[row], segment.targetStarts[row + 1])
  return {
    index: segment.indexes[row]!,
    occurredAt: timeAt(segment, row),
    action: tuples.valueOf('action', tuple)!,
    area: tuples.valueOf('area', tuple)!,
    outcome: tuples.valueOf('outcome', tuple) as Outcome,
    channel: tuples.valueOf('channel', tuple) as Channel | null,
    actor: { id, type, label: scope.personal ? label : id },
    targets: Array.from(named, target => targets.named(target)),
    changed: segment.changeSets[row] !== 0,
  }
}
