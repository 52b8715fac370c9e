/** What a new workspace begins with: the Owner of a real one, or the people and events of the demo. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultRoles, type Permission } from '../shared/access.ts'
import type { By } from './access/access.ts'
import { localCommandLine } from './access/caller.ts'
import { createOneTimePassword } from './access/secrets.ts'
import type { Backend } from './backend.ts'
import { defaultDemo, generateDemo } from './demo/generate.ts'

/** The machine's owner at the command line, who has started the server. */
export const atCommandLine: By = {
  caller: localCommandLine,
  facts: { address: null, userAgent: null, requestId: null, channel: 'background' },
}

export interface DemoAccount {
  role: string
  email: string
  password: string
}

const accountsFile = 'demo-accounts.json'
const batchSize = 250

/** Creates the Owner where nobody exists yet. Answers the one-time password, which is nowhere kept. */
export async function createFirstOwner(
  { access }: Backend,
  email: string,
): Promise<{ email: string; oneTimePassword: string } | null> {
  if ((await access.users()).length) return null
  const created = await access.createUser({ name: 'Owner', email, roles: ['owner'] }, atCommandLine)
  return { email, oneTimePassword: created.oneTimePassword! }
}

/**
 * Fills an empty demo workspace; a second start finds everything done, one that was stopped midway is completed.
 * Answers who can sign in.
 */
export async function prepareDemo(backend: Backend, now: number): Promise<DemoAccount[]> {
  const path = join(backend.folder.path, accountsFile)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoAccount[]
  await addDemoEvents(backend, now)
  const accounts = await addDemoAccounts(backend)
  writeFileSync(path, JSON.stringify(accounts, null, 2), { mode: 0o600 })
  return accounts
}

/** The same `now` for an interrupted and a repeated filling, so that what is there already is a duplicate. */
async function addDemoEvents({ workspace, writer, normalise }: Backend, now: number): Promise<void> {
  const end = Math.min(now, Date.parse(workspace.createdAt))
  let batch: Parameters<typeof writer.append>[0][number][] = []
  for (const event of generateDemo({ ...defaultDemo, now: end })) {
    const normal = normalise(event)
    if (!normal.ok) throw new Error(`the demo made a bad event: ${normal.path} ${normal.reason}`)
    batch.push(normal.event)
    if (batch.length < batchSize) continue
    await writer.append(batch)
    batch = []
  }
  await writer.append(batch)
}

const customRole = {
  name: 'External auditor',
  description: 'Reads and exports the audit log without personal data.',
  permissions: ['audit_log.read', 'audit_log.export'] satisfies Permission[],
}

async function addDemoAccounts({ access }: Backend): Promise<DemoAccount[]> {
  const known = await access.roles()
  const auditor =
    known.find(role => role.name === customRole.name) ?? (await access.createRole(customRole, atCommandLine))
  const password = createOneTimePassword()
  const accounts: DemoAccount[] = []
  const users = await access.users()
  for (const role of [...defaultRoles, auditor]) {
    const email = `${role.name.toLowerCase().replaceAll(' ', '.')}@demo.example.com`
    const there = users.find(user => user.email === email)
    // A filling that was stopped has not told anyone this account's password: give it another one.
    if (there)
      accounts.push({
        role: role.name,
        email,
        password: (await access.resetPassword(there.id, atCommandLine)).oneTimePassword!,
      })
    else {
      await access.createUser({ name: `Demo ${role.name}`, email, roles: [role.id], password }, atCommandLine)
      accounts.push({ role: role.name, email, password })
    }
  }
  return accounts
}
