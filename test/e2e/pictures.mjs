// `npm run pictures`: the README's picture and the screenshots, into test-results/pictures.
import { join } from 'node:path'
import { ensureInstalled, root } from '../../server/setup.mjs'
import setup from './provision.mjs'

await ensureInstalled()
await setup()
const { runnerImport } = await import('vite')
const { module } = await runnerImport(join(root, 'test', 'e2e', 'pictures.ts'))
await module.makePictures(process.argv.slice(2))
