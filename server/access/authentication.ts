/**
 * From a request's `Authorization` header to its caller. Answers are remembered between requests and forgotten as
 * a whole with any change of users, roles, keys or sessions: what is revoked is refused at once.
 */
import { isInRange, parseAddress, parseAddressRange } from '../../shared/address.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import type { RequestFacts } from './access.ts'
import { type Caller, keyCaller, localCommandLine } from './caller.ts'
import type { AccessCore } from './core.ts'
import { allRoles, readPermissions } from './roles.ts'
import { hashToken, isSameSecret, keyPrefix } from './secrets.ts'
import { type Sessions, sessionExpired } from './sessions.ts'

interface Known {
  caller: Caller
  /** Milliseconds since 1970; infinite for a key without expiry. */
  endsAt: number
  seenAt: number
  /** When the database last learned of its use. */
  writtenAt: number
}

const longestMemory = 10_000
/** Last use is kept to the minute: not every request is worth a write. */
const writeEveryMs = 60_000

export class Authentication {
  readonly #core: AccessCore
  readonly #sessions: Sessions
  readonly #localSecret: () => string | null
  #known = new Map<string, Known>()

  constructor(core: AccessCore, sessions: Sessions, localSecret: () => string | null) {
    this.#core = core
    this.#sessions = sessions
    this.#localSecret = localSecret
  }

  forget(): void {
    this.#known = new Map()
  }

  /**
   * `passive`: asks without being a sign of life, so that an open page alone does not keep a session going.
   * @throws {ProblemError} unauthenticated, session_expired
   */
  async authenticate(headers: Headers, address: string | null, passive: boolean): Promise<Caller> {
    const token = bearerToken(headers)
    const localSecret = this.#localSecret()
    if (localSecret !== null && isSameSecret(token, localSecret)) {
      if (isLoopback(address)) return localCommandLine
      throw unauthenticated('This is accepted from the server itself only.')
    }
    const hash = hashToken(token)
    return token.startsWith(keyPrefix) ? this.#byKey(hash) : this.#bySession(hash, passive, address, headers)
  }

  async #byKey(hash: string): Promise<Caller> {
    const known = await this.#remembered(hash, () => this.#findKey(hash))
    if (!known) throw unauthenticated('The API key is not known or has been revoked.')
    const now = this.#core.clock()
    if (now >= known.endsAt) throw unauthenticated('The API key has expired.')
    await this.#seen(known, now, async () => {
      const values = { lastUsedAt: formatMoment(now) }
      await this.#core.db.updateTable('apiKey').set(values).where('hash', '=', hash).execute()
    })
    return known.caller
  }

  async #bySession(
    hash: string,
    passive: boolean,
    address: string | null,
    headers: Headers,
  ): Promise<Caller> {
    const known = await this.#remembered(hash, () => this.#findSession(hash))
    if (!known) throw unauthenticated('The token is not one of ours.')
    const now = this.#core.clock()
    if (this.#sessions.isOver(known, now)) {
      await this.#sessions.expire(known, backgroundFacts(headers, address))
      throw sessionExpired()
    }
    if (!passive) await this.#seen(known, now, () => this.#sessions.touch(known.caller.sessionId!, now))
    return known.caller
  }

  async #remembered(hash: string, find: () => Promise<Known | null>): Promise<Known | null> {
    const memory = this.#known
    const remembered = memory.get(hash)
    if (remembered) return remembered
    const found = await find()
    // A change in the meantime has replaced the memory: what was found may be outdated and is not kept.
    if (found) memory.set(hash, found)
    if (memory.size > longestMemory) this.forget()
    return found
  }

  async #findSession(hash: string): Promise<Known | null> {
    const session = await this.#sessions.find(hash)
    return session && { ...session, writtenAt: session.seenAt }
  }

  async #findKey(hash: string): Promise<Known | null> {
    const { db } = this.#core
    const row = await db.selectFrom('apiKey').selectAll().where('hash', '=', hash).executeTakeFirst()
    if (!row || row.revokedAt !== null) return null
    const roles = (await allRoles(db)).filter(role => role.id === row.roleId)
    const caller = keyCaller({
      id: row.id,
      name: row.name,
      roles,
      permissions: readPermissions(row.permissions),
    })
    const seenAt = row.lastUsedAt === null ? 0 : Date.parse(row.lastUsedAt)
    const endsAt = row.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(row.expiresAt)
    return { caller, endsAt, seenAt, writtenAt: seenAt }
  }

  async #seen(known: Known, now: number, write: () => Promise<void>): Promise<void> {
    known.seenAt = now
    if (now - known.writtenAt < writeEveryMs) return
    known.writtenAt = now
    await write()
  }
}

/** @throws {ProblemError} unauthenticated */
function bearerToken(headers: Headers): string {
  const match = /^Bearer +([\w.~+/=-]{1,512})$/i.exec(headers.get('authorization') ?? '')
  if (match) return match[1]!
  throw unauthenticated('Send a session token or an API key as "Authorization: Bearer …".')
}

const loopback = ['127.0.0.0/8', '::1'].map(text => parseAddressRange(text)!)

function isLoopback(text: string | null): boolean {
  const address = text === null ? null : parseAddress(text)
  return address !== null && loopback.some(range => isInRange(address, range))
}

function backgroundFacts(headers: Headers, address: string | null): RequestFacts {
  return { address, userAgent: headers.get('user-agent'), requestId: null, channel: 'background' }
}

function unauthenticated(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail)
}
