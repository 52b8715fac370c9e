/**
 * Several windows, one cache: one of them syncs, the others hear of it. Who syncs is settled by a lock that the
 * browser hands on when its holder goes away, however it goes.
 */
import type { IndexRange } from '../../shared/log/removal.ts'
import type { SyncStatus } from '../worker/protocol.ts'

/** What windows of one cache tell each other. */
export type WindowMessage =
  /** A bundle was written. */
  | { told: 'kept'; number: number }
  /** The log forgot something: these bundles were written anew without it, and these entries removed. */
  | { told: 'forgotten'; numbers: number[]; removed: IndexRange[] }
  /** How sync stands, as the window that syncs sees it. */
  | { told: 'status'; status: SharedStatus }
  /** A window opened and asks for the status. */
  | { told: 'opened' }
  /** A bundle could not be opened and was deleted: to be fetched again. */
  | { told: 'damaged'; number: number }
  /** Somebody wants a round now, or has a new token. */
  | { told: 'wake' }
  /** Everything was deleted since access changed. */
  | { told: 'accessChanged'; accessVersion: string }

/** The part of the status that is the same in every window. */
export type SharedStatus = Pick<
  SyncStatus,
  'phase' | 'size' | 'lastContact' | 'clockOffsetMs' | 'failure' | 'trust' | 'company'
>

export interface WindowChannel {
  tell(message: WindowMessage): void
  onTold(listener: (message: WindowMessage) => void): void
  close(): void
}

/** The part of the Web Locks API that is used. */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

export function openWindowChannel(
  name: string,
  createChannel: (name: string) => BroadcastChannel,
): WindowChannel {
  const channel = createChannel(name)
  return {
    tell: message => channel.postMessage(message),
    onTold: listener => channel.addEventListener('message', ({ data }) => listener(data as WindowMessage)),
    close: () => channel.close(),
  }
}

/** For a cache of one window only: nobody to tell. */
export const noOtherWindows: WindowChannel = { tell() {}, onTold() {}, close() {} }

/** Runs `sync` once this window is the one that syncs; resolves when it is done or no longer wanted. */
export async function whenElected(
  locks: Locks | null,
  name: string,
  signal: AbortSignal,
  sync: () => Promise<void>,
): Promise<void> {
  if (!locks) return sync()
  try {
    await locks.request(name, { signal }, sync)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
