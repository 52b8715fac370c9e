// The Administration view against the real backend: people, roles and keys, and what the log says of it.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventPage, Roles } from '../../shared/api.ts'
import type { SourceStatuses } from '../../shared/sources.ts'
import { bearer } from '../support/access.ts'
import { createAuthority, createCertificate } from '../support/platform/certificates.ts'
import { serveStandIn } from '../support/platform/https-server.ts'
import { createStandIn, platformKey } from '../support/platform/stand-in.ts'
import { ask, createKey, filterBy, logIsLive, openLog, openMenu, signIn } from './analyst.ts'
import type { PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
let panel: Page
let key: string
beforeAll(async () => {
  server = await startServer()
  key = await createKey(server)
  browser = await openLog(server, { role: 'Owner' })
  panel = browser.panel
  await openMenu(panel, 'Administration')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const inDialog = (name: string) => panel.getByRole('dialog', { name, exact: true })
const button = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true })
const openTab = (name: string) => panel.getByRole('tab', { name }).click()
const item = (text: string) => panel.getByRole('listitem').filter({ hasText: text })

/** What the log says was done, newest first: the action and the names of what it was done to. */
async function told(...actions: string[]): Promise<string[]> {
  const query = actions.map(action => `action=${action}`).join('&')
  const { events } = await ask<EventPage>(server, key, `/v1/events?${query}&limit=20`)
  return events.map(event => `${event.action} ${event.targets.map(target => target.name).join(', ')}`)
}

function openSession(email: string, password: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${server.url}/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
}

async function addRole(name: string, ...permissions: string[]): Promise<void> {
  await openTab('Roles')
  await button(panel, 'Add role').click()
  const dialog = inDialog('Add role')
  await dialog.getByLabel('Name').fill(name)
  for (const permission of permissions) await dialog.getByLabel(permission).check()
  await button(dialog, 'Add role').click()
  await dialog.waitFor({ state: 'hidden' })
}

test('a new role is cloned, edited and deleted, and the log tells each step', async () => {
  await addRole('Export auditor', 'Export the audit log')
  await button(panel, 'Clone Export auditor').click()
  await button(inDialog('Add role'), 'Add role').click()
  await button(panel, 'Edit Copy of Export auditor').click()
  const dialog = inDialog('Edit role')
  await dialog.getByLabel('Name').fill('Quiet auditor')
  await dialog.getByLabel('Export the audit log').uncheck()
  await button(dialog, 'Save').click()
  await item('Quiet auditor').waitFor()
  const { roles } = await ask<Roles>(server, key, '/v1/roles')
  const permissionsOf = (name: string) => roles.find(role => role.name === name)?.permissions
  expect(permissionsOf('Export auditor')).toEqual(['audit_log.read', 'audit_log.export'])
  expect(permissionsOf('Quiet auditor')).toEqual(['audit_log.read'])
  await button(panel, 'Delete Quiet auditor').click()
  await button(inDialog('Delete role'), 'Delete role').click()
  await item('Quiet auditor').waitFor({ state: 'detached' })
  const steps = await told('role.created', 'role.updated', 'role.permissions_changed', 'role.deleted')
  expect(steps.slice(0, 5)).toEqual([
    'role.deleted Quiet auditor',
    'role.permissions_changed Quiet auditor',
    'role.updated Quiet auditor',
    'role.created Copy of Export auditor',
    'role.created Export auditor',
  ])
})

test('default roles can be cloned, never changed or deleted', async () => {
  await openTab('Roles')
  for (const name of ['Owner', 'Administrator', 'Security Manager', 'Security Analyst', 'Viewer']) {
    await button(panel, `Clone ${name}`).waitFor()
    expect(await button(panel, `Edit ${name}`).count(), name).toBe(0)
    expect(await button(panel, `Delete ${name}`).count(), name).toBe(0)
  }
})

test('a new person gets a one-time password that is shown once and must be replaced', async () => {
  await addRole('Night watch')
  await openTab('Users')
  await button(panel, 'Add user').click()
  const dialog = inDialog('Add user')
  await dialog.getByLabel('Name').fill('Nora Nightingale')
  await dialog.getByLabel('E-mail').fill('nora@example.com')
  expect(await button(dialog, 'Add user').isDisabled(), 'a user needs a role').toBe(true)
  await dialog.getByLabel('Night watch').check()
  await button(dialog, 'Add user').click()
  const password = await inDialog('One-time password').getByRole('code').innerText()
  await button(panel, 'I have kept it').click()
  await item('Nora Nightingale').filter({ hasText: 'never signed in' }).waitFor()
  expect(await panel.locator('body').innerText()).not.toContain(password)
  expect(await told('user.created')).toContain('user.created Nora Nightingale')

  await openMenu(panel, 'Sign out')
  await signIn(panel, { email: 'nora@example.com', password })
  await panel.getByRole('heading', { name: 'Choose your password' }).waitFor()
  for (const field of ['New password', 'Repeat new password'])
    await panel.getByLabel(field, { exact: true }).fill('seven quiet owls at dusk')
  await button(panel, 'Set password').click()
  await logIsLive(panel)
  expect((await openSession('nora@example.com', password)).status, 'it works once').toBe(401)
})

test('the next person starts afresh: no filter, view or notice of the one before', async () => {
  await filterBy(panel, 'Area', 'Scans')
  await button(panel, 'Clear all').click()
  await filterBy(panel, 'Area', 'Roles')
  await panel.getByText('Filters cleared').waitFor()
  await openMenu(panel, 'Settings')
  await openMenu(panel, 'Sign out')
  await signIn(panel, server.account('Owner'))
  await logIsLive(panel)
  expect(new URL(panel.url()).hash).toBe('')
  expect(await panel.getByText('Filters cleared').count()).toBe(0)
  await openMenu(panel, 'Administration')
})

test('a role that is someone’s only one cannot be deleted, and the refusal says whose', async () => {
  await openTab('Roles')
  await item('Night watch').filter({ hasText: '1 user' }).waitFor()
  await button(panel, 'Delete Night watch').click()
  const dialog = inDialog('Delete role')
  await button(dialog, 'Delete role').click()
  await dialog.getByText('It is the only role of Nora Nightingale').waitFor()
  await button(dialog, 'Cancel').click()
  await item('Night watch').waitFor()
})

test('the last Owner stays Owner and enabled, and the refusal says why', async () => {
  await openTab('Users')
  await button(panel, 'Edit Demo Owner').click()
  const dialog = inDialog('Edit user')
  const owner = dialog.getByRole('checkbox', { name: /^Owner/ })
  await dialog.getByRole('checkbox', { name: /^Administrator/ }).check()
  await owner.uncheck()
  await button(dialog, 'Save').click()
  await dialog.getByText('This is the last Owner').waitFor()
  await owner.check()
  await dialog.getByLabel('Disabled').check()
  await button(dialog, 'Save').click()
  await dialog.getByText('This is the last Owner').waitFor()
  await button(dialog, 'Cancel').click()
})

test('someone disabled is out at once, and the list says so', async () => {
  const opened = await openSession('nora@example.com', 'seven quiet owls at dusk')
  const { token } = (await opened.json()) as { token: string }
  await button(panel, 'Edit Nora Nightingale').click()
  await inDialog('Edit user').getByLabel('Disabled').check()
  await button(inDialog('Edit user'), 'Save').click()
  await item('Nora Nightingale').getByText('Disabled', { exact: true }).waitFor()
  expect((await fetch(`${server.url}/v1/me`, { headers: bearer(token) })).status).toBe(401)
  expect((await openSession('nora@example.com', 'seven quiet owls at dusk')).status).toBe(401)
  expect((await told('user.suspended'))[0]).toBe('user.suspended Nora Nightingale')
})

test('an API key is shown once, works, and is refused from the moment it is revoked', async () => {
  await openTab('API keys')
  await button(panel, 'Create API key').click()
  const dialog = inDialog('Create API key')
  await dialog.getByLabel('Name').fill('pipeline')
  await dialog.getByLabel('Read the audit log').check()
  await button(dialog, 'Create API key').click()
  const secret = await inDialog('New API key').getByRole('code').innerText()
  await button(panel, 'I have kept it').click()
  expect(await panel.locator('body').innerText()).not.toContain(secret)

  const read = () => fetch(`${server.url}/v1/events?limit=1`, { headers: bearer(secret) })
  expect((await read()).status).toBe(200)
  const users = await fetch(`${server.url}/v1/users`, { headers: bearer(secret) })
  expect([users.status, await users.json()]).toMatchObject([403, { permission: 'access.manage' }])
  await button(panel, 'Revoke pipeline').click()
  await button(inDialog('Revoke key'), 'Revoke key').click()
  await button(panel, 'Revoke pipeline').waitFor({ state: 'detached' })
  expect((await read()).status).toBe(401)
  expect((await told('apikey.generated', 'apikey.deleted')).slice(0, 2)).toEqual([
    'apikey.deleted pipeline',
    'apikey.generated pipeline',
  ])
})

test('nothing in the panel failed on the way', () => {
  // The refusals above were asked for; the browser notes each as an error of the network.
  expect(browser.errors.filter(error => !/status of 4\d\d/.test(error))).toEqual([])
})

test('a source is tried, corrected, added, read to its beginning, and removed', async () => {
  const authority = await createAuthority()
  const platform = createStandIn({ clock: Date.now, history: 700 })
  const wire = await serveStandIn(platform, await createCertificate({ authority }))
  try {
    await openTab('Sources')
    await button(panel, 'Add source').click()
    const dialog = inDialog('Add source')
    await dialog.getByLabel('Name', { exact: true }).fill('On-premises')
    await dialog.getByLabel('Base URL').fill(wire.url)
    await dialog.getByLabel('API key').fill(platformKey)
    await button(dialog, 'Test connection').click()
    await dialog.getByText('The platform’s certificate is not trusted').waitFor()
    await dialog.getByText('Private CA, proxy, names').click()
    await dialog.getByLabel('Private CA').fill(authority.cert)
    await button(dialog, 'Test connection').click()
    await dialog.getByText('The platform counts 700 entries.').waitFor()
    await button(dialog, 'Add source').click()
    await dialog.waitFor({ state: 'hidden' })
    await expect
      .poll(async () => (await ask<SourceStatuses>(server, key, '/v1/sources')).sources[0]?.state, {
        timeout: 60_000,
      })
      .toBe('caught_up')
    await button(panel, 'Ask On-premises now').click()
    await item('On-premises')
      .getByText(/^Caught up as of/)
      .waitFor()
    await item('On-premises').getByText('700 entries in the log').waitFor()
    await button(panel, 'Remove On-premises').click()
    await button(inDialog('Remove source'), 'Remove source').click()
    await panel.getByText(/The log is not fed from anywhere yet/).waitFor()
    expect(await told('source.added', 'source.removed')).toEqual([
      'source.removed On-premises',
      'source.added On-premises',
    ])
  } finally {
    await wire.close()
  }
})
