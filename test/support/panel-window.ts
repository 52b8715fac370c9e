/** Panels' workers over real message channels; windows of one test share a disk, as those of a browser do. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createLogClient, type LogClient } from '../../extension/worker/log-client.ts'
import { createLogService } from '../../extension/worker/log-service.ts'
import type { SyncStatus, WorkerNews, WorkerSession } from '../../extension/worker/protocol.ts'
import { serve } from '../../extension/worker/serve.ts'
import type { World } from '../../extension/worker/world.ts'
import { createTestLocks } from './locks.ts'
import type { PanelServer } from './panel-server.ts'

export interface PanelWindow {
  log: LogClient
  /** The latest status news. */
  status(): SyncStatus | null
  /** Resolves at the first status, the latest included, of which this holds. */
  until(holds: (status: SyncStatus) => boolean): Promise<SyncStatus>
  close(options?: { purge: boolean }): Promise<void>
}

export type Browser = ReturnType<typeof createBrowser>

export function createBrowser(server: PanelServer) {
  const indexedDB = new IDBFactory()
  const locks = createTestLocks()
  const windows: PanelWindow[] = []

  function openWindow(): PanelWindow {
    const world: World = {
      ...{ indexedDB, IDBKeyRange, crypto, now: Date.now },
      fetch: server.fetch,
      windows: { locks, createChannel: name => new BroadcastChannel(name) },
      // Reconnects come soon.
      random: () => -0.99,
    }
    const { port1, port2 } = new MessageChannel()
    serve(port2 as never, post => createLogService(world, post))
    const log = createLogClient(port1 as never)
    let latest: SyncStatus | null = null
    log.on('status', status => {
      latest = status
    })
    let closed = false
    const window: PanelWindow = {
      log,
      status: () => latest,
      until: holds =>
        new Promise(resolve => {
          if (latest && holds(latest)) resolve(latest)
          else log.on('status', status => holds(status) && resolve(status))
        }),
      async close(options = { purge: false }) {
        if (closed) return
        closed = true
        await log.call('close', options)
        log.close()
        port1.close()
        port2.close()
      },
    }
    windows.push(window)
    return window
  }

  return {
    indexedDB,
    openWindow,
    /** Opens the log and waits until all of it is held. */
    async openWhole(session: WorkerSession): Promise<PanelWindow> {
      const window = openWindow()
      await window.log.call('open', session)
      await window.until(isWhole(server.size()))
      return window
    },
    async close() {
      for (const window of windows) await window.close()
    },
  }
}

export const isWhole = (size: number) => (status: SyncStatus) =>
  status.phase === 'live' && status.complete && status.size === size

/** The next piece of news of that name. */
export function nextNews<Name extends keyof WorkerNews>(
  log: LogClient,
  name: Name,
): Promise<WorkerNews[Name]> {
  return new Promise(resolve => log.on(name, resolve))
}
