/** Access over an empty database in memory, with a clock that is set by hand and passwords that cost nothing. */
import {
  type Access,
  type AccessOptions,
  type By,
  openAccess,
  type RequestFacts,
} from '../../server/access/access.ts'
import { type Caller, localCommandLine } from '../../server/access/caller.ts'
import type { AccessTables } from '../../server/access/tables.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { kyselyOver } from '../../server/store/sqlite/kysely-dialect.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { ProblemError } from '../../shared/problem.ts'

export const facts: RequestFacts = {
  address: '192.0.2.7',
  userAgent: 'test',
  requestId: 'request-1',
  channel: 'web',
}
export const local: By = { caller: localCommandLine, facts }
export const goodPassword = 'velvet otter climbs nine stairs'
export const otherPassword = 'purple kettle hums past noon'

export interface TestAccess {
  access: Access
  events: NewEventInput[]
  actions(): string[]
  time: { now: number }
  database: ReturnType<typeof openDatabase>
  /** A user with the roles, signed in. */
  join(name: string, ...roles: string[]): Promise<Joined>
  /** The same database opened anew, as after a restart. */
  reopen(options?: Partial<AccessOptions>): Promise<TestAccess>
}

export interface Joined {
  id: string
  email: string
  token: string
  caller: Caller
  by: By
}

export const cheapHash = { N: 16, r: 1, p: 1 }

export function bearer(token: string): Headers {
  return new Headers({ authorization: `Bearer ${token}` })
}

export async function openTestAccess(
  options: Partial<AccessOptions> = {},
  path = ':memory:',
): Promise<TestAccess> {
  const time = { now: Date.parse('2026-03-01T08:00:00.000Z') }
  return over(openDatabase(path), time, options)
}

async function over(
  database: ReturnType<typeof openDatabase>,
  time: { now: number },
  options: Partial<AccessOptions>,
): Promise<TestAccess> {
  const events: NewEventInput[] = []
  const access = await openAccess({
    database: kyselyOver<AccessTables>(database),
    secret: 'a secret for tests that is long enough',
    clock: () => time.now,
    record: async event => void events.push(event),
    workspace: { id: 'workspace-1', name: 'Test', demo: false },
    logger: { error: () => {} },
    hashCost: cheapHash,
    ...options,
  })
  const authenticate = (token: string) => access.authenticate(bearer(token), facts.address)
  return {
    access,
    events,
    time,
    database,
    actions: () => events.map(event => event.action),
    reopen: more => over(database, time, { ...options, ...more }),
    async join(name, ...roles) {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`
      const { user } = await access.createUser({ name, email, roles, password: goodPassword }, local)
      const { token } = await access.signIn({ email, password: goodPassword }, facts)
      const caller = await authenticate(token)
      return { id: user.id, email, token, caller, by: { caller, facts } }
    },
  }
}

/** The problem's code (and for a missing permission its name); `none` where nothing was refused. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    const { code, extras } = error as ProblemError
    if (code === undefined) throw error
    return extras.permission ? `${code} ${extras.permission}` : code
  }
}
