/** Roles: the default ones from the code, custom ones from the database. */
import { randomUUID } from 'node:crypto'
import { allPermissions, defaultRoles, type Permission, type Role } from '../../shared/access.ts'
import type { RoleInput, Roles as RoleList } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import type { By } from './access.ts'
import { eventBy, roleTarget, userTarget } from './access-events.ts'
import { type AccessCore, applyChange } from './core.ts'
import { refuseGrantBeyond } from './granting.ts'
import type { AccessDatabase } from './tables.ts'

/** All roles, default ones first. */
export async function allRoles(db: AccessDatabase): Promise<Role[]> {
  const rows = await db.selectFrom('customRole').selectAll().orderBy('name').execute()
  const custom = rows.map(({ id, name, description, permissions }) => ({
    id,
    name,
    description,
    permissions: readPermissions(permissions),
    builtIn: false,
  }))
  return [...defaultRoles, ...custom]
}

/** Permissions as kept; one that this version does not know is not granted. */
export function readPermissions(text: string): Permission[] {
  const kept = new Set(JSON.parse(text) as string[])
  return allPermissions.filter(permission => kept.has(permission))
}

/** The named roles. @throws {ProblemError} malformed for one that does not exist */
export function pickRoles(roles: readonly Role[], ids: readonly string[], path: string): Role[] {
  return [...new Set(ids)].map(id => {
    const role = roles.find(each => each.id === id)
    if (role) return role
    const message = `there is no role ${id.slice(0, 80)}`
    throw new ProblemError('malformed', `${path}: ${message}`, { errors: [{ path, message }] })
  })
}

export class Roles {
  readonly #core: AccessCore

  constructor(core: AccessCore) {
    this.#core = core
  }

  async list(): Promise<RoleList['roles']> {
    const { db } = this.#core
    const held = await db
      .selectFrom('memberRole')
      .select(['roleId', count => count.fn.countAll<number>().as('users')])
      .groupBy('roleId')
      .execute()
    const users = new Map(held.map(row => [row.roleId, row.users]))
    return (await allRoles(db)).map(role => ({ ...role, users: users.get(role.id) ?? 0 }))
  }

  create(input: RoleInput, by: By): Promise<Role> {
    return this.#core.exclusively(async () => {
      refuseGrantBeyond(by.caller, input.permissions)
      const { db, clock } = this.#core
      const roles = await allRoles(db)
      refuseTakenName(roles, input.name)
      const role: Role = { ...clean(input), id: freeId(roles, input.name), builtIn: false }
      const at = clock()
      const row = { ...role, permissions: JSON.stringify(role.permissions), createdAt: formatMoment(at) }
      const { builtIn: _, ...values } = row
      const changes = [{ field: 'permissions', before: null, after: role.permissions }]
      await applyChange(
        this.#core,
        [eventBy('role.created', by, at, { targets: [roleTarget(role)], changes })],
        async trx => {
          await trx.insertInto('customRole').values(values).execute()
        },
      )
      return role
    })
  }

  update(id: string, input: RoleInput, by: By): Promise<Role> {
    return this.#core.exclusively(async () => {
      const roles = await allRoles(this.#core.db)
      const before = changeable(roles, id)
      refuseTakenName(
        roles.filter(role => role.id !== id),
        input.name,
      )
      const after: Role = { ...before, ...clean(input) }
      refuseGrantBeyond(
        by.caller,
        after.permissions.filter(permission => !before.permissions.includes(permission)),
      )
      const { name, description, permissions } = after
      await applyChange(this.#core, changeEvents(before, after, by, this.#core.clock()), async trx => {
        const values = { name, description, permissions: JSON.stringify(permissions) }
        await trx.updateTable('customRole').set(values).where('id', '=', id).execute()
      })
      return after
    })
  }

  delete(id: string, by: By): Promise<void> {
    return this.#core.exclusively(async () => {
      const { db, clock } = this.#core
      const role = changeable(await allRoles(db), id)
      const holders = await this.#holders(id)
      refuseLeavingWithout(
        holders.filter(holder => holder.roles === 1).map(holder => holder.name),
        await this.#keysWith(id),
      )
      const at = clock()
      const changes = [{ field: 'permissions', before: role.permissions, after: null }]
      const events = [
        ...holders.map(holder =>
          eventBy('user.role_removed', by, at, { targets: [userTarget(holder), roleTarget(role)] }),
        ),
        eventBy('role.deleted', by, at, { targets: [roleTarget(role)], changes }),
      ]
      await applyChange(this.#core, events, async trx => {
        await trx.deleteFrom('memberRole').where('roleId', '=', id).execute()
        await trx.deleteFrom('customRole').where('id', '=', id).execute()
      })
    })
  }

  /** Who holds the role, and how many roles each of them has in all. */
  #holders(roleId: string): Promise<{ id: string; name: string; roles: number }[]> {
    return this.#core.db
      .selectFrom('memberRole as held')
      .innerJoin('user', 'user.id', 'held.userId')
      .innerJoin('memberRole as each', 'each.userId', 'held.userId')
      .where('held.roleId', '=', roleId)
      .select(['user.id', 'user.name', count => count.fn.countAll<number>().as('roles')])
      .groupBy(['user.id', 'user.name'])
      .execute()
  }

  async #keysWith(roleId: string): Promise<string[]> {
    const keys = this.#core.db.selectFrom('apiKey').select('name')
    const rows = await keys.where('roleId', '=', roleId).where('revokedAt', 'is', null).execute()
    return rows.map(row => row.name)
  }
}

function clean({ name, description, permissions }: RoleInput) {
  return {
    name: name.trim(),
    description,
    permissions: allPermissions.filter(permission => permissions.includes(permission)),
  }
}

function changeable(roles: readonly Role[], id: string): Role {
  const role = roles.find(each => each.id === id)
  if (!role) throw new ProblemError('not_found', 'There is no such role.')
  if (!role.builtIn) return role
  throw new ProblemError('conflict', `${role.name} is a default role: clone it and change the clone.`)
}

function refuseTakenName(others: readonly Role[], name: string): void {
  const wanted = name.trim().toLowerCase()
  if (!wanted) {
    throw new ProblemError('malformed', 'The name is empty.', {
      errors: [{ path: 'name', message: 'is empty' }],
    })
  }
  if (others.some(role => role.name.toLowerCase() === wanted || role.id === wanted)) {
    throw new ProblemError('conflict', `There is a role named ${name.trim()} already.`)
  }
}

/** An id that can be read in events and typed at a command line. */
function freeId(roles: readonly Role[], name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const id = words.join('-').slice(0, 60) || 'role'
  return roles.some(role => role.id === id) ? `${id}-${randomUUID().slice(0, 8)}` : id
}

function refuseLeavingWithout(users: string[], keys: string[]): void {
  if (users.length) {
    throw new ProblemError(
      'conflict',
      `It is the only role of ${someOf(users)}: give them another one first.`,
    )
  }
  if (keys.length) {
    throw new ProblemError('conflict', `API keys hold it: ${someOf(keys)}. Revoke them first.`)
  }
}

function someOf(names: string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}

function changeEvents(before: Role, after: Role, by: By, at: number): NewEventInput[] {
  const targets = [roleTarget(after)]
  const changed = (fields: readonly ('name' | 'description' | 'permissions')[]) =>
    fields
      .filter(field => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      .map(field => ({ field, before: before[field], after: after[field] }))
  const words = changed(['name', 'description'])
  const permissions = changed(['permissions'])
  return [
    ...(words.length ? [eventBy('role.updated', by, at, { targets, changes: words })] : []),
    ...(permissions.length
      ? [eventBy('role.permissions_changed', by, at, { targets, changes: permissions })]
      : []),
  ]
}
