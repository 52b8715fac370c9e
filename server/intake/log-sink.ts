/** A sink into the log of this very process: events are checked here, and only good ones reach the writer. */
import type { IntakeItem } from '../../shared/api.ts'
import { ownSource } from '../../shared/audit-event.ts'
import type { ImportSink } from './import.ts'
import type { Normalise, NormalisedEvent } from './normalise.ts'

/**
 * Nobody outside may speak as Trailside itself: its source is refused.
 * `append` answers the accepted and the duplicates among checked events, in order, once they are durable.
 */
export function createLogSink(
  append: (events: NormalisedEvent[]) => Promise<readonly IntakeItem[]>,
  normalise: Normalise,
): ImportSink {
  return {
    async append(batch) {
      const checked = batch.map(input => refuseOwnSource(normalise(input)))
      const good = checked.flatMap(result => (result.ok ? [result.event] : []))
      const answers = (good.length > 0 ? await append(good) : [])[Symbol.iterator]()
      return checked.map(result => {
        if (!result.ok) return { status: 'rejected', reason: result.reason, path: result.path }
        const answer = answers.next()
        if (answer.done) throw new Error('the log answered fewer items than it was given')
        return answer.value
      })
    },
  }
}

function refuseOwnSource(result: ReturnType<Normalise>): ReturnType<Normalise> {
  if (!result.ok || result.event.source !== ownSource) return result
  return { ok: false, reason: 'is kept for what Trailside itself does', path: 'source' }
}
