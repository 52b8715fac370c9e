/**
 * A folder that was restored from a backup carries a mark, and the next start makes a new epoch of its log: another
 * origin, fresh keys, and an entry that holds the last note of the log before. The mark goes once that is durable.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { epochMetadata, nextEpoch } from '../../shared/log/epoch.ts'
import { epochAction } from '../../shared/log/key-transition.ts'
import { parseNote } from '../../shared/log/note.ts'
import { eventBy } from '../access/access-events.ts'
import { localCommandLine } from '../access/caller.ts'
import type { Normalise } from '../intake/normalise.ts'
import type { IncomingEvent } from './batch.ts'
import { drawNextKey, type LogKey, LogKeyError } from './log-key.ts'

export const restoredMarkName = 'restored.json'

/** `origin` is that of the log in the backup, `epoch` the number that its next one is to have; null: one more. */
const RestoredMark = z.object({
  origin: z.string(),
  restoredAt: z.string(),
  reason: z.string(),
  epoch: z.nullable(z.int()),
})
export type RestoredMark = z.infer<typeof RestoredMark>

export function markRestored(folder: string, mark: RestoredMark): void {
  writeFileSync(join(folder, restoredMarkName), `${JSON.stringify(mark, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  })
}

/** @throws {LogKeyError} where the mark cannot be read: a restored log must not go on as if nothing had happened */
export function readRestoredMark(folder: string): RestoredMark | null {
  const path = join(folder, restoredMarkName)
  if (!existsSync(path)) return null
  try {
    return RestoredMark.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new LogKeyError(`${path} cannot be read. Restore the backup again, into another folder.`)
  }
}

export function dropRestoredMark(folder: string): void {
  rmSync(join(folder, restoredMarkName), { force: true })
}

export interface EpochOptions {
  mark: RestoredMark
  /** The key file, and the key in force. */
  path: string
  key: LogKey
  /** The stored checkpoint: the last note of the log before. */
  checkpoint: string
  normalise: Normalise
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
}

/** What the writer begins the epoch with; null where it has begun already, and only the mark was left behind. */
export async function prepareEpoch(
  options: EpochOptions,
): Promise<{ event: IncomingEvent; next: LogKey } | null> {
  const { mark, path, key, checkpoint, normalise, clock, randomBytes } = options
  const { origin } = parseCheckpoint(parseNote(checkpoint).text)
  if (origin !== mark.origin) return null
  const next = await drawNextKey({
    ...{ path, clock, randomBytes },
    origin: nextEpoch(origin, mark.epoch ?? undefined),
  })
  const facts = { note: checkpoint, reason: mark.reason, restoredAt: mark.restoredAt }
  const metadata = epochMetadata({ ...facts, before: keysOf(key), after: keysOf(next) })
  const facing = { address: null, userAgent: null, requestId: null, channel: 'background' as const }
  const by = { caller: localCommandLine, facts: facing }
  const normal = normalise(eventBy(epochAction, by, clock(), { metadata }))
  if (!normal.ok) throw new Error(`our own event is none: ${normal.path} ${normal.reason}`)
  return { event: normal.event, next }
}

function keysOf({ origin, verifierKeys }: LogKey) {
  return { origin, ...verifierKeys }
}
