/** One person's log on one server, from `open` to `close`: wires store, index, sync and the other windows. */
import { createHasher } from '../../shared/log/hasher.ts'
import { type Client, createClient } from '../api/client.ts'
import { databaseName } from '../cache/database.ts'
import { defaultWindow } from '../sync/cache-window.ts'
import { follow, type Report, reportOf } from '../sync/follow.ts'
import { createPauser } from '../sync/pause.ts'
import { noOtherWindows, openWindowChannel, type WindowMessage, whenElected } from '../sync/windows.ts'
import { createLocalLog, type LocalLog } from './local-log.ts'
import { openStore } from './open-store.ts'
import type { SyncStatus, WorkerSession } from './protocol.ts'
import { createStatusKeeper, type Post } from './status-keeper.ts'
import type { World } from './world.ts'

export interface LogSession {
  session: WorkerSession
  client: Client
  local: LocalLog
  /** Bundles on disk are still being read into the index: what is missing will be there in a moment. */
  isLoading(): boolean
  status(): SyncStatus
  /** The last signed note seen, for the manifest of an export. */
  checkpoint(): Promise<string | null>
  renew(token: string): void
  syncNow(): void
  close(options: { purge: boolean }): Promise<void>
}

/** Where another window syncs and keeps silent, opening does not wait for it longer. */
const patienceMs = 3_000

/** Resolves when the first rows can be asked for, or when it is known why there are none. */
export async function openLogSession(world: World, session: WorkerSession, post: Post): Promise<LogSession> {
  let token = session.token
  const client = createClient({ server: session.server, token: () => token, fetch: world.fetch })
  const end = new AbortController()
  const pauser = createPauser()
  const firstRows = createGate()
  const held = new Map()

  const { store, onDisk, failure } = await openStore(world, session, onDamaged)
  const name = await databaseName(world.crypto, session.server, session.userId)
  const windows = onDisk ? world.windows : null
  const channel = windows ? openWindowChannel(name, windows.createChannel) : noOtherWindows
  const local = createLocalLog(store, { personal: session.personal })
  const status = createStatusKeeper(local, post, failure)
  const contact = await store.lastContact()
  if (contact) status.share({ size: contact.size, lastContact: contact.at })

  function onDamaged(number: number): void {
    held.delete(number)
    status.damage()
    channel.tell({ told: 'damaged', number })
    pauser.wake()
  }

  /** Newest first, so that the first rows are there at once. */
  async function load(): Promise<void> {
    const numbers = (await store.held()).map(bundle => bundle.number).sort((a, b) => b - a)
    for (const number of numbers) {
      if (end.signal.aborted) return
      if (!(await local.take(number))) continue
      status.arrived()
      firstRows.open()
    }
    status.loaded()
  }

  async function sync(): Promise<void> {
    for (const bundle of await store.held()) held.set(bundle.number, bundle)
    const follower = {
      ...{ client, store, held, pauser, window: defaultWindow, hasher: createHasher() },
      ...{ now: world.now, random: world.random, accessVersion: session.accessVersion },
      onSize: (size: number) => share({ size, lastContact: new Date(world.now()).toISOString() }),
      onClock: (clockOffsetMs: number) => share({ clockOffsetMs }),
      onKept: ({ number, events }: { number: number; events: Parameters<LocalLog['add']>[1] }) => {
        local.add(number, events)
        status.arrived()
        channel.tell({ told: 'kept', number })
        firstRows.open()
      },
      onReport: (report: Report) => {
        if (report.phase === 'forbidden') forget()
        share(report)
        if (report.phase !== 'syncing') firstRows.open()
      },
      onAccessChanged: (accessVersion: string) => {
        forget()
        channel.tell({ told: 'accessChanged', accessVersion })
        leave(accessVersion)
      },
    }
    await follow(follower, status.shared().size, end.signal)
    await forgetting
  }

  let forgetting: Promise<unknown> = Promise.resolve()
  /** Access was lost or changed: nothing of the log stays, in memory or on disk. */
  function forget(): void {
    local.clear()
    held.clear()
    forgetting = store.purge()
  }

  function leave(accessVersion: string): void {
    end.abort()
    local.clear()
    firstRows.open()
    post('accessChanged', { accessVersion })
  }

  /** For this window and, where it is the one that syncs, for the others. */
  function share(change: Parameters<typeof status.share>[0]): void {
    status.share(change)
    channel.tell({ told: 'status', status: status.shared() })
  }

  async function hear(message: WindowMessage): Promise<void> {
    if (message.told === 'kept') {
      if (await local.take(message.number)) status.arrived()
      firstRows.open()
    }
    if (message.told === 'status') {
      if (message.status.phase === 'forbidden') local.clear()
      status.share(message.status)
      if (message.status.phase !== 'syncing') firstRows.open()
    }
    if (message.told === 'opened' && leads) channel.tell({ told: 'status', status: status.shared() })
    if (message.told === 'damaged') held.delete(message.number)
    if (message.told === 'damaged' || message.told === 'wake') pauser.wake()
    if (message.told === 'accessChanged' && message.accessVersion !== session.accessVersion) {
      leave(message.accessVersion)
    }
  }

  let leads = false
  channel.onTold(message => {
    if (!end.signal.aborted) hear(message).catch(fail)
  })
  channel.tell({ told: 'opened' })
  const loading = load().catch(fail)
  const syncing = whenElected(windows?.locks ?? null, name, end.signal, () => {
    leads = true
    return sync()
  }).catch(fail)

  function fail(error: unknown): void {
    if (end.signal.aborted) return
    status.share({ ...reportOf(error), phase: 'failed' })
    firstRows.open()
  }

  const patience = setTimeout(firstRows.open, patienceMs)
  await firstRows.opened
  clearTimeout(patience)

  return {
    ...{ session, client, local },
    isLoading: status.isLoading,
    status: status.now,
    checkpoint: async () => (await store.lastContact())?.checkpoint ?? null,
    renew(next) {
      token = next
      pauser.wake()
    },
    syncNow() {
      pauser.wake()
      channel.tell({ told: 'wake' })
    },
    async close({ purge }) {
      end.abort()
      status.stop()
      await Promise.all([loading, syncing])
      if (purge) await store.purge()
      local.clear()
      channel.close()
      store.close()
    },
  }
}

/** Opens once; who waits goes on. */
function createGate(): { opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}
