/**
 * Where a source has got to: everything that must survive a kill. It is written only after the log has acknowledged
 * what was read up to there, so that a lost step is a step done twice and never one left out.
 */
import * as z from 'zod/mini'
import { TroubleCode } from '../../shared/sources.ts'

const ms = z.number()

/** A walk reads every page once, first to last. `page` is the next one. */
const Walk = z.object({
  page: z.int(),
  startedAt: ms,
  /** The platform's count at the walk's first page and at its latest. */
  startTotal: z.nullable(z.int()),
  lastTotal: z.nullable(z.int()),
  /** Every page was read; what they held is compared with the count after the next look at the newest. */
  ended: z.boolean(),
})

/** A look at the newest: from the end where new entries appear back to what is known. */
const Follow = z.object({
  page: z.int(),
  /** Towards the newest first where the oldest stand on page 1; then, as always, towards the older. */
  towardsNewest: z.boolean(),
  startPage: z.int(),
  startedAt: ms,
  /** The count at its first page: everything counted then was listed then. */
  total: z.nullable(z.int()),
  pages: z.int(),
  /** The newest time known before it began. */
  newestBefore: z.nullable(ms),
})

export const Place = z.object({
  /** How often neighbours on a page fell or rose in time: which end is the new one is seen, not assumed. */
  falls: z.int(),
  rises: z.int(),
  pageSize: z.int(),
  walk: z.nullable(Walk),
  follow: z.nullable(Follow),
  /** A walk has ended once: the history is here as far as the platform lists it. */
  hasHistory: z.boolean(),
  /** Distinct entries of the platform's list that are in the log, and the number of the set that remembers which. */
  listed: z.int(),
  listedIn: z.int(),
  /** The same for the present walk: its set takes the other's place when the walk saw all there is. */
  walked: z.int(),
  walkedIn: z.int(),
  total: z.nullable(z.int()),
  newest: z.nullable(ms),
  /** Everything that was there at this moment has been asked for. */
  asOf: z.nullable(ms),
  followAt: ms,
  walkEndedAt: z.nullable(ms),
  /** Walks in a row that ended with fewer entries than the count. */
  shortWalks: z.int(),
  gap: z.nullable(z.object({ missing: z.int(), since: ms })),
  lastSuccessAt: z.nullable(ms),
  failures: z.int(),
  failingSince: z.nullable(ms),
  trouble: z.nullable(z.object({ code: TroubleCode, detail: z.string() })),
  /** The log says that this source stopped, and not yet that it recovered. */
  stopTold: z.boolean(),
  /** The platform is left alone until then. */
  notBefore: ms,
  clockSkewMs: z.nullable(ms),
})
export type Place = z.infer<typeof Place>

/** Asked for at first; the platform cuts or refuses it where it is too much. */
export const firstPageSize = 500

export const startingPlace: Place = {
  falls: 0,
  rises: 0,
  pageSize: firstPageSize,
  walk: null,
  follow: null,
  hasHistory: false,
  listed: 0,
  listedIn: 0,
  walked: 0,
  walkedIn: 0,
  total: null,
  newest: null,
  asOf: null,
  followAt: 0,
  walkEndedAt: null,
  shortWalks: 0,
  gap: null,
  lastSuccessAt: null,
  failures: 0,
  failingSince: null,
  trouble: null,
  stopTold: false,
  notBefore: 0,
  clockSkewMs: null,
}

export type ListingOrder = 'newest_first' | 'oldest_first' | 'mixed'

/** One end is the new one where nine of ten neighbours agree: late entries make an exception here and there. */
export function orderOf({ falls, rises }: Pick<Place, 'falls' | 'rises'>): ListingOrder {
  const all = falls + rises
  if (all === 0) return 'mixed'
  if (falls >= all * 0.9) return 'newest_first'
  return rises >= all * 0.9 ? 'oldest_first' : 'mixed'
}
