/** Signing in and out, and changing one's password: everything that handles a password somebody typed. */
import * as z from 'zod/mini'
import type { PasswordChange, Session, SignIn } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import type { By, RequestFacts } from './access.ts'
import { eventBy, eventByClaim } from './access-events.ts'
import type { Account } from './accounts.ts'
import { userCaller } from './caller.ts'
import { type AccessCore, applyChange } from './core.ts'
import { findMember, type Member } from './members.ts'
import type { OncePerMinute } from './once-per-minute.ts'
import { longestPassword, refuseWeakPassword } from './password-rules.ts'
import { pseudonymOf } from './secrets.ts'
import type { Sessions } from './sessions.ts'
import type { Attempt, SignInLimits } from './sign-in-limits.ts'
import { endSessions, oneTimePasswordDays } from './users.ts'

const longestEmail = 254
/** A password may be this many UTF-16 units; whatever is longer is wrong without a look at it. */
const longestTyped = longestPassword * 2

type Claim = { id: string; name: string | null; email: string | null }

export class SignIns {
  readonly #core: AccessCore
  readonly #sessions: Sessions
  readonly #limits: SignInLimits
  readonly #repeats: OncePerMinute

  constructor(core: AccessCore, sessions: Sessions, limits: SignInLimits, repeats: OncePerMinute) {
    this.#core = core
    this.#sessions = sessions
    this.#limits = limits
    this.#repeats = repeats
  }

  /** The same answer in the same time whether the e-mail is unknown, the password wrong or the account disabled. */
  async signIn(credentials: SignIn, facts: RequestFacts): Promise<Session> {
    const { db, accounts, clock, journal } = this.#core
    const email = credentials.email.trim().toLowerCase().slice(0, longestEmail)
    const account = await accounts.find(email)
    const claim = this.#claimOf(email, account)
    const attempt = await this.#attempt(email, claim, facts)
    const right = await accounts.isPassword(account, typed(credentials.password))
    const member = account && (await findMember(db, account.userId))
    if (!right || !member || !mayEnter(member, clock())) {
      await this.#failed(attempt, claim, facts)
      throw wrongCredentials()
    }
    await this.#limits.succeeded(attempt)
    const { id: sessionId, token, expiresAt } = await this.#sessions.start(member.id)
    const now = clock()
    await db
      .updateTable('member')
      .set({ lastSignInAt: formatMoment(now) })
      .where('userId', '=', member.id)
      .execute()
    const caller = userCaller({ ...member, sessionId })
    await journal.write(eventBy('user.login', { caller, facts }, now))
    return { token, expiresAt }
  }

  async signOut(by: By): Promise<void> {
    const { sessionId } = by.caller
    if (sessionId === null)
      throw new ProblemError('conflict', 'An API key has no session: revoke it instead.')
    await this.#sessions.end(sessionId)
    await this.#core.journal.write(eventBy('user.logout', by, this.#core.clock()))
  }

  /** Ends the person's other sessions. The current password is guessed no faster here than at the door. */
  async changePassword({ current, next }: PasswordChange, by: By): Promise<void> {
    const { accounts, clock } = this.#core
    const { id, name, email, sessionId } = by.caller
    if (email === null) throw new ProblemError('conflict', 'An API key has no password.')
    const claim = { id, name, email }
    const attempt = await this.#attempt(email, claim, by.facts)
    if (!(await accounts.isPassword(await accounts.find(email), typed(current)))) {
      await this.#failed(attempt, claim, by.facts)
      throw new ProblemError('wrong_credentials', 'The current password is wrong.')
    }
    await this.#limits.succeeded(attempt)
    refuseWeakPassword(next, { name, email })
    if (next === current) throw new ProblemError('weak_password', 'The new password is the current one.')
    await this.#core.exclusively(async () => {
      await accounts.setPassword(id, next)
      const now = clock()
      await applyChange(this.#core, [eventBy('user.password_changed', by, now)], async trx => {
        const values = { mustChangePassword: 0, passwordExpiresAt: null }
        await trx.updateTable('member').set(values).where('userId', '=', id).execute()
        await endSessions(trx, id, formatMoment(now), sessionId)
      })
    })
  }

  /** @throws {ProblemError} locked_out, rate_limited: before the password is looked at */
  async #attempt(email: string, claim: Claim, facts: RequestFacts): Promise<Attempt & { allowed: true }> {
    const attempt = await this.#limits.take(email, facts.address, this.#core.clock())
    if (attempt.allowed) return attempt
    const { by, retryAfter } = attempt
    // Whoever keeps hammering must not fill the log for ever.
    if (this.#repeats.isFirst(`${by} ${by === 'account' ? claim.id : facts.address}`, this.#core.clock())) {
      await this.#record('user.login_failed', claim, facts, by === 'account' ? 'locked_out' : 'rate_limited')
    }
    const minutes = Math.ceil(retryAfter / 60)
    const when = `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
    throw by === 'account'
      ? new ProblemError('locked_out', `Too many failed sign-ins for this account. ${when}`, { retryAfter })
      : new ProblemError('rate_limited', `Too many failed sign-ins from your network. ${when}`, {
          retryAfter,
        })
  }

  async #failed(attempt: Attempt & { allowed: true }, claim: Claim, facts: RequestFacts): Promise<void> {
    await this.#record('user.login_failed', claim, facts, 'wrong_credentials')
    if (attempt.last) await this.#record('user.locked_out', claim, facts, 'too_many_failures')
  }

  async #record(action: string, claim: Claim, facts: RequestFacts, reason: string): Promise<void> {
    const parts = { outcome: 'failure' as const, metadata: { reason } }
    await this.#core.journal.write(eventByClaim(action, claim, facts, this.#core.clock(), parts))
  }

  /** A password typed into the wrong field must not end up in the log: only what has the form of an e-mail does. */
  #claimOf(email: string, account: Account | null): Claim {
    if (account) return { id: account.userId, name: account.name, email: account.email }
    const id = `unknown-${pseudonymOf(this.#core.secret, 'unknown e-mail', email)}`
    return { id, name: null, email: z.email().safeParse(email).success ? email : null }
  }
}

function typed(password: string): string {
  return password.length > longestTyped ? '' : password
}

function mayEnter(member: Member, now: number): boolean {
  return (
    !member.disabled && (member.passwordExpiresAt === null || formatMoment(now) < member.passwordExpiresAt)
  )
}

function wrongCredentials(): ProblemError {
  return new ProblemError(
    'wrong_credentials',
    'E-mail or password is wrong, or the account is disabled. ' +
      `A one-time password works for ${oneTimePasswordDays} days.`,
  )
}
