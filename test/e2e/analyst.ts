// What a person does in the panel, by the roles and labels they would go by.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { bearer } from '../support/access.ts'
import { launchPanel, type PanelBrowser, type PanelOptions } from './harness.ts'
import type { TestServer } from './server.ts'

/** A browser whose panel is connected to the server and shows the sign-in. */
export async function openConnected(server: TestServer, options: PanelOptions = {}): Promise<PanelBrowser> {
  const browser = await launchPanel({ width: 420, ...options, hosts: [server.url] })
  await connect(browser.panel, server.url)
  await browser.panel.getByLabel('E-mail').waitFor()
  return browser
}

export async function connect(panel: Page, url: string): Promise<void> {
  await panel.getByLabel('Server address').fill(url)
  await panel.getByRole('button', { name: 'Connect' }).click()
}

export async function signIn(panel: Page, account: { email: string; password: string }): Promise<void> {
  await panel.getByRole('textbox', { name: 'E-mail' }).fill(account.email)
  await panel.getByLabel('Password').fill(account.password)
  await panel.getByRole('button', { name: 'Sign in' }).click()
}

/** Signed in as the demo account of the role, its log synced and shown. */
export async function openLog(
  server: TestServer,
  options: PanelOptions & { role?: string } = {},
): Promise<PanelBrowser> {
  const browser = await openConnected(server, options)
  await signIn(browser.panel, server.account(options.role ?? 'Security Analyst'))
  await logIsLive(browser.panel)
  return browser
}

export async function logIsLive(panel: Page): Promise<void> {
  await rows(panel).first().waitFor()
  await panel.getByText('Live', { exact: true }).waitFor({ state: 'attached' })
}

export const rows = (panel: Page) => panel.getByRole('grid').getByRole('row')

/** The exact number of events the panel says there are under the filter. */
export async function shownTotal(panel: Page): Promise<number> {
  const words = await panel.locator('.scope-line strong').innerText()
  return Number(words.replaceAll(/\D/g, ''))
}

export async function filterBy(panel: Page, field: string, ...values: string[]): Promise<void> {
  await panel
    .getByRole('button', { name: new RegExp(`^${field}`) })
    .first()
    .click()
  const dialog = panel.getByRole('dialog')
  for (const value of values) {
    await dialog.getByLabel(`Find ${field}`).fill(value)
    await dialog.getByRole('checkbox', { name: value, exact: true }).check()
  }
  await panel.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
}

/** The zone of all times in the list. */
export async function chooseZone(panel: Page, zone: string): Promise<void> {
  await panel.getByRole('button', { name: /^Times in/ }).click()
  await panel.getByLabel('Find a time zone').fill(zone)
  await panel.getByRole('list', { name: 'Time zones' }).getByRole('button').first().click()
}

export async function openMenu(panel: Page, item: string): Promise<void> {
  await panel.getByRole('button', { name: 'Menu', exact: true }).click()
  await panel.getByRole('menuitem', { name: item }).click()
}

/** The server's own answer, for comparison with what the panel shows. */
export async function ask<T>(server: TestServer, key: string, path: string): Promise<T> {
  const answer = await fetch(`${server.url}${path}`, { headers: bearer(key) })
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as T
}

export async function createKey(server: TestServer, role = 'owner'): Promise<string> {
  const { code, stdout, stderr } = await server.command(
    'key',
    'create',
    '--data',
    server.data,
    '--name',
    'test',
    '--role',
    role,
  )
  expect(code, stderr).toBe(0)
  return stdout.trim()
}
