import { createHash } from 'node:crypto'
import type { EventName } from '../log-store.ts'

/** 48 bits of an event's name; keyed, so that nobody can send names that all hash alike. */
export function createNameHash(key: Uint8Array): (name: EventName) => number {
  return ({ source, id }) =>
    createHash('sha256')
      .update(key)
      .update(JSON.stringify([source, id]))
      .digest()
      .readUIntBE(0, 6)
}
