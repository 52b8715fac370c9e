// `npm start -- --open`: a browser in a profile of its own, with the built extension in it and its panel open.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when the panel is open; the browser ends with this process. */
export async function openBrowser({ program, profile, extension, address }) {
  pinToToolbar(profile, extension)
  const flags = [
    `--user-data-dir=${profile}`,
    // A pipe, not a port: nothing else on the machine can reach this browser through it. It is also the only
    // way to load an extension into Google's own builds, which no longer take the switch.
    '--remote-debugging-pipe',
    '--enable-unsafe-extension-debugging',
    '--no-first-run',
    '--no-default-browser-check',
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
    address,
  ]
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  process.once('exit', () => child.kill())
  const send = speak(child)
  const { id } = await send('Extensions.loadUnpacked', { path: extension })
  await openPanel(send, id)
}

/** The debugging protocol over the browser's pipes: JSON messages, a zero byte after each. */
function speak(child) {
  const [, , , commands, answers] = child.stdio
  const waiting = new Map()
  let lastId = 0
  let received = ''
  answers.setEncoding('utf8').on('data', text => {
    const messages = (received + text).split('\0')
    received = messages.pop()
    for (const message of messages.map(each => JSON.parse(each))) {
      const { done, failed } = waiting.get(message.id) ?? {}
      waiting.delete(message.id)
      if (message.error) failed?.(new Error(message.error.message))
      else done?.(message.result)
    }
  })
  const end = error => {
    for (const { failed } of waiting.values()) failed(error ?? new Error('the browser ended'))
    waiting.clear()
  }
  child.once('error', end)
  child.once('exit', () => end())
  // A browser that the person closes breaks the pipe, which is no error of ours.
  commands.on('error', () => undefined)
  return (method, params = {}) =>
    new Promise((done, failed) => {
      waiting.set(++lastId, { done, failed })
      commands.write(`${JSON.stringify({ id: lastId, method, params })}\0`)
    })
}

/** As a click on the toolbar button would, once the background worker and a tab are there. */
async function openPanel(send, id) {
  for (let tries = 0; tries < 50; tries++) {
    const { targetInfos } = await send('Target.getTargets', { filter: [{}] })
    const tab = targetInfos.find(({ type }) => type === 'tab')
    const isOpen = targetInfos.some(
      ({ type, url }) => type === 'page' && url.includes(`${id}/sidepanel.html`),
    )
    if (isOpen) return
    const isListening = targetInfos.some(({ type, url }) => type === 'service_worker' && url.includes(id))
    if (tab && isListening) await send('Extensions.triggerAction', { id, targetId: tab.targetId })
    await sleep(500)
  }
}

/** Into the profile before the browser starts, the only time at which it reads it. */
function pinToToolbar(profile, extension) {
  const file = join(profile, 'Default', 'Preferences')
  mkdirSync(join(profile, 'Default'), { recursive: true })
  const preferences = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  preferences.extensions = { ...preferences.extensions, pinned_extensions: [unpackedId(extension)] }
  writeFileSync(file, JSON.stringify(preferences))
}

/** Chromium names an unpacked extension by a hash of its folder's path, in letters from a to p. */
export function unpackedId(folder) {
  const path = Buffer.from(folder, process.platform === 'win32' ? 'utf16le' : 'utf8')
  const digits = createHash('sha256').update(path).digest('hex').slice(0, 32)
  return digits.replace(/./g, digit => String.fromCharCode(97 + Number.parseInt(digit, 16)))
}
