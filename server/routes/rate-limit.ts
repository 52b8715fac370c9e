/**
 * So many requests a minute per sender, told in `RateLimit` headers (IETF draft); beyond it 429 with `retryAfter`.
 * A sender is a token; an address may be many of them, but not without end: tokens are only checked later.
 */
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ProblemError } from '../../shared/problem.ts'
import type { Environment } from './environment.ts'

const windowSeconds = 60
const sendersPerAddress = 10

export function limitRate(requestsPerMinute: number): MiddlewareHandler<Environment> {
  const senders = new RateLimiterMemory({ points: requestsPerMinute, duration: windowSeconds })
  const points = requestsPerMinute * sendersPerAddress
  const addresses = new RateLimiterMemory({ points, duration: windowSeconds })
  return async (c, next) => {
    const address = await consume(addresses, c.get('address') ?? 'unknown')
    const outcome = address.allowed ? await consume(senders, senderOf(c)) : address
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

async function consume(limiter: RateLimiterMemory, sender: string) {
  return limiter.consume(sender).then(
    state => ({ allowed: true, state }),
    (state: RateLimiterRes) => ({ allowed: false, state }),
  )
}

/** The token where one was sent (as a hash), else the address: one loud sender does not shut out the others. */
function senderOf(c: Context<Environment>): string {
  const token = c.req.header('authorization')
  return token ? createHash('sha256').update(token).digest('base64') : (c.get('address') ?? 'unknown')
}
