/** Who may do what: accounts, sessions, roles and API keys, behind one interface. */

import type { Permission, Role } from '../../shared/access.ts'
import type {
  ApiKey,
  CreatedApiKey,
  CreatedUser,
  Me,
  NewApiKey,
  NewUser,
  PasswordChange,
  RoleInput,
  Roles,
  Session,
  SignIn,
  User,
  UserChange,
} from '../../shared/api.ts'
import type { Caller } from './caller.ts'

/** Where a request came from, as events keep it. */
export interface RequestFacts {
  address: string | null
  userAgent: string | null
  requestId: string | null
  channel: 'web' | 'api' | 'background'
}

/** Who does something, and from where. */
export interface By {
  caller: Caller
  facts: RequestFacts
}

export interface Access {
  /**
   * Who sends a request with these headers (`Authorization: Bearer …`).
   * @throws {ProblemError} unauthenticated; session_expired for a session that was ours and has ended
   */
  authenticate(headers: Headers, address: string | null): Promise<Caller>
  /** Keeps a refusal as an event; repeats within a minute are kept once. */
  recordDenied(
    caller: Caller,
    permission: Permission,
    request: { method: string; path: string },
    facts: RequestFacts,
  ): Promise<void>
  /** @throws {ProblemError} wrong_credentials, locked_out, rate_limited */
  signIn(credentials: SignIn, facts: RequestFacts): Promise<Session>
  signOut(by: By): Promise<void>
  me(caller: Caller): Promise<Pick<Me, 'cacheKey' | 'accessManagers'>>
  changePassword(change: PasswordChange, by: By): Promise<void>
  users(): Promise<User[]>
  createUser(input: NewUser, by: By): Promise<CreatedUser>
  changeUser(id: string, change: UserChange, by: By): Promise<User>
  roles(): Promise<Roles['roles']>
  createRole(input: RoleInput, by: By): Promise<Role>
  updateRole(id: string, input: RoleInput, by: By): Promise<Role>
  deleteRole(id: string, by: By): Promise<void>
  keys(): Promise<ApiKey[]>
  createKey(input: NewApiKey, by: By): Promise<CreatedApiKey>
  revokeKey(id: string, by: By): Promise<void>
}
