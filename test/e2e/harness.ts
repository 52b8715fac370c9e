// The browser tests' harness: the built extension in a real Chromium, with its real docked side panel as an
// ordinary Playwright page. Nothing of the extension is changed or stubbed.
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page, Worker } from 'playwright-core'
import { extensionFolder, root } from './built.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { type Display, openDisplay } from './display.ts'
import { until } from './until.ts'

export interface PanelOptions {
  /** The docked panel's width in CSS pixels; Chromium allows 360 and more. Default 360. */
  width?: number
  colorScheme?: 'light' | 'dark'
  /** IANA name of the zone the browser lives in. Default UTC. */
  timezone?: string
  window?: { width: number; height: number }
  /** Visible under Xvfb, for docked pictures and the browser's own dialogs (see display.ts `lacksDisplay`). */
  headed?: boolean
  /** Keep this profile folder, to start again with the same browser state. */
  profile?: string
  /** Another extension folder than the built one. */
  extension?: string
  /** Origins whose host permission is granted from the start, as `grantHost` does. */
  hosts?: string[]
  /** False leaves the panel closed. */
  open?: boolean
}

export interface Download {
  path: string
  name: string
}

export interface PanelBrowser {
  /** The web page beside the panel. */
  page: Page
  /** The real side panel; throws while it is closed. Valid through reloads, new after `openPanel`. */
  readonly panel: Page
  extensionId: string
  /** A click on the extension's toolbar button, and the panel it opens. */
  openPanel(): Promise<Page>
  closePanel(): Promise<void>
  /** The background worker, started if it sleeps. */
  worker(): Promise<Worker>
  /** Ends the background worker, as Chromium does when it has been idle. */
  killWorker(): Promise<void>
  /** From now on, the panel's own `permissions.request` for this origin is granted without a dialog. */
  grantHost(origin: string): Promise<void>
  /** Does the action and waits for the one file it downloads to be complete. */
  download(action: () => Promise<unknown>): Promise<Download>
  /** The same for several files, in the order in which they were finished. */
  downloads(count: number, action: () => Promise<unknown>): Promise<Download[]>
  /** Another width for the panel's page, by emulation; the dock itself keeps the width it was started with. */
  setPanelWidth(width: number): Promise<void>
  setColorScheme(scheme: 'light' | 'dark'): Promise<void>
  /** A picture in test-results/pictures: the whole screen when headed, otherwise the panel. Answers its path. */
  picture(name: string): Promise<string>
  /** Uncaught errors and console errors of the panel since it opened. */
  errors: string[]
  display: Display | undefined
  close(): Promise<void>
}

export async function launchPanel(options: PanelOptions = {}): Promise<PanelBrowser> {
  const window = options.window ?? { width: 1280, height: 800 }
  const display = options.headed ? await openDisplay(window.width, window.height) : undefined
  const chromium = await startChromium({
    profile: options.profile,
    display: display?.name,
    window,
    dark: options.colorScheme === 'dark',
    timezone: options.timezone ?? 'UTC',
    panelWidth: options.width ?? 360,
  }).catch(error => {
    display?.close()
    throw error
  })
  const session = await createSession(chromium, display, options)
  try {
    for (const origin of options.hosts ?? []) await session.grantHost(origin)
    if (options.open !== false) await session.openPanel()
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

async function createSession(
  chromium: Chromium,
  display: Display | undefined,
  { extension = extensionFolder('chrome'), colorScheme = 'light' }: PanelOptions,
): Promise<PanelBrowser> {
  const { browser } = chromium
  const context = browser.contexts()[0]!
  const page = context.pages()[0] ?? (await context.newPage())
  await page.emulateMedia({ colorScheme })
  const extensionId = await loadExtension(chromium, extension)
  const errors: string[] = []
  let panel: Page | undefined
  let panelConnection: Browser | undefined

  const workers = await watchWorkers(chromium, page, extensionId)
  // A click before the worker has ever listened is lost; later ones wake it.
  await until('the worker to listen to the toolbar button', async () => {
    const running = await workers.running()
    return (await running.evaluate(() => chrome.action.onClicked.hasListeners())) || undefined
  })

  const openPanel = async () => {
    if (panel && !panel.isClosed()) return panel
    await clickToolbarButton(chromium, page, extensionId)
    panelConnection = await connectToPanel(chromium, extensionId, panelConnection)
    panel = panelPage(panelConnection, extensionId)!
    panel.setDefaultTimeout(60_000)
    // Each connection emulates light for all it attaches to, the page beside the panel too.
    for (const each of panelConnection.contexts().flatMap(context => context.pages()))
      await each.emulateMedia({ colorScheme })
    panel.on('pageerror', error => errors.push(error.message))
    panel.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    return panel
  }

  const openedPanel = () => {
    if (!panel || panel.isClosed()) throw new Error('The side panel is closed')
    return panel
  }

  const downloads = (count: number, action: () => Promise<unknown>) =>
    waitForDownloads(chromium, count, action)

  return {
    page,
    get panel() {
      return openedPanel()
    },
    extensionId,
    openPanel,
    closePanel: async () => {
      const closed = openedPanel().waitForEvent('close')
      await openedPanel().evaluate(() => close())
      await closed
    },
    worker: workers.running,
    killWorker: workers.kill,
    grantHost: origin => grantHost(context.newPage.bind(context), extensionId, origin),
    download: async action => (await downloads(1, action))[0]!,
    downloads,
    setPanelWidth: async width => {
      const height = await openedPanel().evaluate(() => innerHeight)
      await openedPanel().setViewportSize({ width, height })
    },
    setColorScheme: scheme => openedPanel().emulateMedia({ colorScheme: scheme }),
    picture: name => takePicture(name, display, openedPanel),
    errors,
    display,
    close: async () => {
      await chromium.close()
      display?.close()
    },
  }
}

/** Over the protocol rather than by switch, which Google's own builds of Chrome no longer take. */
async function loadExtension({ cdp }: Chromium, path: string): Promise<string> {
  const { id } = await (cdp as unknown as ExtensionsProtocol).send('Extensions.loadUnpacked', { path })
  return id
}

/** A domain of the protocol that Playwright's types do not have yet. */
interface ExtensionsProtocol {
  send(method: 'Extensions.loadUnpacked', params: { path: string }): Promise<{ id: string }>
  send(method: 'Extensions.triggerAction', params: { id: string; targetId: string }): Promise<void>
}

async function clickToolbarButton({ cdp }: Chromium, page: Page, id: string): Promise<void> {
  await page.bringToFront()
  const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{}] })
  // The button belongs to a target of the type `tab`, not to the `page` in it.
  const tabs = targetInfos.filter(({ type }) => type === 'tab')
  const tab = tabs.find(({ url }) => url === page.url()) ?? tabs[0]!
  await (cdp as unknown as ExtensionsProtocol).send('Extensions.triggerAction', {
    id,
    targetId: tab.targetId,
  })
}

/** A connection sees the side panels that were open when it was made, so each opening takes a new one. */
async function connectToPanel(chromium: Chromium, id: string, earlier?: Browser): Promise<Browser> {
  await until('the side panel to open', async () => {
    const { targetInfos } = await chromium.cdp.send('Target.getTargets', { filter: [{}] })
    return (
      targetInfos.some(({ type, url }) => type === 'page' && url.startsWith(panelAddress(id))) || undefined
    )
  })
  await earlier?.close()
  const connection = await chromium.connect()
  const panel = await until('the side panel as a page', () => panelPage(connection, id))
  await panel.waitForLoadState()
  return connection
}

const panelAddress = (id: string) => `chrome-extension://${id}/sidepanel.html`

function panelPage(connection: Browser, id: string): Page | undefined {
  const pages = connection.contexts().flatMap(context => context.pages())
  return pages.find(page => page.url().startsWith(panelAddress(id)))
}

interface Workers {
  running(): Promise<Worker>
  kill(): Promise<void>
}

async function watchWorkers({ browser, cdp }: Chromium, page: Page, id: string): Promise<Workers> {
  const context = browser.contexts()[0]!
  const starter = await context.newCDPSession(page)
  await starter.send('ServiceWorker.enable')
  const targets = async () => {
    const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{}] })
    return targetInfos.filter(({ type, url }) => type === 'service_worker' && url.includes(id))
  }
  const isRunning = async () => (await targets()).length > 0 || undefined
  return {
    running: async () => {
      // Playwright's object outlives a killed worker, and speaks to the next one.
      if (!(await isRunning()))
        await starter.send('ServiceWorker.startWorker', { scopeURL: `chrome-extension://${id}/` })
      await until('the background worker', isRunning)
      return until('the background worker', () =>
        context.serviceWorkers().findLast(each => each.url().includes(id)),
      )
    },
    kill: async () => {
      for (const { targetId } of await targets()) await cdp.send('Target.closeTarget', { targetId })
      await until('the background worker to end', async () => !(await isRunning()) || undefined)
    },
  }
}

/**
 * What a person does under "Site access" on chrome://extensions, by the call that page makes. The shipped
 * manifest stays as it is, and the panel's own request goes its whole way, only without the native dialog
 * that a headless browser would wait for without end.
 */
async function grantHost(newPage: () => Promise<Page>, id: string, origin: string): Promise<void> {
  const settings = await newPage()
  try {
    await settings.goto('chrome://extensions')
    await settings.evaluate(
      async ([id, pattern]) => {
        type Settings = { addHostPermission(id: string, pattern: string): Promise<void> }
        const page = chrome as unknown as { developerPrivate: Settings }
        await page.developerPrivate.addHostPermission(id!, pattern!)
      },
      [id, hostPattern(origin)],
    )
  } finally {
    await settings.close()
  }
}

/** `http://127.0.0.1:8787` is asked for as `http://127.0.0.1/*`: match patterns know no ports. */
function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}/*`
}

interface DownloadProgress {
  guid: string
  state: 'inProgress' | 'completed' | 'canceled'
  filePath?: string
}

/** By the browser's own word: a file's final name is reserved with an empty file long before it is complete. */
async function waitForDownloads(
  { cdp }: Chromium,
  count: number,
  action: () => Promise<unknown>,
): Promise<Download[]> {
  const done = new Map<string, Download>()
  const listen = (progress: DownloadProgress) => {
    if (progress.state !== 'completed' || !progress.filePath) return
    done.set(progress.guid, { path: progress.filePath, name: basename(progress.filePath) })
  }
  cdp.on('Browser.downloadProgress', listen)
  try {
    await action()
    await until(`${count} download(s)`, () => done.size >= count || undefined, 60_000)
    return [...done.values()]
  } finally {
    cdp.off('Browser.downloadProgress', listen)
  }
}

async function takePicture(name: string, display: Display | undefined, panel: () => Page): Promise<string> {
  const folder = join(root, 'test-results', 'pictures')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  if (!display) {
    await panel().screenshot({ path })
    return path
  }
  // The dock slides in, and nothing tells when it has arrived.
  await sleep(700)
  await display.photograph(path)
  return path
}
