import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { defaultRoles } from '../../../shared/access.ts'
import { personWith, problem, type Routes, serverRoutes } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderPanel } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

async function openAdministration(change: (routes: Routes) => void = () => {}) {
  const me = personWith(['access.manage'])
  const routes = serverRoutes(me)
  change(routes)
  const made = renderPanel({ me, routes })
  fireEvent.click(await screen.findByRole('button', { name: 'Administration' }))
  await screen.findByRole('tab', { name: 'Users' })
  return made
}

const tab = (name: string) => fireEvent.click(screen.getByRole('tab', { name }))
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } })

test('those who may not manage access do not find the view', async () => {
  renderPanel({ me: personWith(['audit_log.read']) })
  fireEvent.click(await screen.findByRole('button', { name: 'Menu' }))
  expect(screen.getByRole('menuitem', { name: 'Settings' })).toBeDefined()
  expect(screen.queryByRole('menuitem', { name: 'Administration' })).toBeNull()
})

test('a new user gets a one-time password that is shown once', async () => {
  let sent: unknown
  await openAdministration(routes => {
    routes['POST /v1/users'] = body => {
      sent = body
      const given = body as { name: string; email: string; roles: string[] }
      const user = { ...given, id: 'u-9', createdAt: 'now', lastSignInAt: null, disabled: false }
      return { status: 201, body: { user, oneTimePassword: 'plum-otter-92' } }
    }
  })
  fireEvent.click(screen.getByRole('button', { name: 'Add user' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Add user' }))
  type('Name', 'Ada Lovelace')
  type('E-mail', 'ada@acme.example')
  const submit = dialog.getByRole('button', { name: 'Add user' }) as HTMLButtonElement
  expect(submit.disabled).toBe(true)
  fireEvent.click(dialog.getByRole('checkbox', { name: /Security Analyst/ }))
  fireEvent.click(submit)
  await screen.findByText('plum-otter-92')
  expect(sent).toEqual({ name: 'Ada Lovelace', email: 'ada@acme.example', roles: ['security-analyst'] })
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }))
  await waitFor(() => expect(screen.queryByText('plum-otter-92')).toBeNull())
})

test('a user can be disabled', async () => {
  let sent: unknown
  await openAdministration(routes => {
    routes['PATCH /v1/users/u-01'] = body => {
      sent = body
      const user = { id: 'u-01', name: 'Maria Jensen', email: 'm@x', roles: ['viewer'], createdAt: 'now' }
      return { body: { ...user, lastSignInAt: null, disabled: true } }
    }
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Edit Maria Jensen' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Edit user' }))
  fireEvent.click(dialog.getByRole('checkbox', { name: /^Disabled/ }))
  fireEvent.click(dialog.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent).toMatchObject({ disabled: true, roles: ['security-analyst'] }))
})

test('built-in roles can only be cloned; a custom one is deleted after a question, with the reason when refused', async () => {
  await openAdministration(routes => {
    const custom = { ...defaultRoles[2]!, id: 'r-1', name: 'Auditor', builtIn: false, users: 2 }
    routes['GET /v1/roles'] = { body: { roles: [{ ...defaultRoles[0]!, users: 1 }, custom] } }
    routes['DELETE /v1/roles/r-1'] = problem(409, 'conflict', '2 users have only this role.')
  })
  tab('Roles')
  await screen.findByRole('button', { name: 'Clone Owner' })
  expect(screen.queryByRole('button', { name: 'Delete Owner' })).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Delete Auditor' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Delete role' }))
  fireEvent.click(dialog.getByRole('button', { name: 'Delete role' }))
  await dialog.findByText('2 users have only this role.')
})

test('a clone begins with the permissions of the other', async () => {
  let sent: unknown
  await openAdministration(routes => {
    routes['POST /v1/roles'] = body => {
      sent = body
      return { status: 201, body: { ...(body as object), id: 'r-2', builtIn: false } }
    }
  })
  tab('Roles')
  fireEvent.click(await screen.findByRole('button', { name: 'Clone Security Analyst' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Add role' }))
  fireEvent.click(dialog.getByRole('checkbox', { name: 'Export the audit log' }))
  fireEvent.click(dialog.getByRole('button', { name: 'Add role' }))
  await waitFor(() =>
    expect(sent).toMatchObject({
      name: 'Copy of Security Analyst',
      permissions: ['audit_log.read', 'audit_log.read_personal'],
    }),
  )
})

test('an API key is shown once and revoked after a question', async () => {
  const revoked: string[] = []
  await openAdministration(routes => {
    routes['POST /v1/keys'] = {
      status: 201,
      body: {
        key: 'ts_secret_value',
        apiKey: {
          id: 'k-2',
          name: 'Importer',
          start: 'ts_s',
          roles: [],
          permissions: ['audit_log.write'],
          createdAt: 'now',
          lastUsedAt: null,
          expiresAt: null,
        },
      },
    }
    routes['DELETE /v1/keys/k-1'] = () => {
      revoked.push('k-1')
      return {}
    }
  })
  tab('API keys')
  fireEvent.click(await screen.findByRole('button', { name: 'Create API key' }))
  type('Name', 'Importer')
  const dialog = within(screen.getByRole('dialog', { name: 'Create API key' }))
  fireEvent.click(dialog.getByRole('button', { name: 'Create API key' }))
  await screen.findByText('ts_secret_value')
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke CI pipeline' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke key' }))
  await waitFor(() => expect(revoked).toEqual(['k-1']))
})

test('a list that could not be had is not an empty list', async () => {
  await openAdministration(routes => {
    routes['GET /v1/users'] = problem(503, 'unavailable', 'No')
  })
  await screen.findByText('The server cannot answer now')
  expect(screen.queryByText('There are no users.')).toBeNull()
})
