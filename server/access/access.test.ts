import { describe, expect, test } from 'vitest'
import { NewEvent } from '../../shared/audit-event.ts'
import { actionLabel } from '../../shared/catalogue.ts'
import { bearer, codeOf, facts, goodPassword, local, openTestAccess } from '../../test/support/access.ts'

const hour = 3_600_000

describe('keys', () => {
  test('a key is shown once, works at once, and is refused at once when revoked', async () => {
    const { access, time } = await openTestAccess()
    const { key, apiKey } = await access.createKey(
      { name: 'collector', permissions: ['audit_log.write'] },
      local,
    )
    expect(key).toMatch(/^tsk_[\w-]{43}$/)
    expect(apiKey).toMatchObject({ start: key.slice(0, 10), lastUsedAt: null, expiresAt: null, roles: [] })
    const caller = await access.authenticate(bearer(key), null)
    expect(caller).toMatchObject({ kind: 'api_key', name: 'collector', sessionId: null, email: null })
    expect([...caller.permissions]).toEqual(['audit_log.write'])
    expect((await access.me(caller)).cacheKey).toBeNull()
    time.now += hour
    await access.authenticate(bearer(key), null)
    expect((await access.keys())[0]!.lastUsedAt).toBe('2026-03-01T09:00:00.000Z')
    await access.revokeKey(apiKey.id, local)
    expect(await codeOf(access.authenticate(bearer(key), null))).toBe('unauthenticated')
    expect(await access.keys()).toEqual([])
    expect(await codeOf(access.revokeKey(apiKey.id, local))).toBe('not_found')
  })

  test('it expires when it says', async () => {
    const { access, time } = await openTestAccess()
    const make = (expiresAt: string) => access.createKey({ name: 'k', role: 'viewer', expiresAt }, local)
    const { key } = await make('2026-03-01T10:00:00+01:00')
    expect(await codeOf(access.authenticate(bearer(key), null))).toBe('none')
    time.now += hour
    expect(await codeOf(access.authenticate(bearer(key), null))).toBe('unauthenticated')
    expect(await codeOf(make('2026-03-01T08:00:00Z'))).toBe('malformed')
    expect(await codeOf(make('tomorrow'))).toBe('malformed')
  })

  test('it needs a role or permissions, not both and not neither', async () => {
    const { access } = await openTestAccess()
    expect(await codeOf(access.createKey({ name: 'k' }, local))).toBe('malformed')
    expect(await codeOf(access.createKey({ name: 'k', role: 'viewer', permissions: [] }, local))).toBe(
      'malformed',
    )
    expect(await codeOf(access.createKey({ name: 'k', role: 'nobody' }, local))).toBe('malformed')
  })

  test('a key with a role follows the role', async () => {
    const { access } = await openTestAccess()
    const role = await access.createRole(
      { name: 'Feed', description: '', permissions: ['audit_log.write'] },
      local,
    )
    const { key } = await access.createKey({ name: 'feed', role: role.id }, local)
    const before = await access.authenticate(bearer(key), null)
    await access.updateRole(role.id, { ...role, permissions: ['audit_log.read'] }, local)
    const after = await access.authenticate(bearer(key), null)
    expect([...after.permissions]).toEqual(['audit_log.read'])
    expect(after.accessVersion).not.toBe(before.accessVersion)
  })
})

describe('changes are felt at once', () => {
  test('permissions, access version and cache key follow the roles', async () => {
    const { access, join } = await openTestAccess()
    const { id, token, caller } = await join('Anna', 'security-analyst')
    const before = await access.me(caller)
    expect(Buffer.from(before.cacheKey!, 'base64')).toHaveLength(32)
    expect((await access.me(await access.authenticate(bearer(token), null))).cacheKey).toBe(before.cacheKey)
    const role = await access.createRole(
      { name: 'R', description: '', permissions: ['audit_log.read'] },
      local,
    )
    await access.changeUser(id, { roles: [role.id] }, local)
    const after = await access.me(await access.authenticate(bearer(token), null))
    expect(after.permissions).toEqual(['audit_log.read'])
    expect(after.accessVersion).not.toBe(before.accessVersion)
    expect(after.cacheKey).not.toBe(before.cacheKey)
    await access.changeUser(id, { roles: ['viewer'] }, local)
    expect((await access.me(await access.authenticate(bearer(token), null))).cacheKey).toBeNull()
    await access.changeUser(id, { roles: ['security-analyst'] }, local)
    expect((await access.me(await access.authenticate(bearer(token), null))).accessVersion).toBe(
      before.accessVersion,
    )
  })

  test('another person’s cache key is another', async () => {
    const { access, join } = await openTestAccess()
    const [anna, bert] = [await join('Anna', 'security-analyst'), await join('Bert', 'security-analyst')]
    expect((await access.me(anna.caller)).cacheKey).not.toBe((await access.me(bert.caller)).cacheKey)
  })

  test('disabling ends sessions, enabling does not bring them back', async () => {
    const { access, join } = await openTestAccess()
    const { id, token, email } = await join('Anna', 'security-analyst')
    await access.changeUser(id, { disabled: true }, local)
    expect(await codeOf(access.authenticate(bearer(token), null))).toBe('session_expired')
    await access.changeUser(id, { disabled: false }, local)
    expect(await codeOf(access.authenticate(bearer(token), null))).toBe('session_expired')
    expect(await codeOf(access.signIn({ email, password: goodPassword }, facts))).toBe('none')
  })
})

test('whoever may not do something is told whom to ask, Owners first', async () => {
  const { access, join } = await openTestAccess()
  await join('Adam', 'administrator')
  await join('Olga', 'owner')
  const { caller } = await join('Vera', 'viewer')
  expect((await access.me(caller)).accessManagers).toEqual(['Olga', 'Adam'])
})

test('the folder’s secret opens everything from this machine, and nothing from another', async () => {
  let secret: string | null = null
  const { access } = await openTestAccess({ localSecret: () => secret })
  const from = (address: string | null) =>
    codeOf(access.authenticate(bearer('s3cr3t-of-the-folder'), address))
  expect(await from('127.0.0.1')).toBe('unauthenticated')
  secret = 's3cr3t-of-the-folder'
  expect(await Promise.all(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(from))).toEqual([
    'none',
    'none',
    'none',
  ])
  expect(await from('192.0.2.1')).toBe('unauthenticated')
  expect(await from(null)).toBe('unauthenticated')
})

describe('events', () => {
  test('everything that happens is told, in words the catalogue knows and a form the log takes', async () => {
    const { access, join, events } = await openTestAccess()
    const { id, by, caller } = await join('Olga', 'owner')
    const role = await access.createRole({ name: 'R', description: '', permissions: ['audit_log.read'] }, by)
    await access.updateRole(role.id, { name: 'S', description: 'x', permissions: [] }, by)
    const { user } = await access.createUser({ name: 'V', email: 'v@example.org', roles: [role.id] }, by)
    await access.changeUser(user.id, { name: 'W', roles: ['viewer'], disabled: true }, by)
    await access.changeUser(user.id, { disabled: false }, by)
    await access.deleteRole(role.id, by)
    const { apiKey } = await access.createKey({ name: 'k', role: 'viewer' }, by)
    await access.revokeKey(apiKey.id, by)
    for (let n = 0; n < 3; n++) {
      await access.recordDenied(caller, 'audit_log.write', { method: 'POST', path: '/v1/events' }, facts)
    }
    await access.signOut(by)
    expect(events.map(event => event.action)).toEqual([
      'user.created',
      'user.login',
      'role.created',
      'role.updated',
      'role.permissions_changed',
      'user.created',
      'user.role_assigned',
      'user.role_removed',
      'user.updated',
      'user.suspended',
      'user.activated',
      'role.deleted',
      'apikey.generated',
      'apikey.deleted',
      'auditlog.access_denied',
      'user.logout',
    ])
    for (const event of events) {
      expect(NewEvent.safeParse(event).error).toBeUndefined()
      expect(actionLabel(event.action)).not.toBe('')
    }
    expect(new Set(events.map(event => event.id)).size).toBe(events.length)
    expect(events[0]!.actor).toMatchObject({ type: 'system', name: 'Local command line' })
    expect(events[6]).toMatchObject({
      actor: { type: 'user', id, name: 'Olga' },
      targets: [
        { type: 'user', id: user.id, name: 'W' },
        { type: 'role', id: 'viewer', name: 'Viewer' },
      ],
      changes: [{ field: 'roles', before: ['S'], after: ['Viewer'] }],
    })
    expect(events[14]).toMatchObject({ outcome: 'denied', metadata: { permission: 'audit_log.write' } })
  })

  test('half a character in a name does not keep its event out of the log', async () => {
    const { access, events } = await openTestAccess()
    await access.createRole(
      { name: 'half \ud83d pair, \\ud83d spelled', description: '', permissions: [] },
      local,
    )
    expect(NewEvent.safeParse(events[0]).error).toBeUndefined()
    expect(events[0]!.targets![0]!.name).toBe('half \ufffd pair, \\ud83d spelled')
  })

  test('while the log takes nothing, nothing is lost: it is told later, once and in order', async () => {
    let broken = true
    const told: string[] = []
    const record = async ({ action }: { action: string }) => {
      if (broken) throw new Error('disk full')
      told.push(action)
    }
    const { access, reopen } = await openTestAccess({ record })
    await access.createRole({ name: 'A', description: '', permissions: [] }, local)
    await access.createKey({ name: 'k', role: 'viewer' }, local)
    expect(told).toEqual([])
    broken = false
    await reopen()
    expect(told).toEqual(['role.created', 'apikey.generated'])
    await access.deleteRole('a', local)
    expect(told).toEqual(['role.created', 'apikey.generated', 'role.deleted'])
  })
})

test('a user whose making was cut short is nobody, and their e-mail can be used again', async () => {
  const { access, database } = await openTestAccess()
  const input = { name: 'Half', email: 'half@example.org', roles: ['viewer'], password: goodPassword }
  await access.createUser(input, local)
  database.exec('delete from memberRole; delete from member')
  expect(await access.users()).toEqual([])
  expect(await codeOf(access.signIn(input, facts))).toBe('wrong_credentials')
  expect(await codeOf(access.createUser(input, local))).toBe('none')
  expect(await codeOf(access.signIn(input, facts))).toBe('none')
})
