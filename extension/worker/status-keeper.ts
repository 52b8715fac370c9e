/** How sync stands, put together from what syncs, what is held and what is still being read; told as news. */
import type { SharedStatus } from '../sync/windows.ts'
import type { LocalLog } from './local-log.ts'
import type { Failure, SyncStatus, WorkerNews } from './protocol.ts'

export type Post = <Name extends keyof WorkerNews>(news: Name, value: WorkerNews[Name]) => void

/** News of arrivals comes at most this often. */
const pauseMs = 100

export type StatusKeeper = ReturnType<typeof createStatusKeeper>

/** `lasting` is a failure that stays true whatever else goes well. */
export function createStatusKeeper(local: LocalLog, post: Post, lasting: Failure | null) {
  let shared: SharedStatus = {
    phase: 'opening',
    size: 0,
    lastContact: null,
    clockOffsetMs: null,
    failure: null,
    trust: null,
    company: null,
  }
  let damaged = 0
  let loading = true
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function now(): SyncStatus {
    const { size, failure, lastContact } = shared
    return {
      ...shared,
      phase: phaseNow(shared, loading),
      failure: failure ?? lasting,
      held: local.index.count,
      removed: local.removedBelow(size),
      complete: lastContact !== null && local.isComplete(size),
      damaged,
    }
  }

  function tell(): void {
    if (!stopped) post('status', now())
  }

  function tellArrivals(): void {
    timer = undefined
    if (stopped) return
    tell()
    post('arrived', { size: shared.size, held: local.index.count })
  }

  return {
    now,
    shared: () => shared,
    isLoading: () => loading,
    share(change: Partial<SharedStatus>): void {
      shared = { ...shared, ...change }
      tell()
    },
    /** Entries came into the index. */
    arrived(): void {
      timer ??= setTimeout(tellArrivals, pauseMs)
    },
    damage(): void {
      damaged++
      tell()
    },
    /** All that was on disk is in the index. */
    loaded(): void {
      loading = false
      clearTimeout(timer)
      tellArrivals()
    },
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Reading what is cached shows as `loading` unless there is something worse to say. */
function phaseNow({ phase }: SharedStatus, loading: boolean): SyncStatus['phase'] {
  const calm = phase === 'opening' || phase === 'syncing' || phase === 'live'
  return loading && calm ? 'loading' : phase === 'opening' ? 'syncing' : phase
}
