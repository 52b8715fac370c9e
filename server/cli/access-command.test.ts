import { describe, expect, test } from 'vitest'
import { bearer, codeOf, facts, openTestAccess, otherPassword } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import type { AdministrationParts } from './administration.ts'
import { keyCommand } from './key.ts'
import { roleCommand } from './role.ts'
import { userCommand } from './user.ts'

type Command = (args: string[], parts: AdministrationParts) => Promise<number>

/** A terminal that keeps what was written to it, over a folder that nobody else has open. */
async function atRest() {
  const { access, events } = await openTestAccess()
  let open = 0
  const openAccess = async () => {
    open++
    return { access, close: async () => void open-- }
  }
  const terminal = createTerminal({ findBackend: () => null, openAccess })
  return { ...terminal, access, events, left: () => open }
}

/** The same over a backend that is at work. */
async function atWork() {
  const secret = 'the-secret-in-the-folder'
  const { app, access } = await openTestApp({ localSecret: () => secret })
  const reach = async (url: URL, init: RequestInit) => {
    const incoming = { socket: { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' } }
    return app.request(url.pathname + url.search, init, { incoming })
  }
  const openAccess = () => Promise.reject(new Error('the folder is taken'))
  const findBackend = () => ({ url: 'http://127.0.0.1:8787', secret })
  const terminal = createTerminal({ findBackend, openAccess, fetch: reach as typeof fetch })
  return { ...terminal, access, left: () => 0 }
}

function createTerminal(parts: Pick<AdministrationParts, 'findBackend' | 'openAccess' | 'fetch'>) {
  const written = { out: '', err: '' }
  const run = async (command: Command, args: string[], typed = '') => {
    written.out = ''
    written.err = ''
    const code = await command([...args, '--data', 'somewhere'], {
      ...parts,
      stdout: { write: text => (written.out += text) },
      stderr: { write: text => (written.err += text) },
      stdin: (async function* () {
        yield Buffer.from(typed)
      })(),
    })
    return { code, ...written }
  }
  return { run }
}

describe.each([
  ['while no backend runs', atRest],
  ['while a backend runs', atWork],
])('%s', (_when, begin) => {
  test('a key stands alone on standard output and works', async () => {
    const { run, access, left } = await begin()
    const { code, out, err } = await run(keyCommand, [
      'create',
      '--name',
      'feed',
      '--permission',
      'audit_log.write',
    ])
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^tsk_[\w-]{43}\n$/) })
    expect(err).toContain('audit_log.write')
    expect((await access.authenticate(bearer(out.trim()), null)).name).toBe('feed')
    const list = await run(keyCommand, ['list'])
    const [id, start, name] = list.out.split('\t')
    expect([start, name]).toEqual([out.slice(0, 10), 'feed'])
    expect((await run(keyCommand, ['revoke', '--id', id!])).code).toBe(0)
    expect(await codeOf(access.authenticate(bearer(out.trim()), null))).toBe('unauthenticated')
    expect(left()).toBe(0)
  })

  test('a role, then a key and a user that have it, by name', async () => {
    const { run, access } = await begin()
    const role = await run(roleCommand, ['create', '--name', 'Night Shift', '--permission', 'audit_log.read'])
    expect(role).toMatchObject({ code: 0, out: 'night-shift\n' })
    expect((await run(keyCommand, ['create', '--name', 'k', '--role', 'Night Shift'])).code).toBe(0)
    const flags = ['create', '--name', 'Nora', '--email', 'nora@example.org', '--role', 'night-shift']
    const user = await run(userCommand, [...flags, '--role', 'viewer'])
    expect(user).toMatchObject({ code: 0, out: expect.stringMatching(/^[a-z0-9-]{23}\n$/) })
    const password = user.out.trim()
    const { token } = await access.signIn({ email: 'nora@example.org', password }, facts)
    const caller = await access.authenticate(bearer(token), null)
    expect(caller.mustChangePassword).toBe(true)
    expect(caller.roles.map(each => each.id)).toEqual(['viewer', 'night-shift'])
    const reset = await run(userCommand, ['reset-password', '--email', 'Nora@example.org'])
    expect(
      await codeOf(access.signIn({ email: 'nora@example.org', password: reset.out.trim() }, facts)),
    ).toBe('none')
    expect((await run(roleCommand, ['delete', '--role', 'night-shift'])).err).toContain('hold it')
  })

  test('a password can come from standard input; then nothing is printed', async () => {
    const { run, access } = await begin()
    const flags = [
      'create',
      '--name',
      'Olga',
      '--email',
      'olga@example.org',
      '--role',
      'owner',
      '--password-stdin',
    ]
    expect(await run(userCommand, flags, `${otherPassword}\r\n`)).toMatchObject({ code: 0, out: '' })
    const { token } = await access.signIn({ email: 'olga@example.org', password: otherPassword }, facts)
    expect((await access.authenticate(bearer(token), null)).mustChangePassword).toBe(false)
    const users = await run(userCommand, ['list', '--json'])
    expect(JSON.parse(users.out)).toMatchObject([
      { email: 'olga@example.org', roles: 'owner', state: 'enabled' },
    ])
  })

  test('a refusal speaks the server’s words and leaves with 1', async () => {
    const { run, left } = await begin()
    const flags = ['create', '--name', 'O', '--email', 'o@example.org', '--role', 'owner', '--password-stdin']
    const weak = await run(userCommand, flags, 'password1234')
    expect(weak).toMatchObject({ code: 1, out: '', err: expect.stringContaining('common words') })
    const unknown = await run(keyCommand, ['create', '--name', 'k', '--role', 'captain'])
    expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringContaining('security-analyst') })
    const nonsense = await run(keyCommand, ['create', '--name', 'k', '--permission', 'everything'])
    expect(nonsense).toMatchObject({ code: 1, out: '' })
    expect(left()).toBe(0)
  })
})

test.each([
  [keyCommand, []],
  [keyCommand, ['destroy']],
  [keyCommand, ['toString']],
  [keyCommand, ['create', '--name', 'k']],
  [keyCommand, ['create', '--name', 'k', '--role', 'viewer', '--permission', 'audit_log.read']],
  [keyCommand, ['create', '--role', 'viewer']],
  [userCommand, ['create', '--name', 'V', '--email', 'v@example.org']],
  [userCommand, ['create', '--colour', 'red']],
  [roleCommand, ['create']],
])('a wrong call explains itself and leaves with 2: %o %j', async (command, args) => {
  const { run, left, events } = await atRest()
  expect(await run(command, args)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('trailside '),
  })
  expect(left()).toBe(0)
  expect(events).toEqual([])
})

test('what was done is told as done by the local command line', async () => {
  const { run, events } = await atRest()
  await run(roleCommand, ['create', '--name', 'R'])
  expect(events).toMatchObject([
    {
      action: 'role.created',
      actor: { type: 'system', name: 'Local command line' },
      context: { userAgent: 'trailside-cli' },
    },
  ])
})
