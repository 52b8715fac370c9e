// `npm run dev`: the backend, rebuilt and restarted on every change, and the extension with WXT's reload.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, ensureServerBundle, root, say, serverBundle } from './setup.mjs'

await ensureInstalled()
const extension = spawn(process.execPath, [join(root, 'node_modules/wxt/bin/wxt.mjs')], {
  cwd: root,
  stdio: 'inherit',
})
const given = process.argv.slice(2)
const args = given.length ? given : ['--data', join(root, 'data'), '--port', '8787', '--demo']
let server
let working = Promise.resolve()
let timer

for (const folder of ['server', 'shared'])
  watch(join(root, folder), { recursive: true }, (_, name) => {
    if (/\.(ts|css|json)$/.test(name ?? '') && !/\.test\.ts$/.test(name)) soon()
  })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)
soon()

/** One rebuild for a burst of saves, and never two at once. */
function soon() {
  clearTimeout(timer)
  timer = setTimeout(() => {
    working = working.then(restart)
  }, 150)
}

async function restart() {
  try {
    await ensureServerBundle()
  } catch (error) {
    // The old server goes on until the sources build again.
    return say(`The server does not build: ${error.message}`)
  }
  await ended(server)
  server = spawn(process.execPath, ['--enable-source-maps', serverBundle, 'serve', ...args], {
    stdio: 'inherit',
  })
}

function ended(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  return new Promise(done => {
    child.once('exit', done)
    child.kill('SIGTERM')
  })
}

async function stop() {
  clearTimeout(timer)
  extension.kill('SIGTERM')
  await working
  await ended(server)
  process.exit(0)
}
