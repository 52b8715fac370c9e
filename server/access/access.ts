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
  Roles as RoleList,
  SavedViews,
  Session,
  SignIn,
  User,
  UserChange,
} from '../../shared/api.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import { deniedEvent } from './access-events.ts'
import { openAccounts } from './accounts.ts'
import { Authentication } from './authentication.ts'
import type { Caller } from './caller.ts'
import { type AccessCore, createQueue } from './core.ts'
import { Journal, type JournalLog, type RecordEvent } from './journal.ts'
import { Keys } from './keys.ts'
import { OncePerMinute } from './once-per-minute.ts'
import { defaultHashCost, type HashCost } from './password-hash.ts'
import { Roles } from './roles.ts'
import { SavedViewLists } from './saved-views.ts'
import { cacheKeyOf } from './secrets.ts'
import { type SessionLimits, Sessions } from './sessions.ts'
import { SignIns } from './sign-in.ts'
import { SignInLimits } from './sign-in-limits.ts'
import { type AccessDatabase, migrateTables } from './tables.ts'
import { Users } from './users.ts'

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

/** What `/v1/me` knows of the person and the workspace; the route adds what it knows of the server. */
export type MeOfAccess = Omit<Me, 'apiVersion' | 'serverVersion'>

export interface Access {
  /**
   * Who sends a request with these headers (`Authorization: Bearer …`). `passive` asks without counting as activity.
   * @throws {ProblemError} unauthenticated; session_expired for a session that was ours and has ended
   */
  authenticate(headers: Headers, address: string | null, options?: { passive: boolean }): Promise<Caller>
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
  me(caller: Caller): Promise<MeOfAccess>
  /** @throws {ProblemError} wrong_credentials, weak_password, locked_out */
  changePassword(change: PasswordChange, by: By): Promise<void>
  users(): Promise<User[]>
  createUser(input: NewUser, by: By): Promise<CreatedUser>
  changeUser(id: string, change: UserChange, by: By): Promise<User>
  resetPassword(id: string, by: By): Promise<CreatedUser>
  roles(): Promise<RoleList['roles']>
  createRole(input: RoleInput, by: By): Promise<Role>
  updateRole(id: string, input: RoleInput, by: By): Promise<Role>
  deleteRole(id: string, by: By): Promise<void>
  keys(): Promise<ApiKey[]>
  createKey(input: NewApiKey, by: By): Promise<CreatedApiKey>
  revokeKey(id: string, by: By): Promise<void>
  savedViews(owner: Caller): Promise<SavedViews>
  /** @throws {ProblemError} conflict, malformed; {FilterError} */
  replaceSavedViews(owner: Caller, next: SavedViews): Promise<SavedViews>
}

export interface AccessOptions {
  database: AccessDatabase
  /** Known to this server only, kept beside the database and not in it. At least 32 random bytes as text. */
  secret: string
  /** Milliseconds since 1970. */
  clock: () => number
  /** Puts an event into the log; durable when it resolves. A repeated id must be harmless. */
  record: RecordEvent
  workspace: Me['workspace']
  logger: JournalLog
  /** What the data folder's owner proves themselves with at this moment; null where there is no such way in. */
  localSecret?: () => string | null
  sessionLimits?: SessionLimits
  hashCost?: HashCost
}

const defaultLimits: SessionLimits = { absoluteMs: dayMs / 2, idleMs: dayMs / 12 }

/** Brings the tables up to date, and hands over events that an earlier process could not. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { database: db, secret, clock, workspace } = options
  const accounts = await openAccounts(db, secret, options.hashCost ?? defaultHashCost)
  await migrateTables(db)
  const journal = new Journal(db, options.record, options.logger)
  const core: AccessCore = {
    db,
    accounts,
    journal,
    clock,
    secret,
    exclusively: createQueue(),
    forgetCallers: () => authentication.forget(),
  }
  const sessions = new Sessions(core, options.sessionLimits ?? defaultLimits)
  const authentication = new Authentication(core, sessions, options.localSecret ?? (() => null))
  const repeats = new OncePerMinute()
  const signIns = new SignIns(core, sessions, new SignInLimits(db, secret), repeats)
  const users = new Users(core)
  const roles = new Roles(core)
  const keys = new Keys(core)
  const views = new SavedViewLists(core)
  await journal.deliver()

  return {
    authenticate: (headers, address, { passive } = { passive: false }) =>
      authentication.authenticate(headers, address, passive),
    async recordDenied(caller, permission, request, facts) {
      const what = `denied ${caller.id} ${permission} ${request.method} ${request.path}`
      if (!repeats.isFirst(what, clock())) return
      await journal.write(deniedEvent({ caller, facts }, permission, request, clock()))
    },
    signIn: (credentials, facts) => signIns.signIn(credentials, facts),
    signOut: by => signIns.signOut(by),
    changePassword: (change, by) => signIns.changePassword(change, by),
    async me(caller) {
      const { id, kind, name, email, accessVersion, mustChangePassword, permissions } = caller
      const mayRead = kind === 'user' && !mustChangePassword && permissions.has('audit_log.read')
      return {
        id,
        kind,
        name,
        email,
        roles: caller.roles.map(role => ({ id: role.id, name: role.name })),
        permissions: [...permissions],
        accessVersion,
        cacheKey: mayRead ? cacheKeyOf(secret, id, accessVersion) : null,
        mustChangePassword,
        workspace,
        serverTime: formatMoment(clock()),
        accessManagers: await users.managers(),
      }
    },
    users: () => users.list(),
    createUser: (input, by) => users.create(input, by),
    changeUser: (id, change, by) => users.change(id, change, by),
    resetPassword: (id, by) => users.resetPassword(id, by),
    roles: () => roles.list(),
    createRole: (input, by) => roles.create(input, by),
    updateRole: (id, input, by) => roles.update(id, input, by),
    deleteRole: (id, by) => roles.delete(id, by),
    keys: () => keys.list(),
    createKey: (input, by) => keys.create(input, by),
    revokeKey: (id, by) => keys.revoke(id, by),
    savedViews: owner => views.read(owner),
    replaceSavedViews: (owner, next) => views.replace(owner, next),
  }
}
