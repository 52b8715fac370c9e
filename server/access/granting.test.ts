import { describe, expect, test } from 'vitest'
import { codeOf, goodPassword, local, openTestAccess } from '../../test/support/access.ts'

async function withStaff() {
  const opened = await openTestAccess()
  const owner = await opened.join('Olga', 'owner')
  const admin = await opened.join('Adam', 'administrator')
  const analyst = await opened.join('Anna', 'security-analyst')
  opened.events.length = 0
  return { ...opened, owner, admin, analyst }
}

const role = (name: string, ...permissions: string[]) => ({
  name,
  description: '',
  permissions: permissions as never[],
})
const person = (email: string, ...roles: string[]) => ({ name: 'P', email, roles, password: goodPassword })

describe('rule 1: hand on only what you hold', () => {
  test('an Administrator can neither let themselves into the log nor make an account, role or key that can', async () => {
    const { access, admin, events } = await withStaff()
    const { by, id } = admin
    const missing = 'forbidden audit_log.read'
    const attempts = [
      access.changeUser(id, { roles: ['administrator', 'security-analyst'] }, by),
      access.createUser(person('x@example.org', 'security-manager'), by),
      access.createRole(role('Reader', 'audit_log.read'), by),
      access.createKey({ name: 'k', permissions: ['access.manage', 'audit_log.read'] }, by),
      access.createKey({ name: 'k', role: 'security-analyst' }, by),
      access.createKey({ name: 'k', role: 'owner' }, by),
    ]
    for (const attempt of attempts) expect(await codeOf(attempt)).toBe(missing)
    expect(await codeOf(access.changeUser(id, { roles: ['owner'] }, by))).toMatch(/^forbidden /)
    expect(events).toEqual([])
  })

  test('nor widen a role they hold, or one that others hold', async () => {
    const { access, admin, owner } = await withStaff()
    const mine = await access.createRole(role('Helpers', 'access.manage'), admin.by)
    await access.changeUser(admin.id, { roles: ['administrator', mine.id] }, admin.by)
    const wider = role('Helpers', 'access.manage', 'audit_log.read')
    expect(await codeOf(access.updateRole(mine.id, wider, admin.by))).toBe('forbidden audit_log.read')
    expect(await codeOf(access.updateRole(mine.id, wider, owner.by))).toBe('none')
    // What is there already may stay while something else changes.
    const renamed = { ...wider, name: 'Helping hands' }
    expect(await codeOf(access.updateRole(mine.id, renamed, admin.by))).toBe('none')
  })

  test('they still do their work: users without the log, and taking away', async () => {
    const { access, admin, analyst } = await withStaff()
    expect(await codeOf(access.createUser(person('v@example.org', 'viewer'), admin.by))).toBe('none')
    expect(await codeOf(access.createUser(person('a@example.org', 'administrator'), admin.by))).toBe('none')
    expect(await codeOf(access.changeUser(analyst.id, { name: 'Anne' }, admin.by))).toBe('none')
    expect(await codeOf(access.changeUser(analyst.id, { disabled: true }, admin.by))).toBe('none')
    expect(await codeOf(access.changeUser(analyst.id, { disabled: false }, admin.by))).toBe(
      'forbidden audit_log.read',
    )
    expect(await codeOf(access.changeUser(analyst.id, { roles: ['viewer'] }, admin.by))).toBe('none')
    expect(await codeOf(access.changeUser(analyst.id, { disabled: false }, admin.by))).toBe('none')
  })

  test('an Owner hands on everything', async () => {
    const { access, owner, admin } = await withStaff()
    expect(await codeOf(access.changeUser(admin.id, { roles: ['owner'] }, owner.by))).toBe('none')
    expect(await codeOf(access.createKey({ name: 'k', role: 'owner' }, owner.by))).toBe('none')
  })
})

describe('rule 2: take over only those who hold no more', () => {
  test('a new one-time password for an analyst is not an Administrator’s to make', async () => {
    const { access, admin, analyst, owner } = await withStaff()
    const viewer = await access.createUser(person('v@example.org', 'viewer'), local)
    expect(await codeOf(access.resetPassword(analyst.id, admin.by))).toBe('forbidden audit_log.read')
    expect(await codeOf(access.resetPassword(owner.id, admin.by))).toMatch(/^forbidden/)
    expect(await codeOf(access.resetPassword(viewer.user.id, admin.by))).toBe('none')
    expect(await codeOf(access.resetPassword(analyst.id, owner.by))).toBe('none')
  })
})

describe('rule 3: Owners are changed by those who hold everything', () => {
  test('not by an Administrator, not even by name', async () => {
    const { access, admin, owner } = await withStaff()
    for (const change of [{ name: 'X' }, { disabled: true }, { roles: ['viewer'] }]) {
      expect(await codeOf(access.changeUser(owner.id, change, admin.by))).toMatch(/^forbidden/)
    }
  })
})

describe('never without', () => {
  test('the last Owner can be neither demoted nor disabled, by anyone', async () => {
    const { access, owner, admin } = await withStaff()
    const attempt = (change: object) => codeOf(access.changeUser(owner.id, change, local))
    expect(await attempt({ disabled: true })).toBe('conflict')
    expect(await attempt({ roles: ['administrator'] })).toBe('conflict')
    expect(await codeOf(access.changeUser(owner.id, { disabled: true }, owner.by))).toBe('conflict')
    await access.changeUser(admin.id, { roles: ['owner'], disabled: true }, local)
    expect(await attempt({ disabled: true })).toBe('conflict')
    await access.changeUser(admin.id, { disabled: false }, local)
    expect(await attempt({ disabled: true })).toBe('none')
  })

  test('two Owners who remove each other at the same moment leave one', async () => {
    const { access, owner, join } = await withStaff()
    const second = await join('Oskar', 'owner')
    const codes = await Promise.all([
      codeOf(access.changeUser(second.id, { roles: ['viewer'] }, owner.by)),
      codeOf(access.changeUser(owner.id, { roles: ['viewer'] }, second.by)),
    ])
    expect(codes.sort()).toEqual(['conflict', 'none'])
  })

  test('a user keeps a role: deleting somebody’s only one names them, and default roles stay', async () => {
    const { access, owner, analyst } = await withStaff()
    const custom = await access.createRole(role('Night Shift', 'audit_log.read'), owner.by)
    expect(custom.id).toBe('night-shift')
    await access.changeUser(analyst.id, { roles: [custom.id] }, owner.by)
    await expect(access.deleteRole(custom.id, owner.by)).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('Anna'),
    })
    await access.changeUser(analyst.id, { roles: [custom.id, 'viewer'] }, owner.by)
    const { apiKey } = await access.createKey({ name: 'pager', role: custom.id }, owner.by)
    await expect(access.deleteRole(custom.id, owner.by)).rejects.toMatchObject({
      detail: expect.stringContaining('pager'),
    })
    await access.revokeKey(apiKey.id, owner.by)
    expect(await codeOf(access.deleteRole(custom.id, owner.by))).toBe('none')
    expect((await access.users()).find(user => user.id === analyst.id)!.roles).toEqual(['viewer'])
    expect(await codeOf(access.deleteRole('viewer', owner.by))).toBe('conflict')
    expect(await codeOf(access.updateRole('viewer', role('V'), owner.by))).toBe('conflict')
    expect(await codeOf(access.deleteRole('nothing', owner.by))).toBe('not_found')
  })

  test('names are taken once', async () => {
    const { access, owner } = await withStaff()
    await access.createRole(role('Night Shift'), owner.by)
    for (const name of ['night shift', 'OWNER', 'security-analyst', '  ']) {
      expect(await codeOf(access.createRole(role(name), owner.by))).toMatch(/^(conflict|malformed)$/)
    }
    expect(await codeOf(access.createUser(person('ANNA@example.org', 'viewer'), owner.by))).toBe('conflict')
    expect(await codeOf(access.createUser(person('n@example.org', 'no-such-role'), owner.by))).toBe(
      'malformed',
    )
  })
})
