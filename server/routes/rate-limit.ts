/** So many requests a minute per sender, told in `RateLimit` headers (IETF draft); beyond it 429 with `retryAfter`. */
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ProblemError } from '../../shared/problem.ts'
import type { Environment } from './environment.ts'

const windowSeconds = 60

export function limitRate(requestsPerMinute: number): MiddlewareHandler<Environment> {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: windowSeconds })
  return async (c, next) => {
    const outcome = await limiter.consume(senderOf(c)).then(
      allowed => ({ allowed: true, state: allowed }),
      (refused: RateLimiterRes) => ({ allowed: false, state: refused }),
    )
    const resetSeconds = Math.ceil(outcome.state.msBeforeNext / 1000)
    c.header('RateLimit-Policy', `${requestsPerMinute};w=${windowSeconds}`)
    c.header(
      'RateLimit',
      `limit=${requestsPerMinute}, remaining=${outcome.state.remainingPoints}, reset=${resetSeconds}`,
    )
    if (!outcome.allowed) {
      throw new ProblemError('rate_limited', `Try again in ${resetSeconds} s.`, { retryAfter: resetSeconds })
    }
    await next()
  }
}

/** The token where one was sent (as a hash), else the address: one loud sender does not shut out the others. */
function senderOf(c: Context<Environment>): string {
  const token = c.req.header('authorization')
  return token ? createHash('sha256').update(token).digest('base64') : (c.get('address') ?? 'unknown')
}
