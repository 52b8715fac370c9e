// From an extension that knows nothing to the first look at the log, and what is still there afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, logIsLive, openMenu, rows, signIn } from './analyst.ts'
import { launchPanel, type PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
beforeAll(async () => {
  server = await startServer()
  browser = await launchPanel({ width: 360 })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const hosts = async () => (await browser.panel.evaluate(() => chrome.permissions.getAll())).origins

test('the first thing to read is what this is and the three steps to it; no host may be reached yet', async () => {
  const { panel } = browser
  await panel.getByRole('heading', { name: 'The audit log, beside your work' }).waitFor()
  expect(await panel.getByRole('main').getByRole('listitem').count()).toBe(3)
  expect(await hosts()).toEqual([])
})

test('an address is checked before anything is asked of the network', async () => {
  const { panel } = browser
  const address = panel.getByLabel('Server address')
  for (const [typed, words] of [
    ['', 'Type the address of the server.'],
    ['ftp://audit.example.com', 'This is no web address'],
    ['http://audit.example.com', 'Plain http is for this computer only'],
  ] as const) {
    await connect(panel, typed)
    const problem = panel.getByText(words)
    await problem.waitFor()
    expect(await address.getAttribute('aria-invalid')).toBe('true')
    expect(await address.getAttribute('aria-describedby')).toBe(await problem.getAttribute('id'))
  }
  await address.fill('audit.example.com')
  expect(await address.getAttribute('aria-invalid')).toBe('false')
})

test('connecting takes access to that one host, a wrong password is told without saying which part is wrong', async () => {
  await browser.grantHost(server.url)
  const { panel } = browser
  await connect(panel, server.url.replace('http://', ''))
  await panel.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await hosts()).toEqual(['http://127.0.0.1/*'])
  const { email } = server.account('Security Analyst')
  const answers: string[] = []
  for (const wrong of [
    { email, password: 'not the password' },
    { email: 'nobody@example.com', password: 'whatever it is' },
  ]) {
    await signIn(panel, wrong)
    const note = panel.getByRole('alert')
    await note.waitFor()
    answers.push(await note.innerText())
  }
  expect(answers[0]).toContain('E-mail or password is wrong')
  expect(answers[1]).toBe(answers[0])
})

test('signed in, the demo log is shown and labelled as demo', async () => {
  const { panel } = browser
  await signIn(panel, server.account('Security Analyst'))
  await logIsLive(panel)
  expect(await rows(panel).count()).toBeGreaterThan(5)
  await panel.getByText('DEMO', { exact: true }).waitFor()
  expect(await panel.title()).toContain('Audit log')
})

test('the session lives on in a reloaded panel and in one that was closed and opened again', async () => {
  await browser.panel.reload()
  await logIsLive(browser.panel)
  await browser.closePanel()
  await logIsLive(await browser.openPanel())
})

test('the token is in no address and nowhere on the disk', async () => {
  const { panel } = browser
  const kept = await panel.evaluate(async () => ({
    disk: JSON.stringify([await chrome.storage.local.get(), { ...localStorage }]),
    session: JSON.stringify(await chrome.storage.session.get()),
  }))
  const token = /"token":"([^"]+)"/.exec(kept.session)?.[1]
  expect(token).toBeTruthy()
  expect(kept.disk).not.toContain(token)
  expect(panel.url()).not.toContain(token)
})

test('a second start knows the server and asks only for the password; leaving gives the host back', async () => {
  const { panel } = browser
  await openMenu(panel, 'Sign out')
  await panel.getByRole('textbox', { name: 'E-mail' }).waitFor()
  await panel.reload()
  await signIn(panel, server.account('Security Analyst'))
  await logIsLive(panel)
  await openMenu(panel, 'Settings')
  await panel.getByRole('button', { name: 'Forget this server' }).click()
  await panel.getByLabel('Server address').waitFor()
  expect(await hosts()).toEqual([])
  expect(browser.errors.filter(words => !words.includes('401'))).toEqual([])
})
