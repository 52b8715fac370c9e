/** `trailside role create | list | delete` */
import { Role } from '../../shared/access.ts'
import { type RoleInput, Roles } from '../../shared/api.ts'
import { findRoleId, runSubCommand, type SubCommand, writeRows } from './access-command.ts'
import { type AdministrationParts, Nothing } from './administration.ts'

export const roleUsage = `trailside role create --data DIR --name NAME [--permission PERMISSION…] [--description TEXT]
trailside role list --data DIR [--json]
trailside role delete --data DIR --role ROLE

  The new role's id stands alone on standard output.
`

const create: SubCommand = {
  options: {
    name: { type: 'string' },
    description: { type: 'string' },
    permission: { type: 'string', multiple: true },
  },
  async run(flags, administration, { stdout, stderr }) {
    const input = {
      name: flags.one('name'),
      description: flags.maybe('description') ?? '',
      permissions: flags.many('permission'),
    } as RoleInput
    const role = await administration.call(Role, 'POST', '/v1/roles', input)
    stderr.write(`Role ${role.name} may: ${role.permissions.join(', ') || 'nothing'}.\n`)
    stdout.write(`${role.id}\n`)
  },
}

const list: SubCommand = {
  options: {},
  async run(flags, administration, parts) {
    const { roles } = await administration.call(Roles, 'GET', '/v1/roles')
    const rows = roles.map(role => ({
      id: role.id,
      name: role.name,
      permissions: role.permissions.join(','),
      users: String(role.users),
    }))
    writeRows(rows, flags.has('json'), parts)
  },
}

const remove: SubCommand = {
  options: { role: { type: 'string' } },
  async run(flags, administration, { stderr }) {
    const id = await findRoleId(flags.one('role'), administration)
    await administration.call(Nothing, 'DELETE', `/v1/roles/${encodeURIComponent(id)}`)
    stderr.write(`Role ${id} is deleted.\n`)
  },
}

/** Answers the exit code. */
export function roleCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runSubCommand(args, { create, list, delete: remove }, roleUsage, parts)
}
