/** The log's hash by Node's own SHA-256, several times as fast as the portable one. */
import { hash } from 'node:crypto'
import { createHasher } from '../shared/log/hasher.ts'

/** Node makes a short text in a third of the time that it takes for a buffer: one character a byte. */
export const nodeHasher = createHasher(
  bytes => {
    const digest = hash('sha256', bytes, 'binary')
    const out = new Uint8Array(32)
    for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i)
    return out
  },
  bytes => hash('sha256', bytes, 'base64url'),
)
