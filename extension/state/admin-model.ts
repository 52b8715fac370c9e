/** Users, roles and API keys. Every list is what the server last said; a change is followed by asking again. */
import { signal } from '@preact/signals'
import type { Role } from '../../shared/access.ts'
import type { ApiKey, NewApiKey, NewUser, RoleInput, Roles, User, UserChange } from '../../shared/api.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'

export type AdminTab = 'users' | 'roles' | 'keys' | 'sources' | 'retention'
export type ListedRole = Roles['roles'][number]

/** What can be seen only now: a one-time password or a key. */
export type Secret =
  | { kind: 'password'; secret: string; user: User }
  | { kind: 'key'; secret: string; key: ApiKey }

export interface Loaded<T> {
  items: T[] | null
  failure: Failure | null
}

export type AdminModel = ReturnType<typeof createAdminModel>

export function createAdminModel(client: () => Client, onRefused: (failure: Failure) => void) {
  const tab = signal<AdminTab>('users')
  const users = signal<Loaded<User>>({ items: null, failure: null })
  const roles = signal<Loaded<ListedRole>>({ items: null, failure: null })
  const keys = signal<Loaded<ApiKey>>({ items: null, failure: null })
  const secret = signal<Secret | null>(null)
  const busy = signal(false)

  async function load<T>(
    list: { value: Loaded<T>; peek(): Loaded<T> },
    ask: () => Promise<T[]>,
  ): Promise<void> {
    try {
      list.value = { items: await ask(), failure: null }
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      list.value = { items: list.peek().items, failure }
    }
  }
  const loadUsers = () => load(users, () => client().users())
  const loadRoles = () => load(roles, () => client().roles())
  const loadKeys = () => load(keys, () => client().keys())

  /** Answers the failure, or null when it is done. */
  async function attempt(work: () => Promise<unknown>): Promise<Failure | null> {
    busy.value = true
    try {
      await work()
      return null
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      return failure
    } finally {
      busy.value = false
    }
  }

  return {
    tab,
    users,
    roles,
    keys,
    secret,
    busy,
    load: () => Promise.all([loadUsers(), loadRoles(), loadKeys()]).then(() => {}),
    createUser: (user: NewUser) =>
      attempt(async () => {
        const created = await client().createUser(user)
        if (created.oneTimePassword !== null) {
          secret.value = { kind: 'password', secret: created.oneTimePassword, user: created.user }
        }
        await Promise.all([loadUsers(), loadRoles()])
      }),
    changeUser: (id: string, change: UserChange) =>
      attempt(async () => {
        await client().changeUser(id, change)
        await Promise.all([loadUsers(), loadRoles()])
      }),
    saveRole: (id: Role['id'] | null, role: RoleInput) =>
      attempt(async () => {
        if (id === null) await client().createRole(role)
        else await client().changeRole(id, role)
        await loadRoles()
      }),
    deleteRole: (id: string) =>
      attempt(async () => {
        await client().deleteRole(id)
        await loadRoles()
      }),
    createKey: (key: NewApiKey) =>
      attempt(async () => {
        const created = await client().createKey(key)
        secret.value = { kind: 'key', secret: created.key, key: created.apiKey }
        await loadKeys()
      }),
    revokeKey: (id: string) =>
      attempt(async () => {
        await client().revokeKey(id)
        await loadKeys()
      }),
    forgetSecret(): void {
      secret.value = null
    },
    /** For the next person. */
    forget(): void {
      tab.value = 'users'
      for (const list of [users, roles, keys]) list.value = { items: null, failure: null }
      secret.value = null
    },
  }
}
