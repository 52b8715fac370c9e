// The commands that others script against, from the shipped bundle: data alone on standard output, words on standard
// error, exit 0 only on success; while the backend runs on the same folder, and while it does not.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventPage, Me, Roles, User } from '../shared/api.ts'
import { ask } from './e2e/analyst.ts'
import { type CommandResult, runCommand, startServer, type TestServer } from './e2e/server.ts'
import { bearer } from './support/access.ts'

const place = mkdtempSync(join(tmpdir(), 'trailside-cli-'))
let server: TestServer
beforeAll(async () => {
  server = await startServer({ empty: true })
}, 60_000)
afterAll(async () => {
  await server?.close()
  rmSync(place, { recursive: true, force: true })
})

describe.each([
  { when: 'while the backend runs', runs: true },
  { when: 'while it does not', runs: false },
])('$when', ({ runs }) => {
  const name = (word: string) => `${word} ${runs ? 'one' : 'two'}`
  beforeAll(async () => {
    if (!runs) await server.stop()
  })

  /** On the folder as it is; the server is asked afterwards, when it runs again. */
  const run = async (...args: string[]): Promise<CommandResult> =>
    runCommand([...args.slice(0, 2), '--data', server.data, ...args.slice(2)])
  const lineOf = ({ code, stdout, stderr }: CommandResult): string => {
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^\S+\n$/)
    expect(stderr.trim()).not.toBe('')
    return stdout.trim()
  }

  async function asking<T>(use: () => Promise<T>): Promise<T> {
    if (!runs) await server.start()
    try {
      return await use()
    } finally {
      if (!runs) await server.stop()
    }
  }

  test('key create prints the key alone, and the key works', async () => {
    const key = lineOf(await run('key', 'create', '--name', name('key'), '--role', 'owner'))
    const me = await asking(() => ask<Me>(server, key, '/v1/me'))
    expect(me).toMatchObject({ kind: 'api_key', name: name('key') })
  })

  test('role create prints the id, user create the one-time password, which must be replaced', async () => {
    const permissions = ['--permission', 'audit_log.read', '--permission', 'audit_log.export']
    const role = lineOf(await run('role', 'create', '--name', name('Export auditor'), ...permissions))
    const email = `${runs ? 'one' : 'two'}@example.com`
    const person = ['--name', name('Jane Doe'), '--email', email, '--role', role]
    const password = lineOf(await run('user', 'create', ...person))
    const key = lineOf(await run('key', 'create', '--name', name('look'), '--role', 'owner'))
    await asking(async () => {
      const { roles } = await ask<Roles>(server, key, '/v1/roles')
      expect(roles.find(({ id }) => id === role)).toMatchObject({
        name: name('Export auditor'),
        permissions: ['audit_log.read', 'audit_log.export'],
        users: 1,
      })
      const { users } = await ask<{ users: User[] }>(server, key, '/v1/users')
      expect(users).toContainEqual(expect.objectContaining({ email, roles: [role] }))
      const session = await fetch(`${server.url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      const { token } = (await session.json()) as { token: string }
      expect(await ask<Me>(server, token, '/v1/me')).toMatchObject({ email, mustChangePassword: true })
      const read = await fetch(`${server.url}/v1/events`, { headers: bearer(token) })
      expect([read.status, await read.json()]).toMatchObject([403, { code: 'password_change_required' }])
    })
  })

  test('import --json prints one summary object; again, all are duplicates; a bad row fails the command', async () => {
    const file = join(place, `${runs}.ndjson`)
    const event = (id: string) => ({
      id,
      source: name('file'),
      occurredAt: '2026-02-03T04:05:06.000Z',
      action: 'target.updated',
      actor: { id: 'u-1', name: 'Jane Doe' },
    })
    const lines = Array.from({ length: 700 }, (_, at) => JSON.stringify(event(`e-${at}`)))
    writeFileSync(file, lines.join('\n'))
    const importing = ['import', '--data', server.data, '--format', 'trailside', '--json', file]
    const first = await runCommand(importing)
    expect(first.code, first.stderr).toBe(0)
    expect(JSON.parse(first.stdout)).toEqual({ read: 700, accepted: 700, duplicates: 0, rejected: 0 })
    const second = await runCommand(importing)
    expect(JSON.parse(second.stdout)).toEqual({ read: 700, accepted: 0, duplicates: 700, rejected: 0 })
    writeFileSync(file, [...lines.slice(0, 2), '{"id":"half'].join('\n'))
    const third = await runCommand(importing)
    expect(third.code).not.toBe(0)
    expect(JSON.parse(third.stdout)).toEqual({ read: 3, accepted: 0, duplicates: 2, rejected: 1 })
    expect(third.stderr).toContain(`${runs}.ndjson:3`)
    const key = lineOf(await run('key', 'create', '--name', name('count'), '--role', 'owner'))
    const { total } = await asking(() =>
      ask<EventPage>(server, key, '/v1/events?action=target.updated&limit=1'),
    )
    expect(total).toBe(runs ? 700 : 1400)
  })

  test('a backup is taken, verifies, and goes on elsewhere with the same keys and events', async () => {
    const key = lineOf(await run('key', 'create', '--name', name('kept'), '--role', 'owner'))
    const file = join(place, `${runs}.tar`)
    const taken = await runCommand(['backup', '--data', server.data, '--to', file])
    expect([taken.code, taken.stdout], taken.stderr).toEqual([0, `${file}\n`])
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
    const data = join(place, `restored-${runs}`)
    const restored = await runCommand(['restore', '--from', file, '--data', data])
    expect(restored.code, restored.stderr).toBe(0)
    const copy = await startServer({ data, empty: true })
    try {
      const page = await ask<EventPage>(copy, key, '/v1/events?action=target.updated&limit=1')
      expect(page.total).toBe(runs ? 700 : 1400)
      expect(await copy.stop()).toBe(0)
    } finally {
      await copy.close()
    }
    const verified = await runCommand(['verify', '--data', data])
    expect(verified.code, verified.stderr).toBe(0)
  })
})

test.each([
  ['no command', []],
  ['a command that does not exist', ['explode']],
  ['a flag that is missing', ['key', 'create', '--name', 'x']],
  ['a role that does not exist', ['key', 'create', '--data', place, '--name', 'x', '--role', 'emperor']],
  ['a file that does not exist', ['import', '--data', place, '--format', 'trailside', join(place, 'none')]],
])('%s is told on standard error, with nothing on standard output', async (_what, args) => {
  const { code, stdout, stderr } = await runCommand(args)
  expect(code).not.toBe(0)
  expect(stdout).toBe('')
  expect(stderr.trim()).not.toBe('')
})
