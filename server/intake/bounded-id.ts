/** Identifiers of other systems may be longer than ours: the long ones are known by their digest. */
import { createHash } from 'node:crypto'

export const longestId = 256

/** The id itself, `sha256:…` of one that is too long, null for none. What is shortened here must be kept elsewhere. */
export function boundedId(id: string | null): string | null {
  if (id === null || id === '') return null
  return id.length <= longestId ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`
}
