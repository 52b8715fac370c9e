/**
 * Who may hand on what. Managing access must not become a way to read the log unseen, so:
 *
 * 1. Hand on only what you hold. Giving a role to a user or key, giving permissions to a key and adding
 *    permissions to a role all need every permission that is newly given. An Owner holds all; an Administrator,
 *    who does not read the log, can neither let themselves in nor make an account or key that can. (Whoever makes
 *    an account also knows its one-time password, which is why "not to oneself" would not be enough.)
 * 2. Take over only those who hold no more than you. A new one-time password opens the account to whoever set it.
 * 3. Owners are changed by those who hold every permission.
 *
 * Taking away is otherwise free for all who manage access: disabling a user, removing a role and revoking a key
 * must not have to wait for an Owner.
 */
import { allPermissions, permissions as labels, type Permission } from '../../shared/access.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Caller } from './caller.ts'

type Holder = Pick<Caller, 'permissions'>

/** Rule 1. @throws {ProblemError} forbidden, naming the first permission that the caller lacks */
export function refuseGrantBeyond(caller: Holder, given: Iterable<Permission>): void {
  const lacking = firstLacking(caller, given)
  if (!lacking) return
  throw refusal(lacking, 'This would hand on a permission you do not hold yourself')
}

/** Rule 2. @throws {ProblemError} forbidden */
export function refuseTakeover(caller: Holder, held: Iterable<Permission>): void {
  const lacking = firstLacking(caller, held)
  if (!lacking) return
  throw refusal(lacking, 'This account holds a permission that you do not')
}

/** Rule 3. @throws {ProblemError} forbidden */
export function refuseChangingOwner(caller: Holder): void {
  const lacking = firstLacking(caller, allPermissions)
  if (!lacking) return
  throw refusal(lacking, 'An Owner is changed only by someone who holds every permission')
}

function firstLacking(caller: Holder, wanted: Iterable<Permission>): Permission | undefined {
  return [...wanted].find(permission => !caller.permissions.has(permission))
}

function refusal(permission: Permission, why: string): ProblemError {
  return new ProblemError('forbidden', `${why}: ${labels[permission]} (${permission}). An Owner can do it.`, {
    permission,
  })
}
