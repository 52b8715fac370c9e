/** How a session's log is kept current: by this window where it is the one that syncs, else by what that one tells. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import type { Client } from '../api/client.ts'
import type { BundleStore, BundleSummary } from '../cache/bundle.ts'
import type { WitnessStore } from '../cache/witness-record.ts'
import { defaultWindow } from '../sync/cache-window.ts'
import { type Company, createCompany } from '../sync/company.ts'
import { type Follower, follow, type Report, reportOf } from '../sync/follow.ts'
import type { Pauser } from '../sync/pause.ts'
import type { WindowChannel, WindowMessage } from '../sync/windows.ts'
import { createWitness, type Witness } from '../sync/witness.ts'
import type { LocalLog } from './local-log.ts'
import type { WorkerSession } from './protocol.ts'
import type { Post, StatusKeeper } from './status-keeper.ts'
import type { World } from './world.ts'

/** What a session consists of. */
export interface SessionParts {
  world: World
  session: WorkerSession
  post: Post
  client: Client
  store: BundleStore
  /** What was witnessed of this server's log. */
  witnessed: WitnessStore
  local: LocalLog
  status: StatusKeeper
  channel: WindowChannel
  pauser: Pauser
  /** What the store holds, where this window syncs. */
  held: Map<number, BundleSummary>
  end: AbortController
  /** Rows can be asked for, or it is known why there are none. */
  firstRows: Gate
  /** The newest bundle on disk is in the index, or there is none: only then is bad news a reason to open. */
  firstRead: Gate
  leads: boolean
  /** The log has forgotten something: answers given before may still have it. */
  onForgotten(): void
}

/** Opens once; who waits goes on. */
export interface Gate {
  opened: Promise<void>
  open(): void
}

export function createGate(): Gate {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Newest first, so that the first rows are there at once. */
export async function loadKept(parts: SessionParts): Promise<void> {
  const { store, local, status, end } = parts
  const numbers = (await store.held()).map(bundle => bundle.number).sort((a, b) => b - a)
  for (const number of numbers) {
    if (end.signal.aborted) return
    if (!(await local.take(number))) continue
    status.arrived()
    parts.firstRead.open()
    parts.firstRows.open()
  }
  parts.firstRead.open()
  status.loaded()
}

/** The work of the window that syncs. Ends with the session, or where access was lost or changed. */
export async function syncSession(parts: SessionParts): Promise<void> {
  const { store, held, status, end } = parts
  parts.leads = true
  for (const bundle of await store.held()) held.set(bundle.number, bundle)
  let forgetting: Promise<void> | undefined
  const forgetNow = () => {
    forgetting = forget(parts)
  }
  const witness = witnessOf(parts)
  const company = companyOf(parts, witness)
  await follow(followerOf(parts, witness, company, forgetNow), status.shared().size, end.signal)
  await Promise.all([forgetting, company.idle()])
}

const hasher = createHasher()

function witnessOf(parts: SessionParts): Witness {
  const { client, session, world } = parts
  return createWitness({
    ...{ client, hasher, store: parts.witnessed, server: session.server, policy: session.policy ?? null },
    ...{ now: world.now, onRecord: trust => share(parts, { trust }) },
  })
}

function companyOf(parts: SessionParts, witness: Witness): Company {
  const { client, session, world, pauser, end } = parts
  return createCompany(
    {
      ...{ client, witness, hasher, store: parts.witnessed, server: session.server },
      ...{ quorum: session.quorum ?? null, crypto: world.crypto, now: world.now },
      onRecord: trust => share(parts, { trust }),
      onNews: company => share(parts, { company }),
      onCaught: pauser.wake,
      onError: error => failSession(parts, error),
    },
    end.signal,
  )
}

function followerOf(
  parts: SessionParts,
  witness: Witness,
  company: Company,
  forgetNow: () => void,
): Follower {
  const { client, store, held, pauser, world, session, channel } = parts
  const removed: Follower['removed'] = { ranges: [] }
  return {
    ...{ client, store, held, pauser, window: defaultWindow, hasher, witness, tiles: new Map() },
    ...{ now: world.now, random: world.random, accessVersion: session.accessVersion },
    join: company.join,
    onSize: size => share(parts, { size, lastContact: new Date(world.now()).toISOString() }),
    onClock: clockOffsetMs => share(parts, { clockOffsetMs }),
    onKept({ number, events }) {
      add(parts, number, events)
      channel.tell({ told: 'kept', number })
    },
    onReplaced: ({ number, events }) => parts.local.replace(number, events),
    removed,
    onRemoved: ranges => parts.local.remove(ranges),
    onForgotten(numbers) {
      parts.onForgotten()
      channel.tell({ told: 'forgotten', numbers, removed: removed.ranges })
    },
    onReport(report) {
      if (report.phase === 'forbidden') forgetNow()
      share(parts, report)
      openAfter(parts, report)
      if (report.phase === 'live') company.notice()
    },
    onAccessChanged(accessVersion) {
      forgetNow()
      channel.tell({ told: 'accessChanged', accessVersion })
      leave(parts, accessVersion)
    },
  }
}

/** What another window of the same cache says. */
export async function hearWindow(parts: SessionParts, message: WindowMessage): Promise<void> {
  const { local, status, channel, pauser, held, session } = parts
  switch (message.told) {
    case 'kept':
      if (await local.take(message.number)) status.arrived()
      return parts.firstRows.open()
    case 'forgotten':
      local.remove(message.removed)
      for (const number of message.numbers) await local.retake(number)
      return parts.onForgotten()
    case 'status':
      if (message.status.phase === 'forbidden') local.clear()
      status.share(message.status)
      return openAfter(parts, message.status)
    case 'opened':
      if (parts.leads) channel.tell({ told: 'status', status: status.shared() })
      return
    case 'damaged':
      held.delete(message.number)
      return pauser.wake()
    case 'wake':
      return pauser.wake()
    case 'accessChanged':
      if (message.accessVersion !== session.accessVersion) leave(parts, message.accessVersion)
  }
}

/** Our own defect, such as a disk that fails: shown, and no reason to wait longer. */
export function failSession(parts: SessionParts, error: unknown): void {
  if (parts.end.signal.aborted) return
  parts.status.share({ ...reportOf(error), phase: 'failed' })
  parts.firstRead.open()
  parts.firstRows.open()
}

function add(parts: SessionParts, number: number, events: readonly AuditEvent[]): void {
  parts.local.add(number, events)
  parts.status.arrived()
  parts.firstRows.open()
}

/** For this window and, since it is the one that syncs, for the others. */
function share(parts: SessionParts, change: Parameters<StatusKeeper['share']>[0]): void {
  parts.status.share(change)
  parts.channel.tell({ told: 'status', status: parts.status.shared() })
}

function openAfter(parts: SessionParts, { phase }: Pick<Report, 'phase'>): void {
  if (phase !== 'syncing') void parts.firstRead.opened.then(parts.firstRows.open)
}

/** Access was lost or changed: nothing of the log stays, in memory or on disk. */
function forget({ local, held, store }: SessionParts): Promise<void> {
  local.clear()
  held.clear()
  return store.purge()
}

function leave(parts: SessionParts, accessVersion: string): void {
  parts.end.abort()
  parts.local.clear()
  parts.firstRows.open()
  parts.post('accessChanged', { accessVersion })
}
