// The panel's views as the pictures show them: who looks, and what leads there from the log's list.
import type { Page } from 'playwright-core'
import { filterBy, openMenu, rows } from './analyst.ts'

export interface View {
  name: string
  /** The demo account's role; null for someone who is not signed in. */
  role: string | null
  show(panel: Page): Promise<unknown>
  /** Back to where the next view starts. */
  leave?(panel: Page): Promise<unknown>
}

const analyst = 'Security Analyst'

/** Ordered by who looks, so that few sign-ins are needed. */
export const views: View[] = [
  {
    name: 'sign-in',
    role: null,
    show: panel => panel.getByLabel('E-mail').waitFor(),
  },
  { name: 'list', role: analyst, show: async () => {} },
  {
    name: 'filter',
    role: analyst,
    show: async panel => {
      await panel.getByRole('button', { name: 'Action', exact: true }).click()
      await panel.getByRole('dialog').getByRole('checkbox').first().waitFor()
    },
    leave: panel => panel.keyboard.press('Escape'),
  },
  {
    name: 'filtered',
    role: analyst,
    show: async panel => {
      await filterBy(panel, 'Area', 'Targets')
      await chooseDates(panel, 'Last 30 days')
    },
    leave: clearFilters,
  },
  {
    name: 'detail',
    role: analyst,
    show: async panel => {
      await filterBy(panel, 'Action', 'Target updated')
      await rows(panel).first().click()
      await panel.getByRole('heading', { name: 'Changes' }).waitFor()
    },
    leave: async panel => {
      await panel.getByRole('button', { name: 'Back to the list' }).click()
      await clearFilters(panel)
    },
  },
  {
    name: 'export',
    role: analyst,
    show: async panel => {
      await filterBy(panel, 'Area', 'Scans')
      await panel.getByRole('button', { name: 'Export', exact: true }).click()
      await panel.getByRole('button', { name: /^Export [\d,]+ records/ }).waitFor()
    },
    leave: async panel => {
      await panel.getByRole('button', { name: 'Cancel' }).click()
      await clearFilters(panel)
    },
  },
  {
    name: 'empty',
    role: analyst,
    show: async panel => {
      await filterBy(panel, 'Area', 'Targets')
      await chooseDates(panel, 'Last 30 days')
      await panel.getByLabel('Search', { exact: true }).fill('no such target')
      await panel.getByRole('heading', { name: 'No event matches these filters' }).waitFor()
    },
    leave: clearFilters,
  },
  {
    name: 'query',
    role: analyst,
    show: async panel => {
      await panel.getByLabel('Search', { exact: true }).pressSequentially('-area:scans action:targ')
      await panel.getByRole('option').first().waitFor()
    },
    leave: async panel => {
      await panel.getByLabel('Search', { exact: true }).fill('')
      await panel.keyboard.press('Escape')
    },
  },
  {
    name: 'palette',
    role: analyst,
    show: async panel => {
      await panel.keyboard.press('Control+k')
      await panel.getByRole('listbox', { name: 'Commands' }).waitFor()
    },
    leave: panel => panel.keyboard.press('Escape'),
  },
  {
    name: 'row-menu',
    role: analyst,
    show: async panel => {
      await rows(panel).nth(4).click({ button: 'right' })
      await panel.getByRole('menuitem').first().waitFor()
    },
    leave: panel => panel.keyboard.press('Escape'),
  },
  {
    name: 'trust',
    role: analyst,
    show: async panel => {
      await panel.getByRole('button', { name: /^Verified/ }).click()
      await panel.getByRole('heading', { level: 1 }).waitFor()
    },
    leave: panel => panel.getByRole('button', { name: 'Back' }).click(),
  },
  {
    name: 'settings',
    role: analyst,
    show: panel => openMenu(panel, 'Settings'),
    leave: panel => panel.getByRole('button', { name: 'Back' }).click(),
  },
  {
    name: 'no-access',
    role: 'Viewer',
    show: panel => panel.getByRole('heading', { name: 'You cannot read this audit log' }).waitFor(),
  },
  {
    name: 'administration',
    role: 'Owner',
    show: async panel => {
      await openMenu(panel, 'Administration')
      await panel.getByRole('list', { name: 'Users' }).waitFor()
    },
  },
  {
    name: 'roles',
    role: 'Owner',
    show: async panel => {
      await openMenu(panel, 'Administration')
      await panel.getByRole('tab', { name: 'Roles' }).click()
    },
    leave: panel => panel.getByRole('button', { name: 'Back' }).click(),
  },
  ...['Sources', 'Retention'].map(tab => ({
    name: tab.toLowerCase(),
    role: 'Owner',
    show: async (panel: Page) => {
      await openMenu(panel, 'Administration')
      await panel.getByRole('tab', { name: tab }).click()
    },
    leave: (panel: Page) => panel.getByRole('button', { name: 'Back' }).click(),
  })),
]

async function chooseDates(panel: Page, preset: string): Promise<void> {
  await panel.getByRole('button', { name: 'Date', exact: true }).click()
  await panel.getByRole('button', { name: preset }).click()
}

async function clearFilters(panel: Page): Promise<void> {
  await panel
    .getByRole('button', { name: /^Clear (all|all filters)$/ })
    .first()
    .click()
  await panel.getByRole('button', { name: 'Dismiss' }).click()
}
