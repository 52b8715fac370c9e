/**
 * Who answers a question: the index here where it holds the whole log of the view, else the server, and where that
 * cannot be asked the index again, saying that its answer is of what is held only.
 */
import { isEmptyFilter } from '../../shared/filter.ts'
import { formatMoment } from '../../shared/time.ts'
import { FailureError, isUnreachable } from '../api/failure.ts'
import type { LogSession } from './log-session.ts'
import { gapsIn, overviewOf, sparklinesOf } from './overview.ts'
import type { Answer, SyncPhase, View, WorkerCommands } from './protocol.ts'
import { requireAccess, requirePersonal } from './require-access.ts'
import { createServerLog, type ServerLog } from './server-log.ts'
import { overviewOfServer } from './server-overview.ts'

type Questions =
  | 'rows'
  | 'total'
  | 'facets'
  | 'histogram'
  | 'overview'
  | 'wholeOverview'
  | 'sparklines'
  | 'event'
  | 'timeRange'
  | 'arrivedSince'
export type Answers = {
  [Name in Questions]: (
    ...args: Parameters<WorkerCommands[Name]>
  ) => Promise<ReturnType<WorkerCommands[Name]>>
}

/** In these the server is not worth a try: it was just tried, or is not to be believed. */
const serverless: ReadonlySet<SyncPhase> = new Set(['offline', 'expired', 'misbehaved', 'failed'])

export function createAnswers(
  log: LogSession,
  server: ServerLog = createServerLog(log.client, log.local.scope),
): Answers {
  const { local } = log
  const { scope } = local

  async function answer<T>(view: View, here: () => T, there: () => Promise<T & Answer>): Promise<T & Answer> {
    requireAccess(log)
    requirePersonal(log, view)
    const complete = local.isComplete(view.size)
    const hereNow = (): T & Answer => ({ ...here(), exact: complete, source: 'local' })
    if (complete || log.isLoading() || serverless.has(log.status().phase)) return hereNow()
    try {
      return await there()
    } catch (error) {
      if (isUnreachable(error)) return hereNow()
      throw error
    }
  }

  const exact = { exact: true, source: 'server' } as const

  return {
    rows: (view, range) =>
      answer(
        view,
        () => {
          const { index } = local
          const { indexes } = index.pageAt(view.filter, scope, { ...range, size: view.size })
          const total = index.total(view.filter, scope, { size: view.size })
          return { rows: index.rows(indexes, scope), total }
        },
        () => server.rows(view, range),
      ),
    total: view =>
      answer(
        view,
        () => ({ total: local.index.total(view.filter, scope, { size: view.size }) }),
        async () => ({ total: await server.total(view), ...exact }),
      ),
    facets: (view, request) =>
      answer(
        view,
        () => ({
          size: view.size,
          facets: local.index.facets(view.filter, scope, { ...request, size: view.size }),
        }),
        async () => ({ ...(await server.facets(view.filter, { ...request, size: view.size })), ...exact }),
      ),
    histogram: (view, { starts, end }) =>
      answer(
        view,
        () => ({
          size: view.size,
          starts: starts.map(formatMoment),
          end: formatMoment(end),
          counts: local.index.histogram(view.filter, scope, { starts, end, size: view.size }),
        }),
        async () => ({
          ...(await server.histogram(view.filter, { starts, end, size: view.size })),
          ...exact,
        }),
      ),
    async overview(view, request) {
      requireAccess(log)
      requirePersonal(log, view)
      const overview = overviewOf(local.index, scope, view, request)
      const exact = local.isComplete(view.size)
      const gaps = exact ? [] : gapsIn(local.index, scope, view.size)
      return overview && { ...overview, gaps, exact, source: 'local' }
    },
    async wholeOverview(view, request) {
      requireAccess(log)
      requirePersonal(log, view)
      return overviewOfServer(server, view, request)
    },
    async sparklines(view, request) {
      requireAccess(log)
      requirePersonal(log, view)
      const counts = sparklinesOf(local.index, scope, view, request)
      return { counts, exact: local.isComplete(view.size) }
    },
    async event(place) {
      requireAccess(log)
      if (local.isRemoved(place)) throw removed(place)
      return (await local.event(place)) ?? (await server.event(place))
    },
    async timeRange(view) {
      const { range } = await answer(
        view,
        () => {
          const found = local.index.timeRange(view.filter, scope, { size: view.size })
          return { range: found && { first: formatMoment(found.first), last: formatMoment(found.last) } }
        },
        async () => ({ range: await server.timeRange(view), ...exact }),
      )
      return range
    },
    async arrivedSince(filter, from) {
      requireAccess(log)
      // What arrives is synced first, so that the newest stretch has it all, whatever is missing below.
      const { to } = local.newestStretch()
      if (to <= from) return { count: 0, size: Math.max(from, to) }
      if (isEmptyFilter(filter)) return { count: to - from, size: to }
      const count = (size: number) => local.index.total(filter, scope, { size })
      return { count: count(to) - count(from), size: to }
    },
  }
}

/** As the server answers it, also while it cannot be asked. */
function removed(place: number): FailureError {
  const detail = `The content of entry ${place} was removed by retention`
  return new FailureError({ kind: 'refused', code: 'removed_by_retention', detail, status: 410 })
}
