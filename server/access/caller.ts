/** Who is asking: what every route gets to know about the request's sender. */
import type { Permission, Role } from '../../shared/access.ts'

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
