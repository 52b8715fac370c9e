/** `trailside key create | list | revoke` */
import { ApiKeys, CreatedApiKey, type NewApiKey } from '../../shared/api.ts'
import { findRoleId, runSubCommand, type SubCommand, UsageError, writeRows } from './access-command.ts'
import { type AdministrationParts, Nothing } from './administration.ts'

export const keyUsage = `trailside key create --data DIR --name NAME (--role ROLE | --permission PERMISSION…) [--expires TIME]
trailside key list --data DIR [--json]
trailside key revoke --data DIR --id ID

  The new key stands alone on standard output. It is shown this once.
`

const create: SubCommand = {
  options: {
    name: { type: 'string' },
    role: { type: 'string' },
    permission: { type: 'string', multiple: true },
    expires: { type: 'string' },
  },
  async run(flags, administration, { stdout, stderr }) {
    const wantedRole = flags.maybe('role')
    const permissions = flags.many('permission')
    if ((wantedRole === undefined) === (permissions.length === 0)) {
      throw new UsageError('Say either --role or --permission.')
    }
    const expiresAt = flags.maybe('expires')
    const input = {
      name: flags.one('name'),
      ...(wantedRole === undefined
        ? { permissions }
        : { role: await findRoleId(wantedRole, administration) }),
      ...(expiresAt !== undefined && { expiresAt }),
    } as NewApiKey
    const { key, apiKey } = await administration.call(CreatedApiKey, 'POST', '/v1/keys', input)
    stderr.write(
      `API key ${apiKey.name} (${apiKey.id}) may: ${apiKey.permissions.join(', ') || 'nothing'}.\n`,
    )
    stdout.write(`${key}\n`)
  },
}

const list: SubCommand = {
  options: {},
  async run(flags, administration, parts) {
    const { keys } = await administration.call(ApiKeys, 'GET', '/v1/keys')
    const rows = keys.map(key => ({
      id: key.id,
      start: key.start,
      name: key.name,
      permissions: key.permissions.join(','),
      createdAt: key.createdAt,
      lastUsedAt: key.lastUsedAt ?? '-',
      expiresAt: key.expiresAt ?? '-',
    }))
    writeRows(rows, flags.has('json'), parts)
  },
}

const revoke: SubCommand = {
  options: { id: { type: 'string' } },
  async run(flags, administration, { stderr }) {
    const id = flags.one('id')
    await administration.call(Nothing, 'DELETE', `/v1/keys/${encodeURIComponent(id)}`)
    stderr.write(`API key ${id} is revoked.\n`)
  },
}

/** Answers the exit code. */
export function keyCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runSubCommand(args, { create, list, revoke }, keyUsage, parts)
}
