// What must be in place before anything runs: dependencies, the server's bundle, the built extension.
// Plain Node, only built-in modules at load, since it runs before the dependencies are there.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const output = join(root, '.output')
export const serverBundle = join(output, 'server', 'main.mjs')
export const extensionFolder = (browser = 'chrome') => join(output, `${browser}-mv3`)

/** Words go to standard error, so that a command's standard output stays data. */
export const say = text => process.stderr.write(`${text}\n`)

/** Ends the process with one plain line. */
export function fail(text) {
  say(text)
  process.exit(1)
}

/** Installs the dependencies unless those in node_modules are what the lockfile asks for. */
export async function ensureInstalled() {
  requireNode()
  const stamp = join(root, 'node_modules', '.trailside-installed')
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')))
  if (readText(stamp) === wanted) return
  if (!installMatchesLockfile()) {
    say('Installing dependencies (once, under a minute) ...')
    await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  }
  writeFileSync(stamp, wanted)
}

/** Builds `.output/server/main.mjs` unless it is newer than its sources. */
export async function ensureServerBundle() {
  const sources = ['server', 'shared', 'package-lock.json', 'tsconfig.json']
  await buildOnce('server', serverBundle, sources, 'Building the server ...', async () => {
    // Built aside and moved into place, so that a process starting meanwhile never reads half a file.
    const aside = join(output, 'server-next')
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    await runQuietly(vite, 'build', '-c', 'server/vite.config.ts', '--outDir', aside, '-l', 'warn')
    mkdirSync(join(output, 'server'), { recursive: true })
    for (const name of readdirSync(aside)) renameSync(join(aside, name), join(output, 'server', name))
    rmSync(aside, { recursive: true })
  })
}

/** Builds the extension for `chrome` or `firefox` unless it is newer than its sources. Answers its folder. */
export async function ensureExtension(browser = 'chrome') {
  const folder = extensionFolder(browser)
  const sources = ['extension', 'shared', 'package-lock.json', 'tsconfig.json', 'wxt.config.ts']
  const words = `Building the extension${browser === 'chrome' ? '' : ` for ${browser}`} ...`
  await buildOnce(basename(folder), join(folder, 'manifest.json'), sources, words, () => {
    const wxt = join(root, 'node_modules', 'wxt', 'bin', 'wxt.mjs')
    return runQuietly(wxt, 'build', '-b', browser, '--mv3', '--level', 'warn')
  })
  return folder
}

/** Runs a program with its words on standard error; rejects when it fails. */
export function run(command, args, options = {}) {
  return ending(spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options }), args[0] ?? command)
}

/** Runs one of our tools in silence; what it said is told only when it fails. */
async function runQuietly(script, ...args) {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (words += text))
  await ending(child, script).catch(error => {
    say(words)
    throw error
  })
}

function ending(child, name) {
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) =>
      code === 0 ? done() : failed(new Error(`${basename(name)} ended with ${signal ?? code}`)),
    )
  })
}

/** Runs npm, the same one that started us where there is one. */
export function npm(args, options) {
  const ours = process.env.npm_execpath
  if (ours && basename(ours).startsWith('npm')) return run(process.execPath, [ours, ...args], options)
  return run('npm', args, { shell: process.platform === 'win32', ...options })
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Trailside needs Node 20.19 or later; this is Node ${process.versions.node}.`)
}

/** Whether every package of the lockfile is installed at its version; other platforms' may be absent. */
function installMatchesLockfile() {
  const hidden = readText(join(root, 'node_modules', '.package-lock.json'))
  if (!hidden) return false
  const wanted = JSON.parse(readText(join(root, 'package-lock.json'))).packages
  const installed = JSON.parse(hidden).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    if (!found) return Boolean(optional)
    return found.version === version && found.integrity === integrity
  })
}

/** Builds once: skipped when the sources are those of the last build, and one process at a time. */
async function buildOnce(name, product, sources, words, build) {
  const stamp = join(output, `${name}.stamp`)
  const isFresh = () => existsSync(product) && readText(stamp) === fingerprint(sources)
  if (isFresh()) return
  const unlock = await lock(join(output, `${name}.lock`))
  try {
    if (isFresh()) return
    say(words)
    // Taken before the build: a file saved meanwhile makes the next run build again.
    const built = fingerprint(sources)
    rmSync(stamp, { force: true })
    await build()
    writeFileSync(stamp, built)
  } finally {
    unlock()
  }
}

/** A hash of every source's path, size and time: a few milliseconds, where hashing contents would be many. */
export function fingerprint(sources) {
  const hash = createHash('sha256').update(process.versions.modules)
  const visit = path => {
    const entry = statSync(join(root, path), { throwIfNoEntry: false })
    if (entry?.isDirectory())
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`)
    else if (entry && isSource(path)) hash.update(`${path} ${entry.size} ${entry.mtimeMs}\n`)
  }
  for (const source of sources) visit(source)
  return hash.digest('hex')
}

/** Tests and these start scripts are not part of what is built. */
const isSource = path => !/\.test\.tsx?$|\.mjs$/.test(path)

/** A lock file holding our process id; one left behind by a process that is gone is taken over. */
async function lock(path) {
  mkdirSync(dirname(path), { recursive: true })
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isAbandoned(path)) rmSync(path, { force: true })
      else await sleep(100)
    }
  }
}

function isAbandoned(path) {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  // No build takes this long, and the process id may long be another's.
  if (age > 180_000) return true
  const pid = Number(readText(path))
  // Empty: its owner is writing it this moment.
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code !== 'EPERM'
  }
}

const readText = path => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const sha256 = data => createHash('sha256').update(data).digest('hex')
