/** Managing users: made with a role, changed and disabled within the rules of `granting.ts`, never the last Owner. */
import { permissionsOf, type Role } from '../../shared/access.ts'
import type { CreatedUser, NewUser, User, UserChange } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import type { By } from './access.ts'
import { eventBy, roleTarget, userTarget } from './access-events.ts'
import { type AccessCore, applyChange } from './core.ts'
import { refuseChangingOwner, refuseGrantBeyond, refuseTakeover } from './granting.ts'
import { allMembers, findMember, isOwner, type Member, userOf } from './members.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { allRoles, pickRoles } from './roles.ts'
import { createOneTimePassword } from './secrets.ts'
import type { AccessDatabase } from './tables.ts'

/** An unused one-time password stops working after this. */
export const oneTimePasswordDays = 7

export class Users {
  readonly #core: AccessCore

  constructor(core: AccessCore) {
    this.#core = core
  }

  async list(): Promise<User[]> {
    return (await allMembers(this.#core.db)).map(userOf)
  }

  create(input: NewUser, by: By): Promise<CreatedUser> {
    return this.#core.exclusively(async () => {
      const { db, accounts, clock } = this.#core
      const roles = pickRoles(await allRoles(db), input.roles, 'roles')
      refuseGrantBeyond(by.caller, permissionsOf(roles))
      const person = { name: input.name.trim(), email: input.email.trim().toLowerCase() }
      if (input.password !== undefined) refuseWeakPassword(input.password, person)
      await this.#refuseTaken(person.email)
      const oneTimePassword = input.password === undefined ? createOneTimePassword() : null
      const password = input.password ?? oneTimePassword!
      const id = await accounts.create({ ...person, password })
      const at = clock()
      const names = roles.map(role => role.name)
      const event = eventBy('user.created', by, at, {
        targets: [userTarget({ id, name: person.name })],
        changes: [{ field: 'roles', before: null, after: names }],
      })
      await applyChange(this.#core, [event], async trx => {
        await trx
          .insertInto('member')
          .values({ userId: id, disabled: 0, lastSignInAt: null, ...passwordState(oneTimePassword, at) })
          .execute()
        await giveRoles(trx, id, roles)
      })
      return { user: userOf((await findMember(db, id))!), oneTimePassword }
    })
  }

  change(id: string, change: UserChange, by: By): Promise<User> {
    return this.#core.exclusively(async () => {
      const { db, clock } = this.#core
      const before = await this.#member(id)
      const after = changed(before, change, await allRoles(db))
      refuseBeyondRights(before, after, by)
      if (isActiveOwner(before) && !isActiveOwner(after)) await this.#refuseLastOwner(id)
      const at = clock()
      await applyChange(this.#core, changeEvents(before, after, by, at), async trx => {
        const moment = formatMoment(at)
        await trx
          .updateTable('user')
          .set({ name: after.name, updatedAt: moment })
          .where('id', '=', id)
          .execute()
        await trx
          .updateTable('member')
          .set({ disabled: after.disabled ? 1 : 0 })
          .where('userId', '=', id)
          .execute()
        await trx.deleteFrom('memberRole').where('userId', '=', id).execute()
        await giveRoles(trx, id, after.roles)
        if (after.disabled) await endSessions(trx, id, moment)
      })
      return userOf((await findMember(db, id))!)
    })
  }

  /** For someone who has forgotten theirs: a new one-time password; their sessions end. */
  resetPassword(id: string, by: By): Promise<CreatedUser> {
    return this.#core.exclusively(async () => {
      const { accounts, clock } = this.#core
      const member = await this.#member(id)
      refuseTakeover(by.caller, permissionsOf(member.roles))
      if (isOwner(member)) refuseChangingOwner(by.caller)
      const oneTimePassword = createOneTimePassword()
      await accounts.setPassword(id, oneTimePassword)
      const at = clock()
      const event = eventBy('user.password_reset', by, at, { targets: [userTarget(member)] })
      await applyChange(this.#core, [event], async trx => {
        await trx
          .updateTable('member')
          .set(passwordState(oneTimePassword, at))
          .where('userId', '=', id)
          .execute()
        await endSessions(trx, id, formatMoment(at))
      })
      return { user: userOf(member), oneTimePassword }
    })
  }

  /** Whom to ask for a permission: who manages access, Owners first since they can grant everything. */
  async managers(): Promise<string[]> {
    const able = (await allMembers(this.#core.db)).filter(
      member => !member.disabled && permissionsOf(member.roles).has('access.manage'),
    )
    const ordered = [...able.filter(isOwner), ...able.filter(member => !isOwner(member))]
    return ordered.slice(0, 10).map(member => member.name)
  }

  async #member(id: string): Promise<Member> {
    const member = await findMember(this.#core.db, id)
    if (member) return member
    throw new ProblemError('not_found', 'There is no such user.')
  }

  async #refuseTaken(email: string): Promise<void> {
    const { db, accounts } = this.#core
    const account = await accounts.find(email)
    if (!account) return
    if (await findMember(db, account.userId)) {
      throw new ProblemError('conflict', 'There is a user with this e-mail already.')
    }
    // Left by a creation that was cut short before the user had a role.
    await accounts.remove(account.userId)
  }

  async #refuseLastOwner(id: string): Promise<void> {
    const others = (await allMembers(this.#core.db)).filter(
      member => member.id !== id && isActiveOwner(member),
    )
    if (others.length) return
    throw new ProblemError('conflict', 'This is the last Owner: make someone else Owner first.')
  }
}

/** Ends whatever sessions someone has, all but `except`. */
export async function endSessions(
  db: AccessDatabase,
  userId: string,
  endedAt: string,
  except: string | null = null,
): Promise<void> {
  let sessions = db.updateTable('session').set({ endedAt }).where('userId', '=', userId)
  if (except !== null) sessions = sessions.where('id', '!=', except)
  await sessions.where('endedAt', 'is', null).execute()
}

async function giveRoles(db: AccessDatabase, userId: string, roles: readonly Role[]): Promise<void> {
  await db
    .insertInto('memberRole')
    .values(roles.map(role => ({ userId, roleId: role.id })))
    .execute()
}

function passwordState(oneTimePassword: string | null, at: number) {
  return {
    mustChangePassword: oneTimePassword === null ? 0 : 1,
    passwordExpiresAt: oneTimePassword === null ? null : formatMoment(at + oneTimePasswordDays * dayMs),
  }
}

function isActiveOwner(member: Member): boolean {
  return isOwner(member) && !member.disabled
}

function changed(member: Member, change: UserChange, roles: readonly Role[]): Member {
  return {
    ...member,
    name: change.name?.trim() || member.name,
    disabled: change.disabled ?? member.disabled,
    roles: change.roles ? pickRoles(roles, change.roles, 'roles') : member.roles,
  }
}

function refuseBeyondRights(before: Member, after: Member, { caller }: By): void {
  if (isOwner(before) || isOwner(after)) refuseChangingOwner(caller)
  const usable = (member: Member) =>
    member.disabled ? new Set<never>() : (permissionsOf(member.roles) as ReadonlySet<string>)
  const had = usable(before)
  // Roles given to a disabled user work once they are enabled, so they count as given now.
  const gets = permissionsOf(after.roles)
  refuseGrantBeyond(
    caller,
    [...gets].filter(
      permission => !had.has(permission) && (!after.disabled || !permissionsOf(before.roles).has(permission)),
    ),
  )
}

function changeEvents(before: Member, after: Member, by: By, at: number): NewEventInput[] {
  const user = userTarget(after)
  const names = (member: Member) => member.roles.map(role => role.name)
  const roleChange = [{ field: 'roles', before: names(before), after: names(after) }]
  const without = (roles: Role[], others: Role[]) => roles.filter(role => !others.some(o => o.id === role.id))
  const perRole = (action: string, roles: Role[]) =>
    roles.map(role => eventBy(action, by, at, { targets: [user, roleTarget(role)], changes: roleChange }))
  const events = [
    ...perRole('user.role_assigned', without(after.roles, before.roles)),
    ...perRole('user.role_removed', without(before.roles, after.roles)),
  ]
  if (before.name !== after.name) {
    const changes = [{ field: 'name', before: before.name, after: after.name }]
    events.push(eventBy('user.updated', by, at, { targets: [user], changes }))
  }
  if (before.disabled !== after.disabled) {
    const changes = [{ field: 'disabled', before: before.disabled, after: after.disabled }]
    events.push(
      eventBy(after.disabled ? 'user.suspended' : 'user.activated', by, at, { targets: [user], changes }),
    )
  }
  return events
}
