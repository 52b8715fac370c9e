/** One person's log on one server, from `open` to `close`: puts store, index, sync and the other windows together. */
import { type Client, createClient } from '../api/client.ts'
import type { BundleStore, BundleSummary, LastContact } from '../cache/bundle.ts'
import { databaseName } from '../cache/database.ts'
import type { WitnessRecord, WitnessStore } from '../cache/witness-record.ts'
import { openWitnessStore } from '../cache/witness-store.ts'
import { createPauser } from '../sync/pause.ts'
import { noOtherWindows, openWindowChannel, whenElected } from '../sync/windows.ts'
import { acceptOfferedLog, askToLookAgain } from '../sync/witness.ts'
import { createLocalLog, type LocalLog } from './local-log.ts'
import { openStore } from './open-store.ts'
import type { SyncStatus, WorkerSession } from './protocol.ts'
import {
  createGate,
  failSession,
  hearWindow,
  loadKept,
  type SessionParts,
  syncSession,
} from './session-sync.ts'
import { createStatusKeeper, type Post } from './status-keeper.ts'
import type { World } from './world.ts'

export interface LogSession {
  session: WorkerSession
  client: Client
  local: LocalLog
  witnessed: WitnessStore
  /** Bundles on disk are still being read into the index: what is missing will be there in a moment. */
  isLoading(): boolean
  status(): SyncStatus
  /** Calls back when the log has forgotten something, before that is news. */
  onForgotten(listener: () => void): void
  store: BundleStore
  renew(token: string): void
  syncNow(): void
  lookAgain(): Promise<void>
  /** The session is of no use afterwards: what it holds is of the log before. */
  acceptLog(key: string): Promise<void>
  close(options: { purge: boolean }): Promise<void>
}

/** Where another window syncs and keeps silent, opening does not wait for it longer. */
const patienceMs = 3_000

/** Resolves when the first rows can be asked for, or when it is known why there are none. */
export async function openLogSession(world: World, session: WorkerSession, post: Post): Promise<LogSession> {
  let token = session.token
  const client = createClient({ server: session.server, token: () => token, fetch: world.fetch })
  const forgetters: (() => void)[] = []
  const { parts, name } = await openParts(world, session, post, client)
  const { store, local, status, channel, pauser, end } = parts
  parts.onForgotten = () => {
    for (const listener of forgetters) listener()
    post('forgotten', null)
  }
  const fail = (error: unknown) => failSession(parts, error)

  channel.onTold(message => {
    if (!end.signal.aborted) hearWindow(parts, message).catch(fail)
  })
  channel.tell({ told: 'opened' })
  const loading = loadKept(parts).catch(fail)
  const locks = channel === noOtherWindows ? null : (world.windows?.locks ?? null)
  const syncing = whenElected(locks, name, end.signal, () => syncSession(parts)).catch(fail)
  await opened(parts)
  const syncNow = () => {
    pauser.wake()
    channel.tell({ told: 'wake' })
  }

  return {
    ...{ session, client, local, store },
    witnessed: parts.witnessed,
    isLoading: status.isLoading,
    status: status.now,
    onForgotten: listener => forgetters.push(listener),
    renew(next) {
      token = next
      pauser.wake()
    },
    syncNow,
    async lookAgain() {
      await askToLookAgain(parts.witnessed)
      syncNow()
    },
    async acceptLog(key) {
      const alarm = (await parts.witnessed.read())?.alarm
      // Told before it is done: who went on with a restored log is in that log, or they did not.
      if (alarm?.epoch?.keys.log === key && alarm.pinned.by !== 'policy')
        await client.acceptEpoch({ origin: alarm.epoch.keys.origin, log: key, lost: alarm.epoch.lost })
      await acceptOfferedLog(parts.witnessed, key, new Date(world.now()).toISOString())
    },
    async close({ purge }) {
      end.abort()
      status.stop()
      await Promise.all([loading, syncing])
      if (purge) await store.purge()
      local.clear()
      channel.close()
      store.close()
      parts.witnessed.close()
    },
  }
}

async function openParts(world: World, session: WorkerSession, post: Post, client: Client) {
  const pauser = createPauser()
  const held = new Map<number, BundleSummary>()
  const { store, onDisk, failure } = await openStore(world, session, number => {
    held.delete(number)
    status.damage()
    channel.tell({ told: 'damaged', number })
    pauser.wake()
  })
  const name = await databaseName(world.crypto, session.server, session.userId)
  const channel =
    onDisk && world.windows ? openWindowChannel(name, world.windows.createChannel) : noOtherWindows
  const local = createLocalLog(store, { personal: session.personal })
  local.remove((await store.forgotten()).removed)
  const status = createStatusKeeper(local, post, failure)
  const witnessed = await openWitnessStore(world, session.server)
  const trust = await witnessed.read()
  const contact = await contactWith(store, trust)
  status.share({ trust, ...(contact && { size: contact.size, lastContact: contact.at }) })
  const parts: SessionParts = {
    ...{ world, session, post, client, store, witnessed, local, status, channel, pauser, held, leads: false },
    ...{ end: new AbortController(), firstRows: createGate(), firstRead: createGate() },
    onForgotten() {},
  }
  return { parts, name }
}

/** Null, and nothing is held any more, where what is cached is of another log than the one that is followed now. */
async function contactWith(store: BundleStore, trust: WitnessRecord | null): Promise<LastContact | null> {
  const contact = await store.lastContact()
  if (!contact || !trust || contact.checkpoint.startsWith(`${trust.pinned.origin}\n`)) return contact
  await store.evictBelow(Number.MAX_SAFE_INTEGER)
  return null
}

async function opened({ firstRows }: SessionParts): Promise<void> {
  const patience = setTimeout(firstRows.open, patienceMs)
  await firstRows.opened
  clearTimeout(patience)
}
