/** Every state the panel can be in says what is the matter and offers the way on. */
import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, describe, expect, test } from 'vitest'
import { FakeLog } from '../../test/support/panel/fake-log.ts'
import { personWith, problem, server, serverRoutes } from '../../test/support/panel/fake-platform.ts'
import { demoLog, endPanels, now, renderLog, renderPanel } from '../../test/support/panel/render-panel.tsx'
import type { Failure } from '../worker/protocol.ts'

afterEach(endPanels)

const button = (name: string | RegExp) => screen.getByRole('button', { name })
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
async function signIn(password = 'correct horse') {
  type('E-mail', 'maria.jensen@acme.example')
  type('Password', password)
  fireEvent.submit(screen.getByLabelText('Password').closest('form')!)
}

describe('before the log', () => {
  test('first run: three steps, and only that host is asked for', async () => {
    const { asked } = renderPanel({ remembered: false })
    await screen.findByRole('heading', { name: 'The audit log, beside your work' })
    expect(screen.getAllByRole('listitem')).toHaveLength(3)
    type('Server address', 'audit.acme.example')
    fireEvent.click(button('Connect'))
    await screen.findByRole('heading', { name: 'Sign in' })
    expect(asked).toEqual([server])
  })

  test('first run: an address that would send the password in the clear is refused', async () => {
    const { asked } = renderPanel({ remembered: false })
    await screen.findByLabelText('Server address')
    type('Server address', 'http://audit.acme.example')
    fireEvent.click(button('Connect'))
    await screen.findByText(/Plain http is for this computer only/)
    expect(asked).toEqual([])
  })

  test('first run: the user may refuse the host, and is told what that means', async () => {
    const { hosts } = renderPanel({ remembered: false })
    hosts.granted = false
    await screen.findByLabelText('Server address')
    type('Server address', server)
    fireEvent.click(button('Connect'))
    await screen.findByText('The browser was not allowed to reach audit.acme.example')
  })

  test('signing in opens the log', async () => {
    renderPanel({ remembered: 'server' })
    await screen.findByRole('heading', { name: 'Sign in' })
    await signIn()
    await screen.findByRole('grid')
  })

  test('wrong password', async () => {
    const routes = serverRoutes(personWith())
    routes['POST /v1/session'] = problem(401, 'wrong_credentials', 'No')
    renderPanel({ remembered: 'server', routes })
    await screen.findByRole('heading', { name: 'Sign in' })
    await signIn('guess')
    await screen.findByText('E-mail or password is wrong')
  })

  test('locked out says for how long', async () => {
    const routes = serverRoutes(personWith())
    routes['POST /v1/session'] = problem(429, 'locked_out', 'No', { retryAfter: 840 })
    renderPanel({ remembered: 'server', routes })
    await screen.findByRole('heading', { name: 'Sign in' })
    await signIn()
    await screen.findByText(/Try again in 14 minutes/)
  })

  test('a one-time password must be replaced before anything is shown', async () => {
    const me = personWith()
    const routes = serverRoutes(me)
    let changed: unknown = null
    routes['GET /v1/me'] = () => ({ body: { ...me, mustChangePassword: changed === null } })
    routes['POST /v1/me/password'] = body => {
      changed = body
      return {}
    }
    renderPanel({ remembered: 'server', routes })
    await screen.findByRole('heading', { name: 'Sign in' })
    await signIn('one-time-secret')
    await screen.findByRole('heading', { name: 'Choose your password' })
    expect(screen.queryByRole('grid')).toBeNull()
    type('New password', 'four unrelated words')
    type('Repeat new password', 'four unrelated wordz')
    fireEvent.click(button('Set password'))
    await screen.findByText('The two do not match.')
    type('Repeat new password', 'four unrelated words')
    fireEvent.click(button('Set password'))
    await screen.findByRole('grid')
    expect(changed).toEqual({ current: 'one-time-secret', next: 'four unrelated words' })
  })

  test.each([
    [0, 'The server is too old for this panel'],
    [99, 'The server is newer than this panel'],
  ])('a server of API version %i', async (apiVersion, words) => {
    const routes = serverRoutes(personWith())
    routes['GET /healthz'] = { body: { status: 'up', product: 'trailside', apiVersion, serverVersion: 'x' } }
    renderPanel({ remembered: 'server', routes })
    await screen.findByText(words)
  })

  test('a server that does not answer can be tried again', async () => {
    const routes: Parameters<typeof renderPanel>[0] = { remembered: 'server', routes: {} }
    renderPanel(routes)
    await screen.findByText('The server cannot be reached')
    Object.assign(routes.routes!, serverRoutes(personWith()))
    fireEvent.click(button('Try again'))
    await screen.findByRole('heading', { name: 'Sign in' })
  })
})

describe('no access', () => {
  test('names the permission, the role and whom to ask, and asks the log for nothing', async () => {
    const me = personWith([], { roles: [{ id: 'viewer', name: 'Viewer' }] })
    const { log } = renderPanel({ me })
    await screen.findByRole('heading', { name: 'You cannot read this audit log' })
    expect(screen.getByText('Read the audit log')).toBeDefined()
    expect(screen.getByText('Viewer')).toBeDefined()
    expect(screen.getByText('Grace Hopper')).toBeDefined()
    expect(log.calls.map(call => call.name)).toEqual(['close'])
    expect(log.calls[0]!.args).toEqual([{ purge: true }])
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull()
  })

  test('losing the role while the log is open closes it', async () => {
    const { log, routes } = await renderLog()
    routes['GET /v1/me'] = { body: personWith([], { accessVersion: 'v2' }) }
    log.tell('accessChanged', { accessVersion: 'v2' })
    await screen.findByRole('heading', { name: 'You cannot read this audit log' })
    expect(screen.queryByRole('grid')).toBeNull()
  })

  test('export without its permission explains which it needs', async () => {
    await renderLog({ me: personWith(['audit_log.read']) })
    fireEvent.click(button('Export'))
    const dialog = await screen.findByRole('dialog', { name: 'Export' })
    expect(dialog.textContent).toContain('Export the audit log')
    expect(within(dialog).queryByRole('button', { name: /^Export/ })).toBeNull()
  })
})

describe('in the log', () => {
  test('an empty workspace is not the same as filters that leave nothing', async () => {
    renderPanel({ log: new FakeLog() })
    await screen.findByRole('heading', { name: 'Nothing has been logged yet' })
    expect(screen.queryByText('Clear all filters')).toBeNull()
  })

  test('a log nobody could be asked for is not said to be empty', async () => {
    const log = new FakeLog()
    log.status = { ...log.status, phase: 'offline', lastContact: null }
    renderPanel({ log })
    await screen.findByText('The server cannot be reached')
    expect(screen.queryByText('Nothing has been logged yet')).toBeNull()
  })

  test('empty because of filters names them and offers every way out', async () => {
    const { panel } = await renderLog()
    panel.filter.include('action', 'scan.started')
    panel.filter.include('actor', 'u-01')
    panel.filter.choosePreset('7d')
    panel.query.type('nothing like this')
    await screen.findByRole('heading', { name: 'No event matches these filters' })
    const culprits = screen.getAllByRole('list', { name: 'Filters in force' }).at(-1)!
    expect(culprits.textContent).toMatch(/nothing like this.*Scan started.*Maria Jensen.*Last 7 days/)
    fireEvent.click(within(culprits).getAllByRole('button')[0]!)
    await screen.findByRole('grid')
    panel.query.type('nothing like this')
    fireEvent.click(await screen.findByRole('button', { name: 'Clear all filters' }))
    await screen.findByText('500 events')
  })

  test('a failure never looks like an empty answer', async () => {
    const log = demoLog()
    const failure: Failure = {
      kind: 'refused',
      code: 'internal',
      status: 500,
      detail: 'No',
      requestId: 'req-81',
    }
    log.failures.set('rows', failure)
    renderPanel({ log })
    await screen.findByText('The server failed')
    expect(screen.getByText('req-81')).toBeDefined()
    expect(screen.queryByText(/No event/)).toBeNull()
    log.failures.clear()
    fireEvent.click(button('Try again'))
    await screen.findByRole('grid')
  })

  test('offline says since when, and that part of the log is missing', async () => {
    const log = demoLog()
    log.exact = false
    const lastContact = new Date(now - 3_600_000).toISOString()
    log.status = { ...log.status, phase: 'offline', size: 900, complete: false, lastContact }
    await renderLog({ log })
    expect(screen.getByText(/24 Nov 2026, 12:42/)).toBeDefined()
    expect(screen.getByText(/Showing the 500 events held here/)).toBeDefined()
    expect(screen.getByText(/of 900 in the log/)).toBeDefined()
  })

  test('offline with part of the log: nothing found here is not said to be nothing there', async () => {
    const log = demoLog()
    log.exact = false
    const { panel } = await renderLog({ log })
    panel.query.type('nothing like this')
    await screen.findByRole('heading', { name: 'Nothing found in what is held here' })
  })

  test('a reload without the server opens what is held', async () => {
    renderPanel({ routes: {} })
    await screen.findByRole('grid')
  })

  test('an ended session keeps list and filter, and is renewed in place', async () => {
    const { log, panel, routes } = await renderLog()
    panel.filter.include('action', 'scan.started')
    log.setStatus({ phase: 'expired' })
    const again = await screen.findByRole('region', { name: 'Sign in again' })
    expect(screen.getByRole('grid')).toBeDefined()
    routes['POST /v1/session'] = body =>
      (body as { password: string }).password === 'right'
        ? { body: { token: 'token-2', expiresAt: '2030-01-01T00:00:00.000Z' } }
        : problem(401, 'wrong_credentials', 'No')
    const field = within(again).getByLabelText('Password of maria.jensen@acme.example')
    fireEvent.input(field, { target: { value: 'wrong' } })
    fireEvent.submit(field.closest('form')!)
    await within(again).findByText('E-mail or password is wrong')
    fireEvent.input(field, { target: { value: 'right' } })
    fireEvent.submit(field.closest('form')!)
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Sign in again' })).toBeNull())
    expect(log.calls.filter(call => call.name === 'renew').map(call => call.args)).toEqual([['token-2']])
    expect(panel.filter.filter.value.action?.include).toEqual(['scan.started'])
    expect(log.calls.filter(call => call.name === 'open')).toHaveLength(1)
  })

  test('a server that misbehaves is told apart from one that fails', async () => {
    const { log } = await renderLog()
    const detail = 'The checkpoint does not extend the one seen before.'
    log.setStatus({ phase: 'misbehaved', failure: { kind: 'misbehaved', code: 'inconsistent', detail } })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain(detail)
    expect(button('Connection: Not trusted')).toBeDefined()
  })

  test('clocks that differ are mentioned from two minutes on', async () => {
    const { log } = await renderLog()
    log.setStatus({ clockOffsetMs: 60_000 })
    expect(screen.queryByText('The clocks differ.')).toBeNull()
    log.setStatus({ clockOffsetMs: -600_000 })
    await screen.findByText('The clocks differ.')
    expect(screen.getByText(/10 minutes ahead/)).toBeDefined()
  })

  test('demo data is labelled wherever it shows', async () => {
    const { panel } = await renderLog()
    for (const view of ['log', 'settings', 'administration'] as const) {
      panel.navigation.go(view)
      expect(await screen.findByText('DEMO')).toBeDefined()
    }
  })

  test('signing out deletes what is held and forgets the session', async () => {
    const { panel, log, memory } = await renderLog()
    await panel.session.signOut()
    await screen.findByRole('heading', { name: 'Sign in' })
    expect(log.calls.at(-1)).toEqual({ name: 'close', args: [{ purge: true }] })
    expect(memory.session.value).toBeNull()
    expect(memory.server.value).not.toBeNull()
  })
})
