/** All that takes content out of a log by rule, and what keeps it in: opened together, since each must know of the others. */

import type { LogStore } from '../store/log-store.ts'
import { type Eraser, openEraser } from './erasure.ts'
import { type LegalHolds, openLegalHolds } from './legal-holds.ts'
import type { Recorder } from './recorder.ts'
import { openRemovals, type Removals } from './removals.ts'
import { openRetention, type Retention } from './retention.ts'
import type { LogWriter } from './writer.ts'

export interface Forgetting {
  removals: Removals
  eraser: Eraser
  retention: Retention
  holds: LegalHolds
}

export interface ForgettingOptions {
  org: string
  store: LogStore
  writer: Pick<LogWriter, 'size'>
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
}

/** Finishes what an earlier process began. */
export async function openForgetting(options: ForgettingOptions): Promise<Forgetting> {
  const removals = await openRemovals(options.org, options.store)
  const parts = { ...options, removals }
  return {
    removals,
    holds: await openLegalHolds(parts),
    eraser: await openEraser(parts),
    retention: await openRetention(parts),
  }
}
