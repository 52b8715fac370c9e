/** Users as they stand in the database, with their roles. */
import { ownerRoleId, type Role } from '../../shared/access.ts'
import type { User } from '../../shared/api.ts'
import { allRoles } from './roles.ts'
import type { AccessDatabase } from './tables.ts'

export interface Member {
  id: string
  name: string
  email: string
  createdAt: string
  disabled: boolean
  mustChangePassword: boolean
  passwordExpiresAt: string | null
  lastSignInAt: string | null
  roles: Role[]
}

/** All users, by name. An account whose making was cut short is nobody. */
export async function allMembers(db: AccessDatabase): Promise<Member[]> {
  return readMembers(db, null)
}

export async function findMember(db: AccessDatabase, id: string): Promise<Member | null> {
  const [member] = await readMembers(db, id)
  return member ?? null
}

async function readMembers(db: AccessDatabase, id: string | null): Promise<Member[]> {
  let people = db
    .selectFrom('member')
    .innerJoin('user', 'user.id', 'member.userId')
    .selectAll('member')
    .select(['user.id', 'user.name', 'user.email', 'user.createdAt'])
    .orderBy('user.name')
  let held = db.selectFrom('memberRole').selectAll()
  if (id !== null) {
    people = people.where('user.id', '=', id)
    held = held.where('userId', '=', id)
  }
  const rows = await people.execute()
  const rolesOf = new Map<string, Set<string>>()
  for (const row of await held.execute()) {
    rolesOf.set(row.userId, (rolesOf.get(row.userId) ?? new Set()).add(row.roleId))
  }
  const roles = await allRoles(db)
  return rows.map(({ userId, disabled, mustChangePassword, ...rest }) => {
    return {
      ...rest,
      disabled: disabled === 1,
      mustChangePassword: mustChangePassword === 1,
      roles: roles.filter(role => rolesOf.get(userId)?.has(role.id)),
    }
  })
}

export function isOwner(member: Pick<Member, 'roles'>): boolean {
  return member.roles.some(role => role.id === ownerRoleId)
}

/** What others are told of a user. */
export function userOf(member: Member): User {
  const { id, name, email, createdAt, lastSignInAt, disabled, roles } = member
  return { id, name, email, createdAt, lastSignInAt, disabled, roles: roles.map(role => role.id) }
}
