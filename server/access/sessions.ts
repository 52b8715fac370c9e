/** Sessions: found by their token's hash, over at an absolute time, after idling, or when somebody ends them. */
import { ProblemError } from '../../shared/problem.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import type { RequestFacts } from './access.ts'
import { eventBy } from './access-events.ts'
import { type Caller, userCaller } from './caller.ts'
import type { AccessCore } from './core.ts'
import { findMember } from './members.ts'

export interface SessionLimits {
  /** Longest life of a session, however busy. */
  absoluteMs: number
  /** Longest pause between two requests. */
  idleMs: number
}

/** An ended session is remembered this long, so that its token is told apart from a made-up one. */
const rememberedMs = 30 * dayMs

export interface KnownSession {
  caller: Caller
  endsAt: number
  seenAt: number
}

export class Sessions {
  readonly #core: AccessCore
  readonly #limits: SessionLimits

  constructor(core: AccessCore, limits: SessionLimits) {
    this.#core = core
    this.#limits = limits
  }

  async start(userId: string): Promise<{ id: string; token: string; expiresAt: string }> {
    const { db, accounts, clock } = this.#core
    const now = clock()
    const forgotten = formatMoment(now - rememberedMs)
    await db.deleteFrom('session').where('expiresAt', '<', forgotten).execute()
    const expiresAt = new Date(now + this.#limits.absoluteMs)
    const session = await accounts.createSession(userId, new Date(now), expiresAt)
    return { ...session, expiresAt: expiresAt.toISOString() }
  }

  /** Null where the hash was never a session's. @throws {ProblemError} session_expired where it has ended */
  async find(hash: string): Promise<KnownSession | null> {
    const { db } = this.#core
    const row = await db.selectFrom('session').selectAll().where('token', '=', hash).executeTakeFirst()
    if (!row) return null
    const member = await findMember(db, row.userId)
    if (row.endedAt !== null || !member || member.disabled) throw sessionExpired()
    return {
      caller: userCaller({ ...member, sessionId: row.id }),
      endsAt: Date.parse(row.expiresAt),
      seenAt: Date.parse(row.updatedAt),
    }
  }

  isOver(session: Pick<KnownSession, 'endsAt' | 'seenAt'>, now: number): boolean {
    return now >= session.endsAt || now - session.seenAt >= this.#limits.idleMs
  }

  /** Ends a session that has run out; the first to notice has it recorded. */
  async expire({ caller }: KnownSession, facts: RequestFacts): Promise<void> {
    const { journal, clock } = this.#core
    const now = clock()
    if (await this.#end(caller.sessionId!, now)) {
      await journal.write(eventBy('user.session_expired', { caller, facts }, now))
    }
  }

  async end(sessionId: string): Promise<void> {
    await this.#end(sessionId, this.#core.clock())
  }

  async touch(sessionId: string, now: number): Promise<void> {
    const values = { updatedAt: formatMoment(now) }
    await this.#core.db.updateTable('session').set(values).where('id', '=', sessionId).execute()
  }

  async #end(sessionId: string, now: number): Promise<boolean> {
    const { db, forgetCallers } = this.#core
    const ended = await db
      .updateTable('session')
      .set({ endedAt: formatMoment(now) })
      .where('id', '=', sessionId)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    forgetCallers()
    return ended.numUpdatedRows > 0n
  }
}

export function sessionExpired(): ProblemError {
  return new ProblemError('session_expired', 'The session has ended. Sign in again.')
}
