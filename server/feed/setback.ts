/** What a failed request does to the place: when to try again, and when a failure has become a stop that must be told. */

import { withSmallerPages } from './advance.ts'
import type { Place } from './place.ts'
import { type FeedError, isLasting } from './trouble.ts'

const firstWaitMs = 1000
/** The circuit is open: one request to see whether it is still so. */
export const longestWaitMs = 5 * 60_000
const lastingWaitMs = 60_000
const failuresBeforeStop = 5
const lastingBeforeStop = 2
const smallestPage = 10

/** Answers that come of asking for too much at once, where smaller pages may help. */
const perhapsTooLarge: readonly string[] = ['request_refused', 'timed_out', 'cut_off']

export function setBack(place: Place, error: FeedError, now: number, random: number): Place {
  const { code, detail } = error
  const trouble = { code, detail }
  if (code === 'rate_limited') {
    // Asked to wait, not refused: the connection is in order. A little later than all the others that wait.
    return { ...place, trouble, notBefore: now + (error.retryAfterMs ?? 60_000) + Math.round(random * 1000) }
  }
  if (mayHelp(place, code))
    return withSmallerPages(place, Math.max(smallestPage, Math.floor(place.pageSize / 2)))
  const failures = place.failures + 1
  const wait = isLasting(code) ? lastingWaitMs * failures : firstWaitMs * 2 ** Math.min(failures - 1, 12)
  const spread = Math.min(wait, longestWaitMs) * (0.5 + random / 2)
  return {
    ...place,
    trouble,
    failures,
    failingSince: place.failingSince ?? now,
    notBefore: now + Math.max(Math.round(spread), error.retryAfterMs ?? 0),
  }
}

function mayHelp({ pageSize, failures }: Place, code: string): boolean {
  if (!perhapsTooLarge.includes(code) || pageSize <= smallestPage) return false
  return code === 'request_refused' ? pageSize > smallestPage : failures > 0 && failures % 3 === 0
}

/** Whether it has stopped rather than stumbled. */
export function hasStopped({ failures, trouble }: Pick<Place, 'failures' | 'trouble'>): boolean {
  if (!trouble || failures === 0) return false
  return failures >= (isLasting(trouble.code) ? lastingBeforeStop : failuresBeforeStop)
}

/** The platform answered, and the log took it. */
export function recovered(place: Place, now: number): Place {
  return { ...place, failures: 0, failingSince: null, trouble: null, lastSuccessAt: now }
}

/** How long to leave the platform alone by its own `X-RateLimit-*`: a tenth is left for others. */
export function rateWait(header: (name: string) => string | null, platformNow: number): number {
  const number = (name: string) => {
    const text = header(name)
    return text !== null && /^\d+$/.test(text) ? Number(text) : null
  }
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map(name => number(`x-ratelimit-${name}`))
  if (remaining == null || reset == null || remaining > Math.floor((limit ?? 0) / 10)) return 0
  return Math.min(Math.max(0, reset * 1000 - platformNow), 3_600_000)
}
