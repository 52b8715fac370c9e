// The pictures of the docked panel: every view at three widths, light and dark, from the real demo workspace,
// and the README's own.
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { connect, filterBy, logIsLive, openMenu, rows, signIn } from './analyst.ts'
import { root } from './built.ts'
import { lacksDisplay } from './display.ts'
import { launchPanel, type PanelBrowser, type PanelOptions } from './harness.ts'
import { openPlainSite, type PlainSite } from './plain-site.ts'
import { startServer, type TestServer } from './server.ts'
import { type View, views } from './views.ts'

const widths = [360, 420, 640]
const schemes = ['light', 'dark'] as const
const readmePicture = join(root, 'test', 'e2e', 'pictures', 'docked.png')
const largestReadmePicture = 300_000

interface Scene {
  server: TestServer
  site: PlainSite
  headed: boolean
}

/** Takes all pictures, or those of the named views: `npm run pictures -- list detail docked`. */
export async function makePictures(names: string[]): Promise<void> {
  const lacking = lacksDisplay('import')
  if (lacking) console.error(`Pictures of the panel alone, not docked: ${lacking}.`)
  const isWanted = ({ name }: { name: string }) => names.length === 0 || names.includes(name)
  const wanted = views.filter(isWanted)
  const scene = { server: await startServer(), site: await openPlainSite(), headed: !lacking }
  try {
    if (isWanted({ name: 'docked' }) && !lacking) await makeReadmePicture(scene)
    if (wanted.length === 0) return
    for (const colorScheme of schemes)
      for (const width of widths) await photographViews(scene, wanted, { width, colorScheme })
  } finally {
    scene.site.close()
    await scene.server.close()
  }
}

async function photographViews(scene: Scene, wanted: View[], options: PanelOptions): Promise<void> {
  await withPanel(scene, { ...options, window: { width: 1280, height: 800 } }, async browser => {
    let role: string | null = null
    for (const view of wanted) {
      if (view.role !== role) await changeAccount(browser, scene.server, view.role)
      role = view.role
      await view.show(browser.panel)
      await browser.panel.mouse.move(0, 0)
      console.log(await browser.picture(`${view.name}-${options.width}-${options.colorScheme}`))
      await view.leave?.(browser.panel)
    }
  })
}

async function makeReadmePicture(scene: Scene): Promise<void> {
  const options = { width: 400, colorScheme: 'light', window: { width: 1060, height: 660 } } as const
  await withPanel(scene, options, async browser => {
    await changeAccount(browser, scene.server, 'Security Analyst')
    await filterBy(browser.panel, 'Area', 'Targets')
    await rows(browser.panel).getByText('Target updated').first().waitFor()
    await browser.panel.mouse.move(0, 0)
    await browser.panel.evaluate(() => (document.activeElement as HTMLElement).blur())
    copyFileSync(await browser.picture('docked'), readmePicture)
    const { size } = statSync(readmePicture)
    if (size > largestReadmePicture) throw new Error(`${readmePicture} has become too large: ${size} bytes`)
    console.log(readmePicture)
  })
}

async function withPanel(
  { server, site, headed }: Scene,
  options: PanelOptions,
  work: (browser: PanelBrowser) => Promise<void>,
): Promise<void> {
  const browser = await launchPanel({ ...options, headed, hosts: [server.url], open: false })
  try {
    await browser.page.goto(site.url)
    const panel = await browser.openPanel()
    await connect(panel, server.url)
    await panel.getByLabel('E-mail').waitFor()
    await work(browser)
  } finally {
    await browser.close()
  }
}

/** Signs out whoever is in, and the demo account of the role in. */
async function changeAccount(
  { panel }: PanelBrowser,
  server: TestServer,
  role: string | null,
): Promise<void> {
  if (await panel.getByRole('button', { name: 'Menu', exact: true }).isVisible())
    await openMenu(panel, 'Sign out')
  if (!role) return
  await signIn(panel, server.account(role))
  const refused = panel.getByRole('heading', { name: 'You cannot read this audit log' })
  await rows(panel).first().or(refused).first().waitFor()
  if (await refused.isHidden()) await logIsLive(panel)
}
