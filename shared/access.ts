/** Permissions and default roles, as data. The server decides; the panel only explains. */
import * as z from 'zod/mini'

export const permissions = {
  'audit_log.read': 'Read the audit log',
  'audit_log.export': 'Export the audit log',
  'audit_log.read_personal': 'See personal data in the audit log',
  'audit_log.write': 'Send events to the audit log',
  'access.manage': 'Manage users, roles and API keys',
  'settings.manage': 'Manage settings',
} as const

export type Permission = keyof typeof permissions
export const Permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]])
export const allPermissions = Object.keys(permissions) as Permission[]

export const Role = z.object({
  id: z.string(),
  name: z.string().check(z.minLength(1), z.maxLength(80)),
  description: z.string().check(z.maxLength(400)),
  permissions: z.array(Permission),
  /** A default role cannot be changed or deleted, only cloned. */
  builtIn: z.boolean(),
})
export type Role = z.infer<typeof Role>

export const ownerRoleId = 'owner'

const read: Permission[] = ['audit_log.read', 'audit_log.export', 'audit_log.read_personal']

export const defaultRoles: readonly Role[] = [
  {
    id: ownerRoleId,
    name: 'Owner',
    description: 'Everything, including settings and access.',
    permissions: allPermissions,
    builtIn: true,
  },
  {
    id: 'administrator',
    name: 'Administrator',
    description: 'Manages users, roles and keys. Does not read the audit log.',
    permissions: ['access.manage'],
    builtIn: true,
  },
  {
    id: 'security-manager',
    name: 'Security Manager',
    description: 'Reads and exports the audit log.',
    permissions: read,
    builtIn: true,
  },
  {
    id: 'security-analyst',
    name: 'Security Analyst',
    description: 'Reads and exports the audit log.',
    permissions: read,
    builtIn: true,
  },
  {
    id: 'viewer',
    name: 'Viewer',
    description: 'Sees nothing of the audit log.',
    permissions: [],
    builtIn: true,
  },
]

/** Everything the given roles allow together. */
export function permissionsOf(roles: Iterable<Pick<Role, 'permissions'>>): Set<Permission> {
  const union = new Set<Permission>()
  for (const role of roles) for (const permission of role.permissions) union.add(permission)
  return union
}

/** What a reader may see. Without `personal`, personal fields neither match nor show. */
export interface Scope {
  personal: boolean
}

export function scopeOf(granted: ReadonlySet<Permission>): Scope {
  return { personal: granted.has('audit_log.read_personal') }
}
