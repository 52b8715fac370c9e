/** `trailside user create | list | reset-password` */
import { CreatedUser, type NewUser, type User, Users } from '../../shared/api.ts'
import { findRoleId, runSubCommand, type SubCommand, UsageError, writeRows } from './access-command.ts'
import { type Administration, type AdministrationParts, RefusedError } from './administration.ts'

export const userUsage = `trailside user create --data DIR --name NAME --email E-MAIL --role ROLE… [--password-stdin]
trailside user list --data DIR [--json]
trailside user reset-password --data DIR --email E-MAIL

  The one-time password stands alone on standard output. It must be replaced at the first sign-in.
  --password-stdin   reads the password from the first line of standard input instead; nothing is printed
`

const create: SubCommand = {
  options: {
    name: { type: 'string' },
    email: { type: 'string' },
    role: { type: 'string', multiple: true },
    'password-stdin': { type: 'boolean' },
  },
  async run(flags, administration, parts) {
    const wanted = flags.many('role')
    if (!wanted.length) throw new UsageError('--role is missing.')
    const roles: string[] = []
    for (const role of wanted) roles.push(await findRoleId(role, administration))
    const input: NewUser = { name: flags.one('name'), email: flags.one('email'), roles }
    if (flags.has('password-stdin')) input.password = await firstLine(parts.stdin ?? process.stdin)
    const { user, oneTimePassword } = await administration.call(CreatedUser, 'POST', '/v1/users', input)
    parts.stderr.write(`User ${user.name} <${user.email}> has the roles ${user.roles.join(', ')}.\n`)
    if (oneTimePassword !== null) parts.stdout.write(`${oneTimePassword}\n`)
  },
}

const list: SubCommand = {
  options: {},
  async run(flags, administration, parts) {
    const { users } = await administration.call(Users, 'GET', '/v1/users')
    const rows = users.map(user => ({
      id: user.id,
      email: user.email,
      name: user.name,
      roles: user.roles.join(','),
      state: user.disabled ? 'disabled' : 'enabled',
      lastSignInAt: user.lastSignInAt ?? '-',
    }))
    writeRows(rows, flags.has('json'), parts)
  },
}

const resetPassword: SubCommand = {
  options: { email: { type: 'string' } },
  async run(flags, administration, { stdout, stderr }) {
    const user = await findUser(flags.one('email'), administration)
    const path = `/v1/users/${encodeURIComponent(user.id)}/password`
    const { oneTimePassword } = await administration.call(CreatedUser, 'POST', path)
    stderr.write(
      `User ${user.name} <${user.email}> is signed out everywhere and has a new one-time password.\n`,
    )
    stdout.write(`${oneTimePassword}\n`)
  },
}

async function findUser(email: string, administration: Administration): Promise<User> {
  const { users } = await administration.call(Users, 'GET', '/v1/users')
  const user = users.find(each => each.email === email.trim().toLowerCase())
  if (user) return user
  throw new RefusedError(`There is no user with the e-mail ${email}.`)
}

async function firstLine(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of input) {
    chunks.push(chunk)
    if (chunk.includes(0x0a)) break
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0]!
}

/** Answers the exit code. */
export function userCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runSubCommand(args, { create, list, 'reset-password': resetPassword }, userUsage, parts)
}
