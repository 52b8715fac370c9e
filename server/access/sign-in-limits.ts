/**
 * How often a password may be tried: five times an account and thirty times a network in any 15 minutes. Kept in
 * the database, so that a restart does not begin anew. An attempt counts before it is tried, so that many at the
 * same moment are no way around; a success takes it back.
 */
import { randomUUID } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { parseAddress } from '../../shared/address.ts'
import { pseudonymOf } from './secrets.ts'
import type { AccessDatabase } from './tables.ts'

const windowMs = 15 * 60_000
export const attemptsPerAccount = 5
export const attemptsPerNetwork = 30

export type Attempt =
  | { allowed: true; id: string; account: string /** No further attempt follows this one. */; last: boolean }
  | { allowed: false; by: 'account' | 'network'; retryAfter: number }

export class SignInLimits {
  readonly #db: AccessDatabase
  readonly #secret: string

  constructor(db: AccessDatabase, secret: string) {
    this.#db = db
    this.#secret = secret
  }

  /** Counts an attempt, or refuses it. Unknown e-mails are counted like known ones. */
  async take(email: string, address: string | null, now: number): Promise<Attempt> {
    const account = `account:${pseudonymOf(this.#secret, 'e-mail', email)}`
    const network = networkOf(address)
    return this.#db.transaction().execute(async trx => {
      await trx
        .deleteFrom('signInAttempt')
        .where('at', '<=', now - windowMs)
        .execute()
      const times = async (subject: string) =>
        (
          await trx
            .selectFrom('signInAttempt')
            .select('at')
            .where('subject', '=', subject)
            .orderBy('at', 'desc')
            .execute()
        ).map(row => row.at)
      const tried = await times(account)
      if (tried.length >= attemptsPerAccount) {
        return {
          allowed: false,
          by: 'account',
          retryAfter: secondsUntil(tried[attemptsPerAccount - 1]!, now),
        }
      }
      if (network) {
        const there = await times(network)
        if (there.length >= attemptsPerNetwork) {
          return {
            allowed: false,
            by: 'network',
            retryAfter: secondsUntil(there[attemptsPerNetwork - 1]!, now),
          }
        }
      }
      const id = randomUUID()
      await trx.insertInto('signInAttempt').values({ id, subject: account, at: now }).execute()
      if (network) {
        await trx
          .insertInto('signInAttempt')
          .values({ id: `${id}/network`, subject: network, at: now })
          .execute()
      }
      return { allowed: true, id, account, last: tried.length + 1 === attemptsPerAccount }
    })
  }

  /** The password was right: the account starts afresh, and its network is not blamed for this attempt. */
  async succeeded(attempt: Attempt & { allowed: true }): Promise<void> {
    await this.#db
      .deleteFrom('signInAttempt')
      .where(where =>
        where.or([where('subject', '=', attempt.account), where('id', '=', `${attempt.id}/network`)]),
      )
      .execute()
  }
}

function secondsUntil(attemptAt: number, now: number): number {
  return Math.max(1, Math.ceil((attemptAt + windowMs - now) / 1000))
}

/** One address, or the /64 that a single IPv6 customer has to itself. */
function networkOf(address: string | null): string | null {
  const parsed = address === null ? null : parseAddress(address)
  if (!parsed) return null
  if (parsed.kind() === 'ipv4') return `network:${parsed.toString()}`
  return `network:${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}`
}
