// How much the panel's page loads before it shows anything, as it would be sent. The worker loads beside it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { extensionFolder } from './e2e/built.ts'

const mostBytes = 150_000

test.each(['chrome', 'firefox'] as const)('the %s panel page stays below 150 kB, compressed', browser => {
  const folder = extensionFolder(browser)
  const page = readFileSync(join(folder, 'sidepanel.html'), 'utf8')
  const files = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file!)
  // A script and a style sheet at least: a page whose files were not found would be very small.
  expect(files.length).toBeGreaterThanOrEqual(2)
  const bytes = files.map(file => gzipSync(readFileSync(join(folder, file))).length)
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(mostBytes)
})
