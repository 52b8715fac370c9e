// `npm run bench`: builds the bench, finds a browser, and runs it. `npm run bench -- --help` tells the rest.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled, fail, output, root } from '../../server/setup.mjs'
import { findChromium, provision } from '../e2e/provision.mjs'

try {
  await ensureInstalled()
  if (!findChromium()) await provision()
  process.env.CHROME_PATH = findChromium() ?? ''
  const { build } = await import('vite')
  await build({ configFile: join(root, 'test', 'bench', 'vite.config.ts'), logLevel: 'warn' })
} catch (error) {
  fail(`Could not prepare the bench: ${error.message}`)
}
await import(pathToFileURL(join(output, 'bench', 'main.mjs')).href)
