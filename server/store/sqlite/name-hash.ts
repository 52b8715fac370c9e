import { hash } from 'node:crypto'
import type { EventName } from '../log-store.ts'

/** A keyed hash of an event's name in hex, so that nobody can send names that all hash alike. */
export function createNameDigest(key: Uint8Array): (name: EventName) => string {
  const prefix = Buffer.from(key).toString('hex')
  return ({ source, id }) => hash('sha256', prefix + JSON.stringify([source, id]), 'hex')
}

/** Its first 48 bits, which find the entry that settles whether it is the same name. */
export function nameHashOf(digest: string): number {
  return Number.parseInt(digest.slice(0, 12), 16)
}
