// The demo workspace made once, and copied for every server that a test starts: filling one takes the backend seconds.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../server/setup.mjs'

/** Sets TRAILSIDE_DEMO_TEMPLATE to a filled data folder that nobody has open. Answers how to remove it. */
export async function makeDemoTemplate() {
  const folder = mkdtempSync(join(tmpdir(), 'trailside-demo-'))
  const args = [
    join(root, '.output', 'server', 'main.mjs'),
    'serve',
    '--demo',
    '--port',
    '0',
    '--data',
    folder,
  ]
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let written = ''
  for await (const text of server.stderr) {
    written += text
    if (written.includes('Trailside answers at')) server.kill('SIGTERM')
  }
  // Without a template every server fills its own.
  if (written.includes('Trailside answers at')) process.env.TRAILSIDE_DEMO_TEMPLATE = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
