/** Our own doings as events of the same log: who signed in, looked, exported, was refused, changed access. */
import type { Permission, Role } from '../../shared/access.ts'
import type { ApiKey, ExportRecord, User } from '../../shared/api.ts'
import type { By, RequestFacts } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import type { LogWriter } from './writer.ts'

export interface RecorderOptions {
  writer: Pick<LogWriter, 'append'>
  clock: () => number
  randomId: () => string
}

export function createRecorder(_options: RecorderOptions): Recorder {
  throw new Error('not yet')
}

/** Every call answers once the event is durable. */
export interface Recorder {
  signedIn(by: By): Promise<void>
  /** `account` is the user the e-mail belongs to, when there is one. */
  signInFailed(
    attempt: { email: string; account: { id: string; name: string } | null; reason: string },
    facts: RequestFacts,
  ): Promise<void>
  lockedOut(account: { id: string; name: string; email: string }, facts: RequestFacts): Promise<void>
  signedOut(by: By): Promise<void>
  /** At most one event a minute for each caller and route; later ones count what was left out. */
  denied(
    caller: Caller,
    permission: Permission,
    request: { method: string; path: string },
    facts: RequestFacts,
  ): Promise<void>
  /** Once a session (once a day and key for API keys). */
  viewed(by: By): Promise<void>
  /** Answers the event's place in the log. */
  exported(by: By, record: ExportRecord): Promise<number>
  passwordChanged(by: By): Promise<void>
  userCreated(by: By, user: User): Promise<void>
  /** Says which of name, roles and disabled changed, before and after. */
  userChanged(by: By, before: User, after: User): Promise<void>
  roleCreated(by: By, role: Role): Promise<void>
  roleUpdated(by: By, before: Role, after: Role): Promise<void>
  roleDeleted(by: By, role: Role): Promise<void>
  keyCreated(by: By, key: ApiKey): Promise<void>
  keyRevoked(by: By, key: ApiKey): Promise<void>
}
