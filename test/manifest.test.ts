// What the built extensions ask of the browser: every change here is a change of what people must trust us with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { extensionFolder } from './e2e/built.ts'

const manifestOf = (browser: 'chrome' | 'firefox') =>
  JSON.parse(readFileSync(join(extensionFolder(browser), 'manifest.json'), 'utf8')) as Record<string, unknown>

test.each([
  ['chrome', ['sidePanel', 'storage']],
  ['firefox', ['storage']],
] as const)('the %s build asks for the fewest permissions that work', (browser, permissions) => {
  const manifest = manifestOf(browser)
  expect([...(manifest.permissions as string[])].sort()).toEqual(permissions)
  expect(manifest.optional_host_permissions).toEqual([
    'https://*/*',
    'http://127.0.0.1/*',
    'http://localhost/*',
  ])
  for (const name of [
    'host_permissions',
    'content_scripts',
    'web_accessible_resources',
    'externally_connectable',
  ]) {
    expect(manifest[name], name).toBeUndefined()
  }
})

test.each(['chrome', 'firefox'] as const)('the %s build runs no code but its own', browser => {
  const { extension_pages: policy } = manifestOf(browser).content_security_policy as {
    extension_pages: string
  }
  expect(policy).toBe(
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
      "connect-src https: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  const page = readFileSync(join(extensionFolder(browser), 'sidepanel.html'), 'utf8')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/)
  expect(page).not.toMatch(/(src|href)="https?:/)
})
