/**
 * Jumps anywhere in a list that the server pages by cursor. Cursors met on the way are remembered; a far jump asks the
 * histogram for the moment at which that row lies and starts a page there: a few small requests, however long the list.
 */
import { maxPageSize } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { Filter } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'
import type { Client } from '../api/client.ts'
import type { View } from './protocol.ts'

/** A place in the list from which pages can be read. */
interface Anchor {
  offset: number
  /** The view's filter, ending at an earlier moment where the anchor was found by time. */
  filter: Filter
  cursor: string | undefined
}

export interface Seeker {
  fetch(offset: number, limit: number): Promise<{ events: AuditEvent[]; total: number }>
}

const buckets = 400
/** The year 0: no moment is before it. */
const earliestMs = -62_167_219_200_000
/** A cursor is tied to the filter it came with, and costs a page of events a step: so far it is walked. */
const walkRows = maxPageSize

export function createSeeker(client: Pick<Client, 'events' | 'histogram'>, view: View): Seeker {
  const anchors: Anchor[] = [{ offset: 0, filter: view.filter, cursor: undefined }]
  let total: number | null = null

  async function page(from: Anchor, limit: number): Promise<AuditEvent[]> {
    const { filter, cursor, offset } = from
    const answer = await client.events(filter, { cursor, limit, size: view.size })
    if (filter === view.filter) total = answer.total
    if (answer.nextCursor !== null) {
      remember({ offset: offset + answer.events.length, filter, cursor: answer.nextCursor })
    }
    return answer.events
  }

  function remember(anchor: Anchor): void {
    if (!anchors.some(known => known.offset === anchor.offset)) anchors.push(anchor)
  }

  function nearest(offset: number): Anchor {
    return anchors.reduce((best, anchor) =>
      anchor.offset <= offset && anchor.offset > best.offset ? anchor : best,
    )
  }

  async function knownTotal(): Promise<number> {
    if (total === null) await page(anchors[0]!, 1)
    return total!
  }

  async function leap(offset: number): Promise<Anchor> {
    const [newest] = await page(anchors[0]!, 1)
    const found = newest && (await findMoment(client, view, offset, Date.parse(newest.occurredAt) + 1))
    if (!found) return nearest(offset)
    const filter = { ...view.filter, to: formatMoment(found.before) }
    remember({ offset: found.offset, filter, cursor: undefined })
    return nearest(offset)
  }

  return {
    async fetch(offset, limit) {
      // The first page tells the total by itself; only a jump must ask before.
      if (offset > 0 && offset >= (await knownTotal())) return { events: [], total: await knownTotal() }
      let anchor = nearest(offset)
      if (offset - anchor.offset > walkRows) anchor = await leap(offset)
      const events: AuditEvent[] = []
      while (events.length < limit) {
        const skip = Math.max(0, offset - anchor.offset)
        const got = await page(anchor, Math.min(maxPageSize, skip + limit - events.length))
        events.push(...got.slice(skip))
        const next = anchors.find(known => known.offset === anchor.offset + got.length)
        if (got.length === 0 || !next) break
        anchor = next
      }
      return { events: events.slice(0, limit), total: await knownTotal() }
    },
  }
}

/**
 * A moment, and how many matching events are not before it: at most `offset`, and as close as a page where times
 * differ. Null where nothing lies there.
 */
async function findMoment(
  client: Pick<Client, 'histogram'>,
  view: View,
  offset: number,
  newestEnd: number,
): Promise<{ before: number; offset: number } | null> {
  let [start, end, passed] = [earliestMs, newestEnd, 0]
  for (;;) {
    const starts = bucketStarts(start, end)
    const { counts } = await client.histogram(view.filter, { starts, end, size: view.size })
    let bucket = starts.length - 1
    while (bucket >= 0 && passed + counts[bucket]! <= offset) passed += counts[bucket--]!
    if (bucket < 0) return null
    const before: number = starts[bucket + 1] ?? end
    if (counts[bucket]! <= walkRows || before - starts[bucket]! === 1) return { before, offset: passed }
    start = starts[bucket]!
    end = before
  }
}

function bucketStarts(start: number, end: number): number[] {
  const step = Math.max(1, Math.ceil((end - start) / buckets))
  return Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step)
}
