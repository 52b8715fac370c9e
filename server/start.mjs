// `npm start`: installs what is missing, builds what changed, starts the backend and says how to load the panel.
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import {
  ensureExtension,
  ensureInstalled,
  ensureServerBundle,
  fail,
  root,
  say,
  serverBundle,
} from './setup.mjs'

const usage = 'Usage: npm start -- [--empty] [--open] [--port N] [--host H] [--data DIR]'
const options = readOptions()
const scheme = process.env.TRAILSIDE_TLS_CERTIFICATE ? 'https' : 'http'
const address = `${scheme}://${options.host}:${options.port}`

if (!options['build-only']) await requireFreePort()
const extension = await prepare()
if (!options['build-only']) {
  say(howToLoad(extension))
  if (options.open) openWhenReady(extension)
  await serve()
}

/** The server's own environment variables count here too, below the flags. */
function readOptions() {
  const { TRAILSIDE_DATA, TRAILSIDE_PORT, TRAILSIDE_HOST } = process.env
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string', default: TRAILSIDE_DATA ?? join(root, 'data') },
        port: { type: 'string', default: TRAILSIDE_PORT ?? '8787' },
        host: { type: 'string', default: TRAILSIDE_HOST ?? '127.0.0.1' },
        empty: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        'build-only': { type: 'boolean', default: false },
      },
    })
    return { ...values, data: resolve(values.data) }
  } catch (error) {
    return fail(`${error.message}\n${usage}`)
  }
}

/** Asked before anything is built: whoever started it twice hears so at once. */
async function requireFreePort() {
  const problem = await new Promise(done => {
    const probe = createServer()
    probe.once('error', error => done(error.code ?? error.message))
    probe.listen(Number(options.port), options.host, () => probe.close(() => done(undefined)))
  }).catch(error => error.message)
  if (problem === 'EADDRINUSE')
    fail(
      `Port ${options.port} is in use: is Trailside already running? Or choose another: npm start -- --port 8788`,
    )
  if (problem) fail(`Cannot listen on ${options.host} port ${options.port}: ${problem}`)
}

async function prepare() {
  try {
    await ensureInstalled()
    const [folder] = await Promise.all([ensureExtension(), ensureServerBundle()])
    if (options['build-only']) await ensureExtension('firefox')
    return folder
  } catch (error) {
    return fail(`Could not build Trailside: ${error.message}`)
  }
}

function howToLoad(folder) {
  return `
  The panel is built: ${relative(process.cwd(), folder) || folder}

    1. Open chrome://extensions (in Edge: edge://extensions)
    2. Switch on "Developer mode"
    3. "Load unpacked", and choose ${folder}
    4. Click Trailside in the toolbar, and connect it to ${address}

  ${options.open ? 'Chromium opens with the panel loaded.' : 'Or let it be done for you, in a browser of its own: npm start -- --open'}
`
}

/** In this very process: its signals and exit code are the server's own. */
async function serve() {
  // The words below are for a person; who wants the log as well asks for it.
  process.env.TRAILSIDE_LOG_LEVEL ??= 'warn'
  const { data, port, host, empty } = options
  const args = ['--data', data, '--port', port, '--host', host, empty ? '--empty' : '--demo']
  process.argv = [process.execPath, serverBundle, 'serve', ...args]
  await import(pathToFileURL(serverBundle).href)
}

async function openWhenReady(folder) {
  const { findChromium } = await import('../test/e2e/provision.mjs')
  const { openBrowser } = await import('./open-browser.mjs')
  const browser = findChromium()
  if (!browser)
    return say(
      '  --open: no Chromium or Chrome found. Set CHROME_PATH to its program, or load the panel by hand.',
    )
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return say(
      '  --open: there is no display here. Load the panel by hand in a browser that can reach this server.',
    )
  if (!(await isReady())) return
  const profile = join(options.data, 'browser')
  const opened = openBrowser({ program: browser, profile, extension: folder, address: `${address}/` })
  await opened.catch(error => say(`  --open: ${browser}: ${error.message}`))
}

async function isReady() {
  for (let tries = 0; tries < 150; tries++) {
    const answer = await fetch(`${address}/readyz`).catch(() => undefined)
    if (answer?.ok) return true
    await sleep(200)
  }
  return false
}
