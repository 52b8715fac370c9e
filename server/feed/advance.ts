/**
 * What a page that was read and kept means for the place: which page comes next, whether everything is here, and when
 * to ask again. Pure: all that is not in the place comes as an argument.
 */
import { dayMs } from '../../shared/time.ts'
import { orderOf, type Place } from './place.ts'

/** What was to be read next: a page of a walk, or of a look at the newest. */
export type Task = 'walk' | 'follow'

export interface KeptPage {
  items: number
  total: number | null
  /** The size the platform cut the page by, as far as it says. */
  size: number | null
  /** Times of its entries as listed, milliseconds since 1970. */
  times: readonly number[]
  /** Entries of it that this source had not listed before, and not in this walk. */
  newlyListed: number
  newlyWalked: number
}

export interface Surroundings {
  now: number
  intervalMs: number
  /** Null where everything is wanted. */
  startMs: number | null
  /** Whether the platform counts only what is not older than `startMs`. */
  countsSince: boolean
  /** Listed entries that could not be read: counted by the platform, held by nobody. */
  unreadable: number
  /** From 0 up to 1, for spreading requests. */
  random: number
}

/** Entries may appear this much later than those around them before a look at the newest must go deeper. */
export const overlapMs = 10 * 60_000
/** Missing entries are sought so many pages beyond the overlap before a walk looks everywhere. */
const deeperPages = 20
const walksBeforeGap = 3
const walkEveryMs = dayMs
const walkAtMostEveryMs = dayMs / 4

/** Begins what is due. Null where nothing is due before `followAt`. */
export function nextTask(place: Place, now: number): { place: Place; task: Task } | null {
  if (place.follow) return { place, task: 'follow' }
  const isFollowable = orderOf(place) !== 'mixed'
  if (now >= place.followAt) {
    if (isFollowable && (place.walk !== null || place.hasHistory))
      return { place: beginFollow(place, now), task: 'follow' }
    if (place.walk === null) return { place: beginWalk(place, now), task: 'walk' }
  }
  return place.walk && !place.walk.ended ? { place, task: 'walk' } : null
}

export function pageOf(place: Place, task: Task): number {
  return task === 'walk' ? place.walk!.page : place.follow!.page
}

function beginWalk(place: Place, now: number): Place {
  const walk = { page: 1, startedAt: now, startTotal: null, lastTotal: null, ended: false }
  return { ...place, walk, walked: 0, walkedIn: place.walkedIn + 1, falls: 0, rises: 0 }
}

function beginFollow(place: Place, now: number): Place {
  const isForwards = orderOf(place) === 'oldest_first'
  const page = isForwards ? Math.max(1, Math.ceil((place.total ?? 0) / place.pageSize)) : 1
  const { newest: newestBefore } = place
  const follow = {
    page,
    startPage: page,
    towardsNewest: isForwards,
    startedAt: now,
    total: null,
    pages: 0,
    newestBefore,
  }
  return { ...place, follow }
}

/** After a page was kept. */
export function advance(place: Place, task: Task, page: KeptPage, around: Surroundings): Place {
  const counted: Place = {
    ...place,
    listed: place.listed + page.newlyListed,
    walked: place.walked + (place.walk ? page.newlyWalked : 0),
    total: page.total,
    newest: page.times.reduce<number | null>((a, b) => Math.max(a ?? b, b), place.newest),
    ...(task === 'walk' && votes(place, page.times)),
  }
  const size = page.size ?? place.pageSize
  if (size >= 1 && size < place.pageSize) return withSmallerPages(counted, size)
  return task === 'walk' ? walkOn(counted, page, around) : followOn(counted, page, around)
}

function votes({ falls, rises }: Place, times: readonly number[]): Pick<Place, 'falls' | 'rises'> {
  for (let i = 1; i < times.length; i++) {
    if (times[i]! < times[i - 1]!) falls++
    else if (times[i]! > times[i - 1]!) rises++
  }
  return { falls, rises }
}

/** Page numbers mean other places now: the walk goes on from what it has covered, the look begins again. */
export function withSmallerPages(place: Place, size: number): Place {
  const { walk, pageSize } = place
  const page = walk ? Math.floor(((walk.page - 1) * pageSize) / size) + 1 : 1
  return { ...place, pageSize: size, follow: null, walk: walk && { ...walk, page } }
}

function walkOn(place: Place, page: KeptPage, around: Surroundings): Place {
  const walk = place.walk!
  const { total } = page
  // Entries that the platform let go may have moved the unread ones towards pages already read.
  const gone = walk.lastTotal !== null && total !== null ? Math.max(0, walk.lastTotal - total) : 0
  const back = gone > 0 ? Math.ceil(gone / place.pageSize) + 1 : 0
  const next = {
    ...walk,
    page: Math.max(1, walk.page + 1 - back),
    startTotal: walk.startTotal ?? total,
    lastTotal: total,
  }
  const isLast = isLastPage(place, page, walk.page, page.newlyWalked)
  if (!(isLast && back === 0) && !isBeforeStart(place, page, around)) return { ...place, walk: next }
  const ended = { ...place, walk: { ...next, ended: true } }
  // Where the new end is known it is looked at once more, so that what arrived meanwhile is not taken for missing.
  if (orderOf(ended) !== 'mixed') return { ...ended, followAt: around.now }
  return endWalk({ ...ended, asOf: walk.startedAt }, next.startTotal, around)
}

function isBeforeStart(place: Place, page: KeptPage, { startMs, countsSince }: Surroundings): boolean {
  if (startMs === null || countsSince || orderOf(place) !== 'newest_first') return false
  return page.times.length > 0 && page.times.every(time => time < startMs - dayMs)
}

function followOn(place: Place, page: KeptPage, around: Surroundings): Place {
  const before = place.follow!
  const follow = { ...before, total: before.total ?? page.total, pages: before.pages + 1 }
  const at = { ...place, follow }
  if (before.towardsNewest) {
    const hasNewer = page.total !== null && before.page * place.pageSize < page.total
    if (hasNewer) return { ...at, follow: { ...follow, page: before.page + 1 } }
    if (before.startPage > 1)
      return { ...at, follow: { ...follow, page: before.startPage - 1, towardsNewest: false } }
    return endFollow(at, around)
  }
  const isForwards = orderOf(place) === 'oldest_first'
  const isEnd = isForwards ? before.page <= 1 : isLastPage(place, page, before.page, page.newlyListed)
  if (isEnd || (isKnown(follow.newestBefore, page) && !mayLieDeeper(at, around))) return endFollow(at, around)
  return { ...at, follow: { ...follow, page: before.page + (isForwards ? -1 : 1) } }
}

/** By the count; without one where nothing new comes any more, since the platform may cut pages without a word. */
function isLastPage({ pageSize }: Place, page: KeptPage, number: number, fresh: number): boolean {
  if (page.total !== null) return number * pageSize >= page.total
  return page.items === 0 || (fresh === 0 && page.times.length > 0)
}

/** Nothing new on it, and it reaches back beyond the overlap. */
function isKnown(newestBefore: number | null, { newlyListed, times }: KeptPage): boolean {
  if (newlyListed > 0) return false
  return newestBefore === null || times.some(time => time <= newestBefore - overlapMs)
}

function mayLieDeeper(place: Place, around: Surroundings): boolean {
  if (place.walk || place.gap) return false
  return (missingOf(place, place.follow!.total, around) ?? 0) > 0 && place.follow!.pages <= deeperPages
}

/** How many the platform counts and the log has not; null where that cannot be told. */
export function missingOf(
  { listed }: Pick<Place, 'listed'>,
  total: number | null,
  { startMs, countsSince, unreadable }: Pick<Surroundings, 'startMs' | 'countsSince' | 'unreadable'>,
): number | null {
  if (total === null || (startMs !== null && !countsSince)) return null
  return Math.max(0, total - listed - unreadable)
}

function endFollow(place: Place, around: Surroundings): Place {
  const { startedAt, total } = place.follow!
  const ended = { ...place, follow: null, asOf: startedAt, followAt: nextFollow(around) }
  if (place.walk?.ended) return endWalk(ended, total, around)
  if (place.walk) return ended
  const missing = missingOf(place, total, around)
  if (missing === 0 && place.gap) return { ...ended, gap: null }
  return wantsWalk(ended, missing, total, around) ? beginWalk(ended, around.now) : ended
}

/** Something is missing, or the platform let entries go, or it is time to look everywhere again. */
function wantsWalk(
  place: Place,
  missing: number | null,
  total: number | null,
  around: Surroundings,
): boolean {
  const sinceWalk = around.now - (place.walkEndedAt ?? 0)
  if (sinceWalk >= walkEveryMs) return true
  if (missing === null) return false
  const isSurplus = total !== null && place.listed + around.unreadable > total
  if (missing > (place.gap?.missing ?? 0)) return true
  return (missing > 0 || isSurplus) && sinceWalk >= walkAtMostEveryMs
}

/** Compares what a whole walk listed with the count. */
function endWalk(place: Place, total: number | null, around: Surroundings): Place {
  const ended = {
    ...place,
    walk: null,
    hasHistory: true,
    walkEndedAt: around.now,
    followAt: nextFollow(around),
  }
  // The walk saw all there is: what it did not see the platform has no more.
  const isWhole = missingOf({ listed: place.walked }, total, around) === 0
  const missing = isWhole ? 0 : (missingOf(place, total, around) ?? 0)
  const settled = isWhole ? { ...ended, listed: place.walked, listedIn: place.walkedIn } : ended
  if (missing === 0) return { ...settled, shortWalks: 0, gap: null }
  const shortWalks = place.shortWalks + 1
  const isKnownGap = missing <= (place.gap?.missing ?? 0)
  if (!isKnownGap && shortWalks < walksBeforeGap) return beginWalk({ ...settled, shortWalks }, around.now)
  return { ...settled, shortWalks: 0, gap: { missing, since: place.gap?.since ?? around.now } }
}

function nextFollow({ now, intervalMs, random }: Surroundings): number {
  return now + Math.round(intervalMs * (0.9 + 0.2 * random))
}
