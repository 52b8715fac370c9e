/**
 * API keys, in a table of our own rather than the account library's plugin: that one writes its row at every use,
 * binds each key to a user and copies permissions, where ours follow a role. 256 random bits, kept as SHA-256.
 */
import { randomUUID } from 'node:crypto'
import { type Permission, permissionsOf, type Role } from '../../shared/access.ts'
import type { ApiKey, CreatedApiKey, NewApiKey } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment, parseMoment } from '../../shared/time.ts'
import type { By } from './access.ts'
import { eventBy, keyTarget } from './access-events.ts'
import { type AccessCore, applyChange } from './core.ts'
import { refuseGrantBeyond } from './granting.ts'
import { allRoles, pickRoles, readPermissions } from './roles.ts'
import { createToken, hashToken, keyPrefix } from './secrets.ts'
import type { AccessTables } from './tables.ts'

const shownCharacters = 10

export class Keys {
  readonly #core: AccessCore

  constructor(core: AccessCore) {
    this.#core = core
  }

  /** All that have not been revoked, newest first. */
  async list(): Promise<ApiKey[]> {
    const { db } = this.#core
    const rows = await db
      .selectFrom('apiKey')
      .selectAll()
      .where('revokedAt', 'is', null)
      .orderBy('createdAt', 'desc')
      .execute()
    const roles = await allRoles(db)
    return rows.map(row => apiKeyOf(row, roles))
  }

  create(input: NewApiKey, by: By): Promise<CreatedApiKey> {
    return this.#core.exclusively(async () => {
      const { db, clock } = this.#core
      const roles = await allRoles(db)
      const { role, permissions } = rightsOf(input, roles)
      refuseGrantBeyond(by.caller, [...permissionsOf(role ? [role] : []), ...permissions])
      const at = clock()
      const key = createToken(keyPrefix)
      const row = {
        id: randomUUID(),
        name: input.name.trim(),
        start: key.slice(0, shownCharacters),
        hash: hashToken(key),
        roleId: role?.id ?? null,
        permissions: JSON.stringify(permissions),
        createdAt: formatMoment(at),
        createdBy: by.caller.id,
        lastUsedAt: null,
        expiresAt: readExpiry(input.expiresAt, at),
        revokedAt: null,
      }
      const apiKey = apiKeyOf(row, roles)
      const event = eventBy('apikey.generated', by, at, {
        targets: [keyTarget(row)],
        changes: [
          { field: 'role', before: null, after: role?.name ?? null },
          { field: 'permissions', before: null, after: apiKey.permissions },
          { field: 'expiresAt', before: null, after: row.expiresAt },
        ],
      })
      await applyChange(this.#core, [event], async trx => {
        await trx.insertInto('apiKey').values(row).execute()
      })
      return { key, apiKey }
    })
  }

  revoke(id: string, by: By): Promise<void> {
    return this.#core.exclusively(async () => {
      const { db, clock } = this.#core
      const key = await db
        .selectFrom('apiKey')
        .select(['id', 'name'])
        .where('id', '=', id)
        .where('revokedAt', 'is', null)
        .executeTakeFirst()
      if (!key) throw new ProblemError('not_found', 'There is no such API key.')
      const at = clock()
      await applyChange(
        this.#core,
        [eventBy('apikey.deleted', by, at, { targets: [keyTarget(key)] })],
        async trx => {
          await trx
            .updateTable('apiKey')
            .set({ revokedAt: formatMoment(at) })
            .where('id', '=', id)
            .execute()
        },
      )
    })
  }
}

/** Exactly one of role and permissions. @throws {ProblemError} malformed */
function rightsOf(
  input: NewApiKey,
  roles: readonly Role[],
): { role: Role | null; permissions: Permission[] } {
  if ((input.role === undefined) === (input.permissions === undefined)) {
    throw new ProblemError('malformed', 'A key needs either a role or permissions.', {
      errors: [{ path: 'role', message: 'either this or permissions must be given' }],
    })
  }
  if (input.role !== undefined) return { role: pickRoles(roles, [input.role], 'role')[0]!, permissions: [] }
  return { role: null, permissions: [...new Set(input.permissions)] }
}

function readExpiry(text: string | undefined, now: number): string | null {
  if (text === undefined) return null
  const moment = parseMoment(text)
  if (moment !== null && moment > formatMoment(now)) return moment
  const message = 'is no time in the future (RFC 3339, with an offset)'
  throw new ProblemError('malformed', `expiresAt ${message}`, { errors: [{ path: 'expiresAt', message }] })
}

function apiKeyOf(row: AccessTables['apiKey'], all: readonly Role[]): ApiKey {
  const { id, name, start, createdAt, lastUsedAt, expiresAt } = row
  const roles = all.filter(role => role.id === row.roleId)
  const permissions = [...new Set([...permissionsOf(roles), ...readPermissions(row.permissions)])]
  return { id, name, start, createdAt, lastUsedAt, expiresAt, permissions, roles: roles.map(role => role.id) }
}
