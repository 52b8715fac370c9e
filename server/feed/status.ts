/** How a source stands, in terms a reader of the log can use. */
import type { SourceKind, SourceSettings, SourceState, SourceStatus } from '../../shared/sources.ts'
import { formatMoment } from '../../shared/time.ts'
import { missingOf } from './advance.ts'
import { connectors } from './connector.ts'
import type { Place } from './place.ts'
import { hasStopped } from './setback.ts'
import type { SourceRow } from './settings.ts'
import { troubleOf } from './trouble.ts'

export interface StandingSource {
  row: SourceRow
  place: Place
  unreadable: { count: number; reason: string | null }
}

export function statusOf({ row, place, unreadable }: StandingSource, now: number): SourceStatus {
  const kind = row.kind as SourceKind
  const behind = missingOf(place, place.total, {
    startMs: row.startDate === null ? null : 0,
    countsSince: connectors[kind].countsSince,
    unreadable: unreadable.count,
  })
  const moment = (ms: number | null) => (ms === null ? null : formatMoment(ms))
  return {
    id: row.id,
    name: row.name,
    kind,
    state: stateOf(row, place, behind),
    asOf: moment(place.asOf),
    lastSuccessAt: moment(place.lastSuccessAt),
    nextAttemptAt: row.paused
      ? null
      : moment(Math.max(now, place.notBefore, isDue(place) ? 0 : place.followAt)),
    taken: place.listed,
    total: place.total,
    behind,
    gap: place.gap && { missing: place.gap.missing, since: formatMoment(place.gap.since) },
    unreadable,
    failingSince: moment(place.failingSince),
    trouble: place.trouble && troubleOf(place.trouble),
    clockSkewMs: place.clockSkewMs,
  }
}

function isDue({ walk, follow }: Place): boolean {
  return follow !== null || (walk !== null && !walk.ended)
}

function stateOf(row: SourceRow, place: Place, behind: number | null): SourceState {
  if (row.paused) return 'paused'
  if (hasStopped(place)) return 'failing'
  if (place.lastSuccessAt === null) return place.trouble ? 'failing' : 'waiting'
  if (!place.hasHistory) return 'walking'
  return behind !== null && behind > 0 ? 'behind' : 'caught_up'
}

export function settingsOf(row: SourceRow, namesTrouble: SourceSettings['namesTrouble']): SourceSettings {
  const { baseUrl, userId, intervalSeconds, startDate, certificateAuthority, proxy, usersPath, targetsPath } =
    row
  const paths = { usersPath, targetsPath, namesTrouble }
  return {
    ...{ baseUrl, userId, intervalSeconds, startDate, certificateAuthority, proxy },
    ...paths,
    fromFile: row.fromFile === 1,
  }
}
