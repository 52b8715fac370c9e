// Finds the browsers and tools that the end-to-end tests drive, and gets them where it can.
// Plain Node: `npm start -- --open` asks it for a browser too. Also vitest's global set-up of the `e2e` project.
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { ensureExtension, ensureInstalled, ensureServerBundle, root, say } from '../../server/setup.mjs'
import { makeDemoTemplate } from './demo-template.mjs'

const exec = promisify(execFile)

/** What the tests find in their environment: a program's path, or empty and the reason. */
const tools = [
  { variable: 'FIREFOX_PATH', program: 'firefox-esr', debian: 'firefox-esr' },
  { variable: 'XVFB_PATH', program: 'Xvfb', debian: 'xvfb' },
  { variable: 'XDOTOOL_PATH', program: 'xdotool', debian: 'xdotool' },
  { variable: 'IMPORT_PATH', program: 'import', debian: 'imagemagick' },
]

const missingChromium =
  'No Chromium or Chrome found, and none could be installed: install one, or set CHROME_PATH to its program.'

/** vitest's global set-up: browsers found, extension and server built, a demo workspace to copy. */
export default async function setup() {
  await ensureInstalled()
  await provision()
  await ensureServerBundle()
  await ensureExtension('chrome')
  await ensureExtension('firefox')
  return makeDemoTemplate()
}

/** Sets CHROME_PATH and the optional tools' variables in the environment, installing what it can. */
export async function provision() {
  for (const tool of tools) process.env[tool.variable] ||= which(tool.program) ?? ''
  let chromium = findChromium()
  const wanted = tools.filter(tool => !process.env[tool.variable]).map(tool => tool.debian)
  if (!chromium) wanted.unshift('chromium')
  if (wanted.length && canInstallDebianPackages()) {
    await installDebianPackages(wanted)
    for (const tool of tools) process.env[tool.variable] ||= which(tool.program) ?? ''
    chromium = findChromium()
  }
  chromium ??= await downloadChromium()
  // The browser tests then fail, each saying so; the others still run.
  if (!chromium) say(missingChromium)
  process.env.CHROME_PATH = chromium ?? ''
}

/** The path of a Chromium-family browser on this machine, or undefined. */
export function findChromium() {
  const given = process.env.CHROME_PATH
  if (given && isProgram(given)) return given
  return usualPaths().find(isProgram) ?? playwrightsOwn()
}

function usualPaths() {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
  const local = process.env.LOCALAPPDATA ?? ''
  const programs = [process.env.PROGRAMFILES ?? '', process.env['PROGRAMFILES(X86)'] ?? '', local]
  return [
    ...names.map(name => which(name)).filter(Boolean),
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...programs.map(folder => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
    ...programs.map(folder => join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe')),
  ]
}

function playwrightsOwn() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  ]
  const programs = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
  ]
  return caches
    .filter(cache => cache && existsSync(cache))
    .flatMap(cache => versions(cache).flatMap(name => programs.map(program => join(cache, name, program))))
    .find(isProgram)
}

/** Newest first: chromium-1217 before chromium-1181. */
const versions = cache =>
  readdirSync(cache)
    .filter(name => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))

const canInstallDebianPackages = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && Boolean(which('apt-get'))

/** All at once; when one of them cannot be had, each by itself, since most of them are optional. */
async function installDebianPackages(names) {
  say(`Installing ${names.join(', ')} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => exec('apt-get', args, { env, timeout: 300_000, maxBuffer: 64e6 })
  const install = wanted => apt('install', '-y', '-q', '--no-install-recommends', ...wanted)
  await apt('update', '-q').catch(() => undefined)
  try {
    await install(names)
  } catch {
    for (const name of names) await install([name]).catch(() => say(`Could not install ${name}.`))
  }
}

async function downloadChromium() {
  say('Downloading Chromium through Playwright ...')
  const cli = join(root, 'node_modules', 'playwright-core', 'cli.js')
  await exec(process.execPath, [cli, 'install', 'chromium', '--no-shell'], { timeout: 300_000 }).catch(
    () => undefined,
  )
  return playwrightsOwn()
}

function which(program) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map(folder => join(folder, program)).find(isProgram)
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
