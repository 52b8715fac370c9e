/** What happens to every request: it gets an id and a sender's address, and leaves a line in the log without secrets. */
import { randomUUID } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import { parseAddress } from '../../shared/address.ts'
import type { Access } from '../access/access.ts'
import type { Metrics } from '../metrics.ts'
import type { Environment } from './environment.ts'

export function identify(access: Access, trustProxy: boolean): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const requestId = randomUUID()
    c.set('requestId', requestId)
    c.set('address', addressOf(c, trustProxy))
    c.set('access', access)
    await next()
    c.res.headers.set('x-request-id', requestId)
  }
}

/** The peer's address; the last one a trusted proxy wrote where configured. Null where there is no socket (tests). */
function addressOf(c: Context, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const peer = forwarded ?? peerAddress(c)
  return peer ? (parseAddress(peer)?.toString() ?? null) : null
}

function peerAddress(c: Context): string | undefined {
  return c.env && 'incoming' in c.env ? getConnInfo(c).remote.address : undefined
}

/** Path without query: filters hold names and addresses, which do not belong in an operator's log. */
export function logRequests(logger: Logger, metrics: Metrics): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const start = performance.now()
    await next()
    const ms = performance.now() - start
    const { method, path } = c.req
    const status = c.res.status
    metrics.requests.observe({ method, route: routePath(c, -1), status: String(status) }, ms / 1000)
    const caller = c.get('caller')
    const line = {
      requestId: c.get('requestId'),
      method,
      path,
      status,
      ms: Math.round(ms * 10) / 10,
      caller: caller?.id,
    }
    logger[status === 500 ? 'error' : status >= 400 ? 'warn' : 'debug'](line, 'request')
  }
}
