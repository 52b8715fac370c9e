import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { extensionFolder, root } from './built.ts'
import { lacksFirefox, launchFirefox, type Sidebar } from './firefox.ts'
import { provideNpmTool } from './npm-tool.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'

const exec = promisify(execFile)

interface Finding {
  code: string
  message: string
  file?: string
}

test('the Firefox build passes the add-on linter with no errors', async ({ skip }) => {
  const linter = await provideNpmTool('addons-linter', '10.13.0')
  if (!linter) return skip('addons-linter could not be installed: the registry cannot be reached')
  const args = [linter, '--output', 'json', extensionFolder('firefox')]
  // It exits with 1 when it found an error, and tells on standard output either way.
  const { stdout } = await exec(process.execPath, args, { maxBuffer: 64e6 }).catch(
    error => error as { stdout: string },
  )
  const { errors } = JSON.parse(stdout) as { errors: Finding[] }
  expect(errors.map(({ code, message, file }) => `${code} ${file ?? ''}: ${message}`)).toEqual([])
})

test('the sidebar opens in Firefox ESR and runs without errors', async ({ skip }) => {
  const reason = lacksFirefox()
  if (reason) return skip(reason)
  const firefox = await launchFirefox(extensionFolder('firefox'))
  try {
    const sidebar = await firefox.openSidebar()
    expect(await sidebar.address()).toMatch(/^moz-extension:\/\/[0-9a-f-]+\/sidepanel\.html/)
    // The first thing a person sees: a heading or a form, in words.
    const words = until('the panel to show something', async () => (await sidebar.text()).trim() || undefined)
    await words.catch(async error => {
      throw new Error(`${error.message}:\n${(await firefox.errors()).join('\n')}`)
    })
    expect(await firefox.errors()).toEqual([])
    mkdirSync(join(root, 'test-results', 'pictures'), { recursive: true })
    await firefox.picture(join(root, 'test-results', 'pictures', 'firefox-sidebar.png'))
  } finally {
    await firefox.close()
  }
})

const shownRows = async (sidebar: Sidebar) =>
  Number(await sidebar.run(`return content.document.querySelectorAll('[role=row][aria-rowindex]').length`))

test('an analyst connects, signs in, reads and filters the log in the Firefox sidebar', async ({ skip }) => {
  const reason = lacksFirefox()
  if (reason) return skip(reason)
  const server = await startServer()
  const firefox = await launchFirefox(extensionFolder('firefox'))
  try {
    const sidebar = await firefox.openSidebar()
    const shows = (words: RegExp) =>
      until(`the sidebar to show ${words}`, async () => words.test(await sidebar.text()) || undefined)
    await shows(/Server address/)
    await sidebar.fill('input', server.url)
    await sidebar.click('button[type=submit]')
    await shows(/Password/)
    const { email, password } = server.account('Security Analyst')
    await sidebar.fill('input[autocomplete=username]', email)
    await sidebar.fill('input[type=password]', password)
    await sidebar.click('button[type=submit]')
    // Which actions stand on the first screen depends on the hour that the demo workspace was made at.
    await shows(/[\d,]{4,} events/)
    await until('the first rows', async () => ((await shownRows(sidebar)) > 5 ? true : undefined))
    await sidebar.fill('#search', 'no event holds these words')
    await shows(/No event matches these filters/)
    await firefox.picture(join(root, 'test-results', 'pictures', 'firefox-log.png'))
    await sidebar.fill('#search', 'checkout')
    await shows(/checkout\.example\.com/)
    expect(await firefox.errors()).toEqual([])
    await firefox.picture(join(root, 'test-results', 'pictures', 'firefox-log.png'))
  } finally {
    await firefox.close()
    await server.close()
  }
})
