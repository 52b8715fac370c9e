// A real Chromium with an unpacked extension, started by us and driven over its debugging port.
// Not through Playwright's own launch: its connection never attaches to a docked side panel, and every
// connection it makes redirects downloads.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type CDPSession, chromium } from 'playwright-core'
import { until } from './until.ts'

export interface ChromiumOptions {
  /** A profile folder to keep; without it, a new one that goes when the browser is closed. */
  profile?: string | undefined
  /** The X display to appear on, such as `:99`; without it the browser is headless. */
  display?: string | undefined
  window: { width: number; height: number }
  dark: boolean
  timezone: string
  /** The docked side panel's width in CSS pixels. */
  panelWidth: number
}

export interface Chromium {
  browser: Browser
  /** Commands to the browser itself: targets, extensions, downloads. */
  cdp: CDPSession
  downloads: string
  /** A further connection, which sees the targets that have appeared since. */
  connect(): Promise<Browser>
  close(): Promise<void>
}

export async function startChromium(options: ChromiumOptions): Promise<Chromium> {
  const program = process.env.CHROME_PATH
  if (!program) throw new Error('No Chromium: install one, or set CHROME_PATH to its program.')
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'trailside-chromium-'))
  const downloads = join(profile, 'downloads')
  writePreferences(profile, downloads, options.panelWidth)
  const child = spawn(program, flags(profile, options), { env: environment(options), stdio: 'ignore' })
  const killChild = () => child.kill('SIGKILL')
  process.once('exit', killChild)
  try {
    const endpoint = await readEndpoint(profile, child)
    const browser = await chromium.connectOverCDP(endpoint)
    const cdp = await browser.newBrowserCDPSession()
    const keepDownloads = () =>
      cdp.send('Browser.setDownloadBehavior', { behavior: 'default', eventsEnabled: true })
    await keepDownloads()
    return {
      browser,
      cdp,
      downloads,
      connect: async () => {
        const further = await chromium.connectOverCDP(endpoint)
        await keepDownloads()
        return further
      },
      close: async () => {
        await cdp.send('Browser.close').catch(() => undefined)
        await ended(child)
        process.removeListener('exit', killChild)
        if (!options.profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    killChild()
    throw error
  }
}

/** Written before the start, since Chromium reads them only then. */
function writePreferences(profile: string, downloads: string, panelWidth: number): void {
  const file = join(profile, 'Default', 'Preferences')
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  mkdirSync(join(profile, 'Default'), { recursive: true })
  mkdirSync(downloads, { recursive: true })
  // The side panel's stored width counts its frame too: 18 pixels beyond the page's own.
  const widths = { id_to_width: { kExtension: panelWidth + 18 } }
  const download = { default_directory: downloads, prompt_for_download: false }
  writeFileSync(file, JSON.stringify({ ...earlier, download, side_panel: widths }))
}

function flags(profile: string, options: ChromiumOptions): string[] {
  const { width, height } = options.window
  return [
    ...(options.display ? [] : ['--headless=new']),
    // Chromium refuses its sandbox to root; --test-type keeps the warning bar about it out of the pictures.
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
    ...(options.dark ? ['--force-dark-mode'] : []),
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    '--window-position=0,0',
    '--remote-debugging-port=0',
    '--enable-unsafe-extension-debugging',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-component-update',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-dev-shm-usage',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--password-store=basic',
    '--use-mock-keychain',
    '--lang=en-US',
    'about:blank',
  ]
}

function environment({ display, timezone }: ChromiumOptions): NodeJS.ProcessEnv {
  return { ...process.env, TZ: timezone, LANG: 'en_US.UTF-8', ...(display ? { DISPLAY: display } : {}) }
}

/** Chromium writes the port it chose into its profile. */
async function readEndpoint(profile: string, child: ChildProcess): Promise<string> {
  const file = join(profile, 'DevToolsActivePort')
  rmSync(file, { force: true })
  return until('Chromium to open its debugging port', () => {
    if (child.exitCode !== null) throw new Error(`Chromium ended with ${child.exitCode} at its start`)
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    return port && path ? `ws://127.0.0.1:${port}${path}` : undefined
  })
}

async function ended(child: ChildProcess): Promise<void> {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || undefined
  await until('Chromium to end', hasEnded, 8_000).catch(() => child.kill('SIGKILL'))
}
