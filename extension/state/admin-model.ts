/** Users, roles and API keys. Every list is what the server last said; a change is followed by asking again. */
import { signal } from '@preact/signals'
import type { Role } from '../../shared/access.ts'
import type { ApiKey, NewApiKey, NewUser, RoleInput, Roles, User, UserChange } from '../../shared/api.ts'
import type { Client } from '../api/client.ts'
import type { Failure } from '../worker/protocol.ts'
import { createAsking, createList } from './asking.ts'

export type AdminTab = 'users' | 'roles' | 'keys' | 'sources' | 'retention'
export type ListedRole = Roles['roles'][number]

/** What can be seen only now: a one-time password or a key. */
export type Secret =
  | { kind: 'password'; secret: string; user: User }
  | { kind: 'key'; secret: string; key: ApiKey }

export type AdminModel = ReturnType<typeof createAdminModel>

export function createAdminModel(client: () => Client, onRefused: (failure: Failure) => void) {
  const tab = signal<AdminTab>('users')
  const users = createList<User>()
  const roles = createList<ListedRole>()
  const keys = createList<ApiKey>()
  const secret = signal<Secret | null>(null)
  const { busy, change, load } = createAsking(onRefused)

  const loadUsers = () => load(users, () => client().users())
  const loadRoles = () => load(roles, () => client().roles())
  const loadKeys = () => load(keys, () => client().keys())

  return {
    tab,
    users,
    roles,
    keys,
    secret,
    busy,
    load: () => Promise.all([loadUsers(), loadRoles(), loadKeys()]).then(() => {}),
    createUser: (user: NewUser) =>
      change(async () => {
        const created = await client().createUser(user)
        if (created.oneTimePassword !== null) {
          secret.value = { kind: 'password', secret: created.oneTimePassword, user: created.user }
        }
        await Promise.all([loadUsers(), loadRoles()])
      }),
    changeUser: (id: string, changes: UserChange) =>
      change(async () => {
        await client().changeUser(id, changes)
        await Promise.all([loadUsers(), loadRoles()])
      }),
    saveRole: (id: Role['id'] | null, role: RoleInput) =>
      change(async () => {
        if (id === null) await client().createRole(role)
        else await client().changeRole(id, role)
        await loadRoles()
      }),
    deleteRole: (id: string) =>
      change(async () => {
        await client().deleteRole(id)
        await loadRoles()
      }),
    createKey: (key: NewApiKey) =>
      change(async () => {
        const created = await client().createKey(key)
        secret.value = { kind: 'key', secret: created.key, key: created.apiKey }
        await loadKeys()
      }),
    revokeKey: (id: string) =>
      change(async () => {
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
