/**
 * The syncer's life: catch up, then follow the live stream; when that ends, wait a little and catch up again. Since
 * every round starts from what is held and from the checkpoint, no reconnect leaves a gap or repeats anything, and
 * where the stream never works the rounds alone are polling.
 */
import type { Client } from '../api/client.ts'
import { FailureError, failureOf, isUnreachable } from '../api/failure.ts'
import type { Failure, SyncPhase } from '../worker/protocol.ts'
import { backoffMs, type Pauser } from './pause.ts'
import { type Puller, pull } from './pull.ts'
import { isBlocking } from './witness.ts'

export interface Report {
  phase: SyncPhase
  failure: Failure | null
}

export interface Follower extends Puller {
  client: Puller['client'] & Pick<Client, 'stream' | 'me'>
  pauser: Pauser
  random(): number
  accessVersion: string
  onReport(report: Report): void
  /** After each time it caught up. True where the log tells of something that was done here just now. */
  join(): Promise<boolean>
  /** The server's clock minus ours. */
  onClock(offsetMs: number): void
  /** What this person may see is no longer what the cache was filled under. */
  onAccessChanged(accessVersion: string): void
}

/**
 * Between looks at whether access changed, while the stream runs. Long, since each counts as activity of the session;
 * a server that ends the stream when access changes makes it known at once.
 */
const accessCheckMs = 5 * 60_000

/** Runs until the signal aborts, access is lost, or access changed. Never throws. */
export async function follow(follower: Follower, knownSize: number, signal: AbortSignal): Promise<void> {
  const { pauser, random, onReport } = follower
  const round: Round = { size: knownSize, erasures: 0, attempt: 0, askErasures: true }
  while (!signal.aborted) {
    try {
      if (!(await checkAccess(follower, signal))) return
      await catchUp(follower, round, signal)
      await followStream(follower, round, signal)
    } catch (error) {
      if (signal.aborted) return
      const report = reportOf(error)
      // Asked to be slower is no fault: it goes on where it was.
      if (report.failure?.code !== 'rate_limited') onReport(report)
      if (report.phase === 'forbidden') return
      await pauser.pause(Math.max(waitMs(report), backoffMs(round.attempt++, random)), signal)
      continue
    }
    await pauser.pause(backoffMs(round.attempt++, random), signal)
  }
}

/** With the session over only a new token helps, and with the server caught only a person's word: both wake us. */
function waitMs({ phase, failure }: Report): number {
  if (phase === 'expired' || (failure && isBlocking(failure))) return Number.POSITIVE_INFINITY
  return (failure?.retryAfter ?? 0) * 1000
}

interface Round {
  size: number
  /** The version of the log's erasures that was followed. */
  erasures: number
  attempt: number
  /** No stream is known to tell when the log forgets something. */
  askErasures: boolean
}

async function catchUp(follower: Follower, round: Round, signal: AbortSignal): Promise<void> {
  const onSize = (size: number, missing: boolean) => {
    round.size = size
    if (missing) follower.onReport({ phase: 'syncing', failure: null })
    follower.onSize(size, missing)
  }
  Object.assign(round, await pull({ ...follower, onSize }, round.askErasures, signal))
  round.askErasures = false
  if (await follower.join()) Object.assign(round, await pull({ ...follower, onSize }, false, signal))
  follower.onReport({ phase: 'live', failure: null })
}

/**
 * Returns when the stream ends or breaks, when access is due for a look, or when somebody wants a round now. That the
 * stream broke does not yet mean that the server is away: the next round tells.
 */
async function followStream(follower: Follower, round: Round, signal: AbortSignal): Promise<void> {
  const { client, pauser } = follower
  const stop = new AbortController()
  const untilEnd = AbortSignal.any([signal, stop.signal])
  let due = false
  let isHeard = false
  const pausing = pauser.pause(accessCheckMs, untilEnd).then(() => {
    due = !stop.signal.aborted
    stop.abort()
  })
  try {
    for await (const { size, erasures = 0 } of client.stream(untilEnd)) {
      round.attempt = 0
      isHeard = true
      round.askErasures = erasures > round.erasures
      if (size > round.size || round.askErasures) await catchUp(follower, round, signal)
    }
  } catch (error) {
    if (!due && !isUnreachable(error)) throw error
  } finally {
    stop.abort()
    await pausing
    if (!isHeard && !due) round.askErasures = true
  }
  // Ended by us: the next round begins at once.
  if (due) pauser.wake()
}

/** False where access changed, after saying so. */
async function checkAccess(follower: Follower, signal: AbortSignal): Promise<boolean> {
  const before = follower.now()
  const me = await follower.client.me(signal)
  follower.onClock(Date.parse(me.serverTime) - (before + follower.now()) / 2)
  if (me.accessVersion === follower.accessVersion) return true
  follower.onAccessChanged(me.accessVersion)
  return false
}

/** What an error means for the one who looks at the panel. */
export function reportOf(error: unknown): Report {
  const failure = failureOf(error)
  return { phase: phaseOf(failure, error), failure }
}

function phaseOf(failure: Failure, error: unknown): SyncPhase {
  if (!(error instanceof FailureError)) return 'failed'
  if (failure.kind === 'unreachable') return 'offline'
  if (failure.kind === 'misbehaved') return 'misbehaved'
  if (failure.kind === 'refused' && failure.status === 401) return 'expired'
  if (failure.kind === 'refused' && isAccessLost(failure)) return 'forbidden'
  return 'failed'
}

/** Gone for good is the account, unless it is said to be entries. */
function isAccessLost({ code, status }: Failure): boolean {
  return code === 'forbidden' || (status === 410 && code !== 'removed_by_retention')
}
