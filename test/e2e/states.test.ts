// What the panel says when things are not as usual: each state by its words and the way out of it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { bearer } from '../support/access.ts'
import {
  connect,
  createKey,
  filterBy,
  logIsLive,
  openConnected,
  openLog,
  shownTotal,
  signIn,
} from './analyst.ts'
import { launchPanel, type PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer | undefined
let browser: PanelBrowser | undefined
let standIn: Server | undefined
afterEach(async () => {
  await browser?.close()
  await server?.close()
  standIn?.close()
  browser = server = standIn = undefined
})

/** Something at an address that is not the server of this version. */
async function answerWith(type: string, body: string): Promise<string> {
  standIn = createServer((_, response) => response.setHeader('content-type', type).end(body))
  await new Promise<void>(done => standIn!.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(standIn.address() as AddressInfo).port}`
}

const health = (apiVersion: number) =>
  JSON.stringify({ status: 'up', product: 'trailside', apiVersion, serverVersion: '9.9.9' })

test.each([
  ['an older server', 'application/json', health(0), 'The server is too old for this panel'],
  ['a newer server', 'application/json', health(2), 'The server is newer than this panel'],
  [
    'some web page',
    'text/html',
    '<!doctype html><title>Sign in</title>',
    'What answered is not a Trailside server',
  ],
])('%s is told for what it is', async (_name, type, body, words) => {
  const url = await answerWith(type, body)
  browser = await launchPanel({ hosts: [url] })
  await connect(browser.panel, url)
  await browser.panel.getByText(words).waitFor()
})

test('addresses that cannot be meant are refused with words, and one that nobody answers at is told apart', async () => {
  const url = await answerWith('text/plain', '')
  standIn!.close()
  browser = await launchPanel({ hosts: [url] })
  const { panel } = browser
  for (const [address, words] of [
    ['not an address', 'This is no web address'],
    ['http://audit.example.com', 'Plain http is for this computer only'],
    [url, 'The server cannot be reached'],
  ] as const) {
    await connect(panel, address)
    await panel.getByText(words).waitFor()
    const back = panel.getByRole('button', { name: 'Use another server' })
    if (await back.isVisible()) await back.click()
  }
})

test('a new workspace: the one-time password is replaced, the empty log says so, the first event appears', async () => {
  server = await startServer({ empty: true })
  const [, email] = /e-mail\s+(\S+)/.exec(server.output())!
  const [, password] = /one-time password\s+(\S+)/.exec(server.output())!
  browser = await openConnected(server)
  const { panel } = browser
  await signIn(panel, { email: email!, password: password! })
  await panel.getByRole('heading', { name: 'Choose your password' }).waitFor()
  await panel.getByLabel('New password', { exact: true }).fill('amber lamps over the harbour')
  await panel.getByLabel('Repeat new password').fill('amber lamps over the harbour')
  await panel.getByRole('button', { name: 'Set password' }).click()
  await logIsLive(panel)
  expect(server.output().match(/one-time password/g)).toHaveLength(1)
})

test('someone without the permission learns which it is and whom to ask, and nothing of the log', async () => {
  server = await startServer()
  browser = await openConnected(server)
  const { panel } = browser
  await signIn(panel, server.account('Administrator'))
  await panel.getByRole('heading', { name: 'You cannot read this audit log' }).waitFor()
  const words = await panel.getByRole('main').innerText()
  expect(words).toContain('Read the audit log')
  expect(words).toContain('Demo Owner')
  expect(await panel.getByRole('grid').count()).toBe(0)
  const session = await fetch(`${server.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(server.account('Viewer')),
  })
  const { token } = (await session.json()) as { token: string }
  for (const path of [
    'events',
    'events/0',
    'facets',
    'histogram',
    'stream',
    'log/checkpoint',
    'log/tile/0/000.p/1',
    'log/tile/entries/000.p/1',
    'log/disclosures/0',
  ]) {
    const answer = await fetch(`${server.url}/v1/${path}`, { headers: bearer(token) })
    expect([path, answer.status]).toEqual([path, 403])
    expect(await answer.json()).toMatchObject({ code: 'forbidden', permission: 'audit_log.read' })
  }
})

test('a session that ends keeps list and filter, and signing in again goes on from there', async () => {
  server = await startServer()
  browser = await openLog(server)
  const { panel } = browser
  await filterBy(panel, 'Area', 'Scans')
  await expect.poll(() => shownTotal(panel)).toBeLessThan(2000)
  const total = await shownTotal(panel)
  const key = await createKey(server)
  const headers = new Headers([...bearer(key), ['content-type', 'application/json']])
  const { users } = (await (await fetch(`${server.url}/v1/users`, { headers })).json()) as {
    users: { id: string; email: string }[]
  }
  const { id } = users.find(user => user.email === server!.account('Security Analyst').email)!
  // A new password ends every session of the person.
  const reset = await fetch(`${server.url}/v1/users/${id}/password`, { method: 'POST', headers })
  const { oneTimePassword } = (await reset.json()) as { oneTimePassword: string }
  await panel.getByText('Your session has ended').first().waitFor({ timeout: 60_000 })
  expect(await shownTotal(panel)).toBe(total)
  await panel.getByLabel(/^Password/).fill(oneTimePassword)
  await panel.getByRole('button', { name: /^Sign in/ }).click()
  await panel.getByRole('heading', { name: 'Choose your password' }).waitFor()
  await panel.getByLabel('New password', { exact: true }).fill('violet harbour at seven bells')
  await panel.getByLabel('Repeat new password').fill('violet harbour at seven bells')
  await panel.getByRole('button', { name: 'Set password' }).click()
  await logIsLive(panel)
  await expect.poll(() => shownTotal(panel)).toBe(total)
  expect(new URL(panel.url()).hash).toContain('area=scans')
})
