/**
 * Accounts and sessions in the account library (better-auth), used in-process. Its own routes and cookies stay
 * unused: ours are described and guarded one by one. We go through the adapter its plugins use, because that lets
 * a session be kept under the hash of its token; the library's sign-in would keep the token itself.
 * Telemetry is off; the library makes no request to the network.
 */
import { runWithTransaction } from '@better-auth/core/context'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { type HashCost, hashPassword, verifyPassword } from './password-hash.ts'
import { createToken, hashToken, sessionPrefix } from './secrets.ts'
import type { AccessDatabase } from './tables.ts'

export interface Account {
  userId: string
  name: string
  email: string
  passwordHash: string | null
}

export type Accounts = Awaited<ReturnType<typeof openAccounts>>

const provider = 'credential'

/** Brings the library's tables up to date and opens it. */
export async function openAccounts(db: AccessDatabase, secret: string, cost: HashCost) {
  const options = libraryOptions(db, secret, cost)
  await (await getMigrations(options)).runMigrations()
  const { adapter, internalAdapter } = await betterAuth(options).$context
  /** Compared with where there is no account, so that an unknown e-mail takes as long as a wrong password. */
  const nobodysHash = await hashPassword(createToken(''), cost)

  return {
    async create(person: { name: string; email: string; password: string }): Promise<string> {
      const password = await hashPassword(person.password, cost)
      return runWithTransaction(adapter, async () => {
        const { name, email } = person
        const user = await internalAdapter.createUser(
          { name, email, emailVerified: true },
          { method: 'email-password' },
        )
        await internalAdapter.linkAccount({
          userId: user.id,
          accountId: user.id,
          providerId: provider,
          password,
        })
        return user.id
      })
    },

    /** Only for an account that never became a member. */
    remove: (userId: string) => internalAdapter.deleteUser(userId),

    async find(email: string): Promise<Account | null> {
      const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true })
      if (!found) return null
      const { id: userId, name } = found.user
      const login = found.accounts.find(each => each.providerId === provider && each.accountId === userId)
      return { userId, name, email: found.user.email, passwordHash: login?.password ?? null }
    },

    async rename(userId: string, name: string): Promise<void> {
      await internalAdapter.updateUser(userId, { name })
    },

    /** Takes the same time whether or not there is such an account. */
    async isPassword(account: Account | null, password: string): Promise<boolean> {
      const right = await verifyPassword(password, account?.passwordHash ?? nobodysHash)
      return right && Boolean(account?.passwordHash)
    },

    async setPassword(userId: string, password: string): Promise<void> {
      await internalAdapter.updatePassword(userId, await hashPassword(password, cost))
    },

    /** A session that ends by itself at `expiresAt`; the answer holds its token, the database only the hash. */
    async createSession(userId: string, now: Date, expiresAt: Date): Promise<{ id: string; token: string }> {
      const token = createToken(sessionPrefix)
      const kept = { token: hashToken(token), createdAt: now, updatedAt: now, expiresAt }
      const session = await internalAdapter.createSession(userId, false, kept, true)
      return { id: session.id, token }
    },
  }
}

function libraryOptions(db: AccessDatabase, secret: string, cost: HashCost): BetterAuthOptions {
  return {
    appName: 'Trailside',
    baseURL: 'http://localhost',
    secret,
    database: { db, type: 'sqlite', transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Our own limits, which outlive a restart, stand in front of every sign-in.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: {
        hash: password => hashPassword(password, cost),
        verify: ({ password, hash }) => verifyPassword(password, hash),
      },
    },
    session: {
      // An ended session stays for a while, so that "has ended" can be told from "never was".
      additionalFields: { endedAt: { type: 'date', required: false, input: false } },
    },
  }
}
