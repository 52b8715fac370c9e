/** Where published test vectors and other material outside this repository are kept: one setting for all tests. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder named by TRAILSIDE_SHARED, relative to the project root; null when it is absent. */
export function sharedFolder(): string | null {
  const root = new URL('../../', import.meta.url)
  const folder = fileURLToPath(new URL(process.env.TRAILSIDE_SHARED ?? '../shared', root))
  return existsSync(folder) ? folder : null
}
