/** The real server over HTTP, in memory, with one user of each kind, and a network to it that can be cut. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import pino from 'pino'
import { createClient } from '../../extension/api/client.ts'
import type { WorkerSession } from '../../extension/worker/protocol.ts'
import { type Access, type By, openAccess } from '../../server/access/access.ts'
import { localCommandLine } from '../../server/access/caller.ts'
import type { AccessTables } from '../../server/access/tables.ts'
import { createApp } from '../../server/app.ts'
import { createNormalise } from '../../server/intake/normalise.ts'
import type { IncomingEvent } from '../../server/log/batch.ts'
import { type Forgetting, openForgetting } from '../../server/log/forgetting.ts'
import { createKeyRotator } from '../../server/log/key-rotation.ts'
import { createLiveIndex } from '../../server/log/live-index.ts'
import { createRecorder } from '../../server/log/recorder.ts'
import { createMetrics } from '../../server/metrics.ts'
import { createStreams } from '../../server/routes/stream.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { kyselyOver } from '../../server/store/sqlite/kysely-dialect.ts'
import type { WitnessStore } from '../../server/witness/witness-store.ts'
import type { Witnessing } from '../../server/witness/witnessing.ts'
import type { Policy } from '../../shared/log/policy.ts'
import { createStandIn } from './platform/stand-in.ts'
import { openTestFeed } from './platform/test-feed.ts'
import { openTestLog, type TestLog, testOrg } from './test-log.ts'
import { openTestWitnessing } from './test-witness.ts'

const password = 'correct horse battery staple 9'
const cheapHash = { N: 2 ** 4, r: 8, p: 1 }
const byOwner: By = {
  caller: localCommandLine,
  facts: { address: null, userAgent: null, requestId: null, channel: 'background' },
}

export interface PanelServer {
  url: string
  log: TestLog
  access: Access
  eraser: Forgetting['eraser']
  retention: Forgetting['retention']
  witnessing: Witnessing
  witnessStore: WitnessStore
  /** `fetch` through the network below. */
  fetch: typeof fetch
  network: Network
  append(events: readonly IncomingEvent[]): Promise<void>
  size(): number
  /** Creates a user with the role, signs in, and answers what the panel would hand its worker. */
  signIn(role?: string): Promise<WorkerSession>
  byOwner: By
  /** Waits for a live stream and ends all there are, as a server that restarts does. */
  endStreams(): Promise<unknown>
  close(): Promise<void>
}

export interface Network {
  /** While set, nothing comes through, and what was under way breaks. */
  isDown: boolean
  /** Each request's path, in order. */
  requests: string[]
  /** Called before each request; may throw in its place, or answer a response of its own. */
  intercept: (path: string) => Response | undefined | Promise<Response | undefined>
  cut(): void
  mend(): void
}

/** `policy` names the witnesses that are asked when a test says so. */
export async function openPanelServer(policy: Policy | null = null): Promise<PanelServer> {
  const log = await openTestLog({ keepKeyFile: true })
  log.clock.now = Date.now()
  const normalise = createNormalise(new Uint8Array(32))
  const recorder = createRecorder({ writer: log.writer, normalise, clock: Date.now })
  const { store, writer } = log
  // Not recorded, as below.
  const silent = { ...recorder, record: async () => 0 }
  const { witnessing, reader, witnessStore } = await openTestWitnessing(log, silent, policy)
  const forgetting = await openForgetting({ org: testOrg, store, writer, recorder, clock: Date.now })
  const keyRotator = createKeyRotator({
    ...{ org: testOrg, path: log.keyPath!, store, writer, normalise, clock: Date.now },
    randomBytes: length => crypto.getRandomValues(new Uint8Array(length)),
  })
  const live = createLiveIndex({ org: testOrg, store, writer, removals: forgetting.removals })
  await live.ready
  const logger = pino({ level: 'silent' })
  const accessDatabase = kyselyOver<AccessTables>(openDatabase(':memory:'))
  const access = await openAccess({
    database: accessDatabase,
    secret: 'for tests only '.repeat(4),
    clock: Date.now,
    // Not recorded, so that the tests' logs hold what the tests put in.
    record: async () => {},
    workspace: { id: testOrg, name: 'Acme', demo: false },
    logger,
    hashCost: cheapHash,
  })
  const streams = createStreams()
  const platform = createStandIn({ clock: Date.now })
  const record = async () => {}
  const fed = await openTestFeed({ writer, normalise, platform, record, clock: Date.now })
  const size = () => live.size
  const app = createApp({
    ...{
      access,
      reader,
      live,
      keyRotator,
      normalise,
      streams,
      logger,
      witnessing,
      writer: log.writer,
    },
    ...forgetting,
    feed: fed.feed,
    recorder: { ...recorder, viewed: async () => {} } as typeof recorder,
    metrics: createMetrics({ size, indexed: size, streams: streams.count }),
    serverVersion: '0.0.0-test',
    requestsPerMinute: 1_000_000,
    trustProxy: false,
  })
  const server: ServerType = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { network, fetch: cutFetch } = createNetwork(url)
  let users = 0

  return {
    ...{ url, log, access, network, byOwner, size, witnessing, witnessStore },
    ...{ eraser: forgetting.eraser, retention: forgetting.retention },
    fetch: cutFetch,
    async append(events) {
      for (let at = 0; at < events.length; at += 1000) await log.writer.append(events.slice(at, at + 1000))
    },
    async signIn(role = 'security-analyst') {
      const email = `user-${++users}@example.com`
      await access.createUser({ name: `User ${users}`, email, roles: [role], password }, byOwner)
      return sessionOf(url, email)
    },
    async endStreams() {
      while (streams.count() === 0) await new Promise(resolve => setTimeout(resolve, 5))
      await streams.closeAll()
    },
    async close() {
      await streams.closeAll()
      ;(server as { closeAllConnections?: () => void }).closeAllConnections?.()
      await new Promise(resolve => server.close(resolve))
      await fed.close()
      live.close()
      await log.close()
      await accessDatabase.destroy()
    },
  }
}

async function sessionOf(server: string, email: string): Promise<WorkerSession> {
  let token: string | null = null
  const client = createClient({ server, token: () => token, fetch })
  token = (await client.signIn({ email, password })).token
  const me = await client.me()
  return {
    ...{ server, token },
    userId: me.id,
    cacheKey: me.cacheKey,
    accessVersion: me.accessVersion,
    personal: me.permissions.includes('audit_log.read_personal'),
  }
}

function createNetwork(origin: string): { network: Network; fetch: typeof fetch } {
  let cable = new AbortController()
  const network: Network = {
    isDown: false,
    requests: [],
    intercept: () => undefined,
    cut() {
      network.isDown = true
      cable.abort()
    },
    mend() {
      network.isDown = false
      cable = new AbortController()
    },
  }
  const through: typeof fetch = async (input, init = {}) => {
    const path = String(input).slice(origin.length)
    if (network.isDown) throw new TypeError('fetch failed')
    network.requests.push(path)
    const instead = await network.intercept(path)
    if (instead) return instead
    const signal = init.signal ? AbortSignal.any([init.signal, cable.signal]) : cable.signal
    return fetch(input, { ...init, signal })
  }
  return { network, fetch: through }
}
