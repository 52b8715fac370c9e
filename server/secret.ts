/** The server's own secret: pseudonyms and cache keys come from it. Losing it costs neither log nor accounts. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fileName = 'secret'

/** 256 bits as base64url, made at the first start and readable by the owner of the folder alone. */
export function openSecret(folder: string): string {
  const path = join(folder, fileName)
  if (!existsSync(path))
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(path, 'utf8').trim()
}
