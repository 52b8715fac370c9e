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

interface Stop {
  name: string
  /** Width of what marks the focus: on the element, around it, or on the row of the grid that it names. */
  outline: number
}

/** Runs in the panel. */
function readStop(): Stop {
  const element = document.activeElement as HTMLElement
  const name = element.getAttribute('aria-label') ?? element.innerText
  const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '')
  const marks = [element, element.parentElement!, active ?? element].map(marked => {
    const { outlineStyle, outlineWidth } = getComputedStyle(marked)
    return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth)
  })
  return { name: name.trim(), outline: Math.max(...marks) }
}

const focusOf = (panel: Page) =>
  panel.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText.trim())

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
      const add = panel.getByRole('button', { name: /^(Add|Create) / })
      await add.click()
      await panel.getByRole('dialog').waitFor()
      await isFine(panel)
      await panel.keyboard.press('Escape')
      await expect.poll(() => focusOf(panel)).toBe(await add.innerText())
    }
    await panel.getByRole('button', { name: 'Back', exact: true }).click()
  })

  test('every stop of the Tab key is seen to have the focus, is named, and they come in reading order', async () => {
    const { panel } = browser
    await panel.getByRole('grid').waitFor()
    const first = panel.getByRole('button', { name: /^Connection/ })
    await first.focus()
    const stops: Stop[] = []
    // A key press makes the focus visible; a script's does not.
    await panel.keyboard.press('Shift+Tab')
    for (;;) {
      await panel.keyboard.press('Tab')
      const stop = await panel.evaluate(readStop)
      stops.push(stop)
      if (stop.name === 'Events, newest first' || stops.length > 30) break
    }
    expect(stops.map(({ name }) => name.replace(/^(Connection|Times in).*/, '$1'))).toEqual([
      ...['Connection', 'Export', 'Menu', 'Search', 'How to search'],
      ...['Action', 'Area', 'User', 'Target', 'Date', 'More'],
      ...['Events over time', 'By outcome', 'Times in', 'Events, newest first'],
    ])
    expect(stops.filter(({ outline }) => outline < 2)).toEqual([])
  })

  test('no access', async () => {
    const { panel } = browser
    await openMenu(panel, 'Sign out')
    await signIn(panel, server.account('Viewer'))
    await panel.getByRole('heading', { name: 'You cannot read this audit log' }).waitFor()
    await isFine(panel)
  })
})

test('a new workspace, its first password and a server that is away are as fine as the rest', async () => {
  const empty = await startServer({ empty: true })
  const [, email] = /e-mail\s+(\S+)/.exec(empty.output())!
  const [, password] = /one-time password\s+(\S+)/.exec(empty.output())!
  const browser = await launchPanel({ width: 360, hosts: [empty.url] })
  try {
    const { panel } = browser
    await connect(panel, empty.url)
    await signIn(panel, { email: email!, password: password! })
    await panel.getByLabel('New password', { exact: true }).fill('amber lamps over the harbour')
    await isFine(panel)
    await panel.getByLabel('Repeat new password').fill('amber lamps over the harbour')
    await panel.getByRole('button', { name: 'Set password' }).click()
    await logIsLive(panel)
    await empty.stop()
    await panel.getByText('Offline.').waitFor()
    await isFine(panel)
    await browser.setColorScheme('dark')
    await isFine(panel)
  } finally {
    await browser.close()
    await empty.close()
  }
})

test('nothing moves for those who asked for less motion', async () => {
  const browser = await launchPanel({ width: 360, hosts: [server.url] })
  try {
    const { panel } = browser
    await panel.emulateMedia({ reducedMotion: 'reduce' })
    await connect(panel, server.url)
    await signIn(panel, server.account('Security Analyst'))
    await logIsLive(panel)
    await rows(panel).first().click()
    await panel.getByRole('region', { name: 'Event details' }).waitFor()
    const moving = await panel.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap(element => {
        const style = getComputedStyle(element)
        const seconds = [style.animationDuration, style.transitionDuration].map(Number.parseFloat)
        return Math.max(...seconds) > 0.001 ? [element.outerHTML.slice(0, 80)] : []
      }),
    )
    expect(moving).toEqual([])
  } finally {
    await browser.close()
  }
})
