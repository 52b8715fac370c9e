/** What every route can rely on: the request's facts, and who asks (behind `permit`, on all but open routes). */
import type { Context } from 'hono'
import type { Access, By, RequestFacts } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'

export interface Environment {
  Variables: {
    requestId: string
    /** The sender's network address as far as it is known. */
    address: string | null
    access: Access
    /** Set by `permit`; open routes must not read it. */
    caller: Caller
  }
}

const longestUserAgent = 512

/** Where a request came from, as events keep it. */
export function factsOf(c: Context<Environment>): RequestFacts {
  const caller = c.get('caller') as Caller | undefined
  return {
    address: c.get('address'),
    userAgent: c.req.header('user-agent')?.slice(0, longestUserAgent) ?? null,
    requestId: c.get('requestId'),
    channel: caller?.kind === 'api_key' ? 'api' : 'web',
  }
}

/** Who does something, and from where. Only behind `permit`. */
export function senderOf(c: Context<Environment>): By {
  return { caller: c.get('caller'), facts: factsOf(c) }
}
