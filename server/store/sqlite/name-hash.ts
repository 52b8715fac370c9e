import { hash } from 'node:crypto'
import type { EventName } from '../log-store.ts'

/** 48 bits of an event's name; keyed, so that nobody can send names that all hash alike. */
export function createNameHash(key: Uint8Array): (name: EventName) => number {
  const prefix = Buffer.from(key).toString('hex')
  return ({ source, id }) => {
    const digest = hash('sha256', prefix + JSON.stringify([source, id]), 'hex')
    return Number.parseInt(digest.slice(0, 12), 16)
  }
}
