/**
 * The gate before every route. It decides by the caller's permissions and writes what it asks for into the
 * OpenAPI document (`x-permission`), so that a test can walk the document and try every door.
 */
import type { MiddlewareHandler } from 'hono'
import { uniqueSymbol } from 'hono-openapi'
import { type Permission, permissions } from '../../shared/access.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Caller } from '../access/caller.ts'
import { type Environment, factsOf } from './environment.ts'

/** `open`: anyone. `signed_in`: any user or API key. A permission: those who hold it. */
export type Requirement = Permission | 'signed_in' | 'open'

interface Exceptions {
  /** Also for users who must first replace their one-time password. */
  beforePasswordChange?: boolean
}

/**
 * Middleware: sets `c.get('caller')` or refuses.
 * @example app.get('/v1/events', describeRoute({ … }), permit('audit_log.read'), handler)
 * @throws {ProblemError} unauthenticated, session_expired, password_change_required, forbidden
 */
export function permit(
  requirement: Requirement,
  exceptions: Exceptions = {},
): MiddlewareHandler<Environment> {
  const gate: MiddlewareHandler<Environment> = async (c, next) => {
    if (requirement !== 'open') {
      const access = c.get('access')
      const caller = await access.authenticate(c.req.raw.headers, c.get('address') ?? null)
      c.set('caller', caller)
      if (caller.mustChangePassword && !exceptions.beforePasswordChange) throw passwordPending()
      if (requirement !== 'signed_in' && !caller.permissions.has(requirement)) {
        await access.recordDenied(caller, requirement, { method: c.req.method, path: c.req.path }, factsOf(c))
        throw missing(caller, requirement)
      }
    }
    await next()
  }
  return Object.assign(gate, { [uniqueSymbol]: { spec: operationOf(requirement) } })
}

/** The refusal for a permission that only some uses of a route need. */
export function missing(caller: Pick<Caller, 'name'>, permission: Permission): ProblemError {
  const detail = `${caller.name} lacks the permission "${permissions[permission]}" (${permission}).`
  return new ProblemError('forbidden', detail, { permission })
}

function passwordPending(): ProblemError {
  return new ProblemError(
    'password_change_required',
    'The one-time password must be replaced first: POST /v1/me/password with the current and the next one.',
  )
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

function operationOf(requirement: Requirement): Record<string, unknown> {
  if (requirement === 'open') return { 'x-permission': requirement, security: [] }
  const responses = {
    401: { description: 'Nobody is signed in, or the session has ended', content: problemContent },
    403: { description: 'A permission is missing', content: problemContent },
  }
  return { 'x-permission': requirement, security: [{ bearer: [] }], responses }
}
