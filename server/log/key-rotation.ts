/**
 * Changing the log's keys: the next pair is written down beside the one in force, one commit tells of it under both
 * signatures, and the old private keys are destroyed. Whatever stops this midway, the stored checkpoint tells the next
 * start which pair is in force.
 */
import type { KeyRotation } from '../../shared/api.ts'
import { rotationAction, rotationMetadata } from '../../shared/log/key-transition.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import { createQueue } from '../access/core.ts'
import type { Normalise } from '../intake/normalise.ts'
import type { LogStore } from '../store/log-store.ts'
import { drawNextKey, settleKeys } from './log-key.ts'
import type { LogWriter } from './writer.ts'

export interface KeyRotator {
  /** Answers once the old private keys are gone. @throws {ProblemError} unavailable, where it could not be kept */
  rotate(by: By): Promise<KeyRotation>
}

export interface KeyRotatorOptions {
  org: string
  /** The key file. */
  path: string
  store: Pick<LogStore, 'state'>
  writer: Pick<LogWriter, 'keys' | 'rotateKey'>
  normalise: Normalise
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

export function createKeyRotator(options: KeyRotatorOptions): KeyRotator {
  const { org, path, store, writer, normalise, clock, randomBytes } = options
  const exclusively = createQueue()

  async function rotate(by: By): Promise<KeyRotation> {
    const before = writer.keys
    try {
      const next = await drawNextKey({ path, origin: before.origin, clock, randomBytes })
      const keys = { origin: next.origin, ...next.verifierKeys }
      const normal = normalise(
        eventBy(rotationAction, by, clock(), { metadata: rotationMetadata(before, keys) }),
      )
      if (!normal.ok) throw new Error(`our own event is none: ${normal.path} ${normal.reason}`)
      return { index: await writer.rotateKey(normal.event, next), before, keys }
    } finally {
      await settleKeys(path, (await store.state(org)).checkpoint, clock)
    }
  }

  return { rotate: by => exclusively(() => rotate(by)) }
}
