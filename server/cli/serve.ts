/** `trailside serve`: opens the folder, answers over HTTP, and stops when told to. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isIPv6 } from 'node:net'
import { serve as listen } from '@hono/node-server'
import type { Logger } from 'pino'
import { createApp } from '../app.ts'
import { type Backend, openBackend } from '../backend.ts'
import { type Config, readServeConfig } from '../config.ts'
import { applySourcesFile } from '../feed/sources-file.ts'
import { atCommandLine, createFirstOwner, type DemoAccount, prepareDemo } from '../first-start.ts'
import { createMetrics } from '../metrics.ts'
import { createStreams } from '../routes/stream.ts'
import { serverVersion } from '../version.ts'
import type { PeerWitness } from '../witness/peer-witness.ts'

export interface ServeParts {
  environment: NodeJS.ProcessEnv
  createLogger: (level: Config['logLevel']) => Logger
  stderr: { write(text: string): unknown }
  /** Resolves when the process is asked to stop. */
  stopped: Promise<unknown>
}

/** Answers the exit code once everything is closed again. */
export async function serveCommand(args: string[], parts: ServeParts): Promise<number> {
  const { config, mode } = readServeConfig(args, parts.environment)
  const logger = parts.createLogger(config.logLevel)
  const backend = await openBackend({ config, demo: mode === 'demo', logger })
  try {
    const people = await firstPeople(backend, config)
    if (config.sources) await applySourcesFile(config.sources, backend.feed, atCommandLine)
    const running = await start(backend, config, logger)
    backend.folder.announce(running.url)
    await backend.feed.start()
    logger.info({ url: running.url, data: config.data, size: backend.writer.size }, 'listening')
    parts.stderr.write(`\n  Trailside answers at ${running.url}\n${people}${running.witnessing}\n`)
    await parts.stopped
    await running.stop()
    logger.info('stopped')
    return 0
  } finally {
    await backend.close()
  }
}

async function start(backend: Backend, config: Config, logger: Logger) {
  const live = backend.startIndex()
  const witnessing = await backend.startWitnessing()
  const stopRetention = backend.retention.schedule(err => logger.error({ err }, 'retention failed'))
  const streams = createStreams()
  const size = () => live.size
  const metrics = createMetrics({
    ...{ size: () => backend.writer.size, indexed: size, streams: streams.count },
    witnesses: () => witnessing.collector?.states() ?? [],
    sources: () => backend.feed.status(),
  })
  const { requestsPerMinute, trustProxy } = config
  const app = createApp({
    ...backend,
    live,
    witnessing,
    streams,
    metrics,
    logger,
    serverVersion,
    requestsPerMinute,
    trustProxy,
  })
  const server = await listening(app.fetch, config)
  return {
    url: urlOf(server, config),
    witnessing: witnessWords(witnessing.peer),
    async stop() {
      await stopRetention()
      await streams.closeAll()
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), graceMs).unref()
      })
    },
  }
}

/** What is being answered when the server stops gets this long. */
const graceMs = 5000

function listening(fetch: Parameters<typeof listen>[0]['fetch'], config: Config): Promise<Server> {
  const tls = config.tlsCertificate && {
    createServer: createSecureServer,
    serverOptions: { cert: readFileSync(config.tlsCertificate), key: readFileSync(config.tlsKey!) },
  }
  return new Promise((resolve, reject) => {
    const server = listen({ fetch, port: config.port, hostname: config.host, ...tls }, () =>
      resolve(server as Server),
    )
    server.once('error', reject)
  })
}

function urlOf(server: Server, { host, tlsCertificate }: Config): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `${tlsCertificate ? 'https' : 'http'}://${name}:${port}`
}

/** Fills what is new. Answers the words that say who can sign in. */
async function firstPeople(backend: Backend, config: Config): Promise<string> {
  if (backend.workspace.demo) return demoWords(await prepareDemo(backend, Date.now()))
  const owner = await createFirstOwner(backend, config.ownerEmail)
  return owner ? ownerWords(owner) : ''
}

function witnessWords(peer: PeerWitness | null): string {
  if (!peer) return ''
  return `
  It witnesses ${peer.logs().length} other log(s), at /witness/ of its address, under this key:

    ${peer.key}
`
}

function ownerWords(owner: { email: string; oneTimePassword: string }): string {
  return `
  A new workspace. Its Owner signs in with

    e-mail             ${owner.email}
    one-time password  ${owner.oneTimePassword}

  This password is shown this once and must be replaced at the first sign-in.
`
}

function demoWords(accounts: DemoAccount[]): string {
  const rows = accounts.map(
    ({ role, email, password }) => `    ${role.padEnd(18)} ${email.padEnd(42)} ${password}`,
  )
  return `
  This is a demo workspace: generated events, nobody's real data. Sign in as (role, e-mail, password):

${rows.join('\n')}
`
}
