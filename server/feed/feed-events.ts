/** What Trailside says in the log about its sources, beside what people change about them. */
import { randomUUID } from 'node:crypto'
import { type NewEventInput, ownSource } from '../../shared/audit-event.ts'
import type { Json } from '../../shared/json.ts'
import { formatMoment } from '../../shared/time.ts'
import type { Place } from './place.ts'
import { hasStopped } from './setback.ts'

export interface NamedSource {
  id: string
  name: string
}

/** By nobody: the feed itself noticed it. */
export function feedEvent(
  action: string,
  targets: NonNullable<NewEventInput['targets']>,
  at: number,
  metadata: Record<string, Json> = {},
): NewEventInput {
  return {
    id: randomUUID(),
    source: ownSource,
    occurredAt: formatMoment(at),
    action,
    actor: { type: 'service', id: 'trailside-feed', name: 'Trailside feed' },
    targets,
    outcome: action === 'source.stopped' ? 'failure' : 'success',
    context: { channel: 'background' },
    metadata,
  }
}

export function sourceTarget({ id, name }: NamedSource) {
  return { type: 'source', id, name }
}

/** Each once: that a source stopped, that it is back, that entries are missing, that they came. Answers the place that knows it. */
export function tell(
  source: NamedSource,
  before: Place,
  after: Place,
  now: number,
): { place: Place; events: NewEventInput[] } {
  const targets = [sourceTarget(source)]
  const events: NewEventInput[] = []
  const { trouble } = after
  if (!after.stopTold && hasStopped(after) && trouble) {
    const since = formatMoment(after.failingSince ?? now)
    events.push(
      feedEvent('source.stopped', targets, now, { code: trouble.code, detail: trouble.detail, since }),
    )
  }
  if (after.stopTold && after.failures === 0) {
    const since = before.failingSince === null ? null : formatMoment(before.failingSince)
    events.push(feedEvent('source.recovered', targets, now, { stoppedSince: since }))
  }
  if (after.gap && !before.gap)
    events.push(feedEvent('source.gap_found', targets, now, { missing: after.gap.missing }))
  if (!after.gap && before.gap) events.push(feedEvent('source.gap_closed', targets, now))
  return {
    place: { ...after, stopTold: hasStopped(after) || (after.stopTold && after.failures > 0) },
    events,
  }
}
