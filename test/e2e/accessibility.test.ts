// WCAG 2.2 AA as far as axe can tell, in the real panel at its narrowest, light and dark.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAccessibility } from './accessibility.ts'
import { connect, filterBy, logIsLive, openMenu, rows, signIn } from './analyst.ts'
import { launchPanel, type PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

async function isFine(panel: Page): Promise<void> {
  await checkAccessibility(panel)
  const sideways = await panel.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(sideways, 'the panel must not scroll sideways').toBe(false)
}

describe.each(['light', 'dark'] as const)('%s', colorScheme => {
  let browser: PanelBrowser
  beforeAll(async () => {
    browser = await launchPanel({ width: 360, colorScheme, hosts: [server.url] })
  })
  afterAll(() => browser?.close())

  test('first run and sign-in', async () => {
    const { panel } = browser
    await panel.getByLabel('Server address').waitFor()
    await isFine(panel)
    await connect(panel, server.url)
    await panel.getByLabel('E-mail').waitFor()
    await isFine(panel)
    await signIn(panel, { email: server.account('Owner').email, password: 'not the password' })
    await panel.getByText('E-mail or password is wrong').waitFor()
    await isFine(panel)
    await signIn(panel, server.account('Owner'))
    await logIsLive(panel)
  })

  test('list, popovers, detail, export, help', async () => {
    const { panel } = browser
    await isFine(panel)
    for (const field of ['Action', 'Date', 'More']) {
      await panel
        .getByRole('button', { name: new RegExp(`^${field}`) })
        .first()
        .click()
      await panel.getByRole('dialog').waitFor()
      await isFine(panel)
      await panel.keyboard.press('Escape')
    }
    await filterBy(panel, 'Action', 'Target updated')
    await rows(panel).first().click()
    await panel.getByRole('heading', { name: 'Changes' }).waitFor()
    await isFine(panel)
    await panel.keyboard.press('Escape')
    await panel.getByLabel('Search', { exact: true }).fill('nothing holds these words')
    await panel.getByRole('heading', { name: 'No event matches these filters' }).waitFor()
    await isFine(panel)
    await panel.getByRole('button', { name: 'Clear all filters' }).click()
    await panel.getByRole('button', { name: 'Export', exact: true }).click()
    await panel.getByText('Time zone, columns and encoding').click()
    await isFine(panel)
    await panel.keyboard.press('Escape')
    await openMenu(panel, 'Help')
    await panel.getByRole('dialog').waitFor()
    await isFine(panel)
    await panel.keyboard.press('Escape')
  })

  test('settings and administration', async () => {
    const { panel } = browser
    await openMenu(panel, 'Settings')
    await panel.getByRole('heading', { name: 'Appearance' }).waitFor()
    await isFine(panel)
    await panel.getByRole('button', { name: 'Back', exact: true }).click()
    await openMenu(panel, 'Administration')
    for (const tab of ['Users', 'Roles', 'API keys']) {
      await panel.getByRole('tab', { name: tab }).click()
      await panel.getByText('Loading', { exact: true }).waitFor({ state: 'hidden' })
      await isFine(panel)
    }
    await panel.getByRole('button', { name: 'Back', exact: true }).click()
  })

  test('no access', async () => {
    const { panel } = browser
    await openMenu(panel, 'Sign out')
    await signIn(panel, server.account('Viewer'))
    await panel.getByRole('heading', { name: 'You cannot read this audit log' }).waitFor()
    await isFine(panel)
  })
})
