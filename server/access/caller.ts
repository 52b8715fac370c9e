/** Who is asking: what every route gets to know about the request's sender. */
import { createHash } from 'node:crypto'
import { allPermissions, type Permission, permissionsOf, type Role } from '../../shared/access.ts'

export interface Caller {
  kind: 'user' | 'api_key'
  id: string
  name: string
  email: string | null
  roles: readonly Role[]
  permissions: ReadonlySet<Permission>
  /** Null for API keys. */
  sessionId: string | null
  /** Changes whenever what this caller may see changes. */
  accessVersion: string
  mustChangePassword: boolean
}

/** The same for the same permissions, another for any others. */
export function accessVersionOf(permissions: Iterable<Permission>): string {
  return createHash('sha256')
    .update([...permissions].sort().join(' '))
    .digest('base64url')
    .slice(0, 16)
}

/** Whoever works on the server's own machine with the data folder's secret: allowed everything. */
export const localCommandLine: Caller = {
  kind: 'api_key',
  id: 'local-command-line',
  name: 'Local command line',
  email: null,
  roles: [],
  permissions: new Set(allPermissions),
  sessionId: null,
  accessVersion: accessVersionOf(allPermissions),
  mustChangePassword: false,
}

type Named = { id: string; name: string; roles: readonly Role[] }

export function userCaller(
  user: Named & { email: string; sessionId: string; mustChangePassword: boolean },
): Caller {
  const permissions = permissionsOf(user.roles)
  return { ...user, kind: 'user', permissions, accessVersion: accessVersionOf(permissions) }
}

/** A key holds its role's permissions as they are now, or those it was given. */
export function keyCaller(key: Named & { permissions: readonly Permission[] }): Caller {
  const permissions = new Set([...permissionsOf(key.roles), ...key.permissions])
  const accessVersion = accessVersionOf(permissions)
  const { id, name, roles } = key
  return {
    kind: 'api_key',
    id,
    name,
    email: null,
    roles,
    permissions,
    sessionId: null,
    accessVersion,
    mustChangePassword: false,
  }
}
