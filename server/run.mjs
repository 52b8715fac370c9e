// `npm run -s trailside -- COMMAND ...`: the command line, built when its sources changed.
// Standard output carries data only, so every word of the build goes to standard error.
import { pathToFileURL } from 'node:url'
import { ensureInstalled, ensureServerBundle, fail, serverBundle } from './setup.mjs'

try {
  await ensureInstalled()
  await ensureServerBundle()
} catch (error) {
  fail(`Could not prepare trailside: ${error.message}`)
}
// The bundle reads its command from process.argv, as it would when started by itself.
process.argv[1] = serverBundle
await import(pathToFileURL(serverBundle).href)
