/** What every route can rely on: the request's facts, and who asks (behind `permit`, on all but open routes). */
import { randomUUID } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
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

interface Identification {
  access: Access
  /** Believe the proxy in front: the last address of `X-Forwarded-For` is then the sender's. */
  trustProxy: boolean
}

/** The first middleware: gives the request its id and address, and the routes their way to `permit`. */
export function identify({ access, trustProxy }: Identification): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const requestId = randomUUID()
    c.set('requestId', requestId)
    c.set('access', access)
    c.set('address', (trustProxy && forwardedAddress(c)) || connectionAddress(c))
    c.header('X-Request-Id', requestId)
    await next()
  }
}

function connectionAddress(c: Context): string | null {
  try {
    return getConnInfo(c).remote.address ?? null
  } catch {
    // No socket below: the app was called in-process.
    return null
  }
}

function forwardedAddress(c: Context): string | null {
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() || null
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
