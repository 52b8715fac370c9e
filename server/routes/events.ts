/** Events out: pages, one event, facets and histogram, all from the event index. */
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { type Scope, scopeOf } from '../../shared/access.ts'
import { EventPage, Facets, Histogram, maxPageSize } from '../../shared/api.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import type { EventIndex } from '../../shared/event-index/event-index.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import type { EventTexts } from '../log/event-texts.ts'
import type { LogReader } from '../log/reader.ts'
import { answers } from './answers.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import type { Environment } from './environment.ts'
import {
  facetParameters,
  histogramParameters,
  pageParameters,
  readBuckets,
  readFacetFields,
  readNumber,
  readParameters,
  readView,
  type View,
} from './event-query.ts'
import { permit } from './permit.ts'

export interface EventSources {
  index: EventIndex
  /** Entries the index holds: the size of the log as the answers know it. */
  size(): number
  reader: Pick<LogReader, 'event' | 'events'>
  texts: EventTexts['texts']
}

const defaultPageSize = 50
const defaultFacetValues = 100

export function eventRoutes({ index, size, reader, texts }: EventSources) {
  return new Hono<Environment>()
    .get(
      '/v1/events',
      describeRoute({
        summary: 'A page of events, newest first',
        tags: ['Events'],
        parameters: pageParameters,
        responses: answers(EventPage),
      }),
      permit('audit_log.read'),
      async c => {
        const parameters = readParameters(c.req.url, pageParameters)
        const scope = scopeOf(c.get('caller').permissions)
        const view = sized(readView(parameters, scope), size())
        const limit = readNumber(parameters, 'limit', 1, maxPageSize) ?? defaultPageSize
        const cursorText = parameters.get('cursor')
        const cursor = cursorText === null ? null : parseCursor(cursorText, view.filter)
        const at = { size: cursor?.size ?? view.size }
        const page = index.page(view.filter, scope, { ...at, limit, after: cursor?.after ?? null })
        const rest = {
          nextCursor: page.next && formatCursor({ after: page.next, size: at.size }, view.filter),
          total: index.total(view.filter, scope, at),
          size: at.size,
        } satisfies Omit<EventPage, 'events'>
        return c.body(formatPage(await texts(page.indexes, scope), rest), 200, jsonType)
      },
    )
    .get(
      '/v1/events/:id',
      describeRoute({
        summary: 'One event by its place in the log',
        tags: ['Events'],
        responses: answers(AuditEvent),
      }),
      permit('audit_log.read'),
      async c => {
        const place = placeOf(c.req.param('id'), size())
        const event = place === null ? null : await reader.event(place, scopeOf(c.get('caller').permissions))
        if (!event) throw new ProblemError('not_found', 'The log holds no event at this place.')
        return c.json(event)
      },
    )
    .get(
      '/v1/facets',
      describeRoute({
        summary: 'Values to filter by, each with its count',
        tags: ['Events'],
        parameters: facetParameters,
        responses: answers(Facets),
      }),
      permit('audit_log.read'),
      c => {
        const parameters = readParameters(c.req.url, facetParameters)
        const scope = scopeOf(c.get('caller').permissions)
        const view = sized(readView(parameters, scope), size())
        const facets = index.facets(view.filter, scope, {
          fields: readFacetFields(parameters),
          limit: readNumber(parameters, 'limit', 1, 1000) ?? defaultFacetValues,
          search: parameters.get('search') ?? undefined,
          size: view.size,
        })
        return c.json({ size: view.size, facets } satisfies Facets)
      },
    )
    .get(
      '/v1/histogram',
      describeRoute({
        summary: 'Events over time',
        tags: ['Events'],
        parameters: histogramParameters,
        responses: answers(Histogram),
      }),
      permit('audit_log.read'),
      c => {
        const parameters = readParameters(c.req.url, histogramParameters)
        const scope = scopeOf(c.get('caller').permissions)
        return c.json(
          histogramOf(index, scope, sized(readView(parameters, scope), size()), readBuckets(parameters)),
        )
      },
    )
}

const jsonType = { 'content-type': 'application/json' }

/** An `EventPage` of events that are JSON already. */
function formatPage(events: readonly string[], rest: Omit<EventPage, 'events'>): string {
  return `{"events":[${events.join(',')}],${JSON.stringify(rest).slice(1)}`
}

type SizedView = View & { size: number }

/** A view never reaches beyond what the index holds, so that total, page and facets speak of the same entries. */
function sized(view: View, held: number): SizedView {
  return { ...view, size: Math.min(view.size ?? held, held) }
}

function histogramOf(
  index: EventIndex,
  scope: Scope,
  view: SizedView,
  buckets: { starts: number[]; end: number },
): Histogram {
  return {
    size: view.size,
    starts: buckets.starts.map(formatMoment),
    end: formatMoment(buckets.end),
    counts: index.histogram(view.filter, scope, { ...buckets, size: view.size }),
  }
}

function placeOf(text: string, size: number): number | null {
  const place = /^\d{1,15}$/.test(text) ? Number(text) : null
  return place !== null && place < size ? place : null
}
