/** The log as the server answers for it: what is asked where not everything is held here. */
import type { Scope } from '../../shared/access.ts'
import { type EventPage, maxPageSize } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { EventIndex, type Row } from '../../shared/event-index/event-index.ts'
import { formatFilter } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'
import type { Client } from '../api/client.ts'
import { FailureError } from '../api/failure.ts'
import type { RowsAnswer, View } from './protocol.ts'
import { createSeeker, type Seeker } from './server-seek.ts'

/** Views whose cursors are remembered, and events seen in pages, which are likely to be opened next. */
const rememberedViews = 8
const rememberedEvents = 2000

export type ServerLog = ReturnType<typeof createServerLog>

export function createServerLog(client: Client, scope: Scope) {
  const seekers = new Map<string, Seeker>()
  const seen = new Map<number, AuditEvent>()

  function seekerOf(view: View): Seeker {
    const key = `${view.size} ${formatFilter(view.filter)}`
    const seeker = seekers.get(key) ?? createSeeker(client, view)
    seekers.delete(key)
    seekers.set(key, seeker)
    if (seekers.size > rememberedViews) seekers.delete(seekers.keys().next().value!)
    return seeker
  }

  function remember(events: readonly AuditEvent[]): void {
    for (const event of events) seen.set(event.index, event)
    for (const place of seen.keys()) {
      if (seen.size <= rememberedEvents) break
      seen.delete(place)
    }
  }

  return {
    async rows(view: View, range: { offset: number; limit: number }): Promise<RowsAnswer> {
      const { events, total } = await seekerOf(view).fetch(range.offset, Math.min(range.limit, maxPageSize))
      remember(events)
      return { rows: rowsOf(events, scope), total, exact: true, source: 'server' }
    },
    async total(view: View): Promise<number> {
      return (await client.events(view.filter, { limit: 1, size: view.size })).total
    },
    /** One page for an export, after the cursor of the one before. */
    page: (view: View, cursor: string | null, limit: number): Promise<EventPage> =>
      client.events(view.filter, { limit, size: view.size, cursor: cursor ?? undefined }),
    async event(place: number): Promise<AuditEvent | null> {
      const known = seen.get(place)
      if (known) return known
      try {
        return await client.event(place)
      } catch (error) {
        if (error instanceof FailureError && error.failure.status === 404) return null
        throw error
      }
    },
    /** Times of the oldest and newest event that match. */
    async timeRange(view: View): Promise<{ first: string; last: string } | null> {
      const { events, total } = await seekerOf(view).fetch(0, 1)
      if (!events[0]) return null
      const oldest = await seekerOf(view).fetch(total - 1, 1)
      return { first: (oldest.events[0] ?? events[0]).occurredAt, last: events[0].occurredAt }
    },
    /** Events seen in pages may say what the log has forgotten. */
    forget: () => seen.clear(),
    facets: client.facets,
    histogram: client.histogram,
  }
}

/** Rows as the event index draws them, so that they look the same wherever they come from. */
function rowsOf(events: readonly AuditEvent[], scope: Scope): Row[] {
  const index = new EventIndex({ segmentRows: Math.max(1, events.length) })
  index.append(events)
  return index.rows(
    events.map(event => event.index),
    scope,
  )
}

/** Milliseconds as the protocol's text. */
export function rangeText(range: { first: number; last: number } | null) {
  return range && { first: formatMoment(range.first), last: formatMoment(range.last) }
}
