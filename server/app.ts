/** The Hono app from its parts. Answers nothing that a permission was not checked for. */
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { Logger } from 'pino'
import { ProblemError } from '../shared/problem.ts'
import { viewLinkPath } from '../shared/view-link.ts'
import type { Access } from './access/access.ts'
import type { Feed } from './feed/feed.ts'
import type { Normalise } from './intake/normalise.ts'
import { createEventTexts } from './log/event-texts.ts'
import type { Forgetting } from './log/forgetting.ts'
import type { KeyRotator } from './log/key-rotation.ts'
import type { LiveIndex } from './log/live-index.ts'
import type { LogReader } from './log/reader.ts'
import type { Recorder } from './log/recorder.ts'
import type { LogWriter } from './log/writer.ts'
import type { Metrics } from './metrics.ts'
import { accessRoutes } from './routes/access.ts'
import type { Environment } from './routes/environment.ts'
import { erasureRoutes } from './routes/erasures.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/exports.ts'
import { healthRoutes } from './routes/health.ts'
import { importRoutes } from './routes/imports.ts'
import { intakeRoutes } from './routes/intake.ts'
import { logRoutes } from './routes/log.ts'
import { logKeyRoutes } from './routes/log-keys.ts'
import { logWitnessRoutes } from './routes/log-witnesses.ts'
import { openPageHeaders, openRoutes } from './routes/open.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { answerError, answerNotFound } from './routes/problems.ts'
import { limitRate } from './routes/rate-limit.ts'
import { identify, logRequests } from './routes/requests.ts'
import { retentionRoutes } from './routes/retention.ts'
import { savedViewRoutes } from './routes/saved-views.ts'
import { sourceRoutes } from './routes/sources.ts'
import { type LogGrowth, type Streams, streamRoutes } from './routes/stream.ts'
import { noticeViews } from './routes/views.ts'
import { witnessRoutes } from './routes/witness.ts'
import type { Witnessing } from './witness/witnessing.ts'

export interface AppParts extends Forgetting {
  access: Access
  writer: LogWriter
  reader: LogReader
  live: LiveIndex
  keyRotator: KeyRotator
  recorder: Recorder
  witnessing: Witnessing
  feed: Feed
  normalise: Normalise
  metrics: Metrics
  streams: Streams
  logger: Logger
  serverVersion: string
  requestsPerMinute: number
  trustProxy: boolean
}

const maxBodyBytes = 32 * 1024 * 1024
/** Whoever asks as a log needs few, and each costs signatures. */
const witnessRequestsPerMinute = 600

/** @throws nothing: every error becomes a problem document. */
export function createApp(parts: AppParts) {
  const app = new Hono<Environment>()
  const { access, live, reader, eraser, recorder, metrics } = parts
  app.onError(answerError(parts.logger))
  app.notFound(answerNotFound)
  app.use(identify(access, parts.trustProxy))
  app.use(logRequests(parts.logger, metrics))
  app.use(viewLinkPath, openPageHeaders)
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] } }))
  app.use(noStore)
  app.use('/v1/*', limitRate(parts.requestsPerMinute))
  app.use('/witness/*', limitRate(Math.min(parts.requestsPerMinute, witnessRequestsPerMinute)))
  app.use('/v1/*', limitBody)
  app.use('/v1/*', noticeViews(recorder))
  const size = () => live.size
  const growth: LogGrowth = {
    size,
    erasures: () => parts.removals.version,
    onGrown: listener => live.onGrown(listener),
  }
  return app
    .route(
      '/',
      healthRoutes({ serverVersion: parts.serverVersion, waitingFor: () => waitingFor(live), size, metrics }),
    )
    .route('/', savedViewRoutes())
    .route('/', openRoutes())
    .route('/', openApiRoutes(app, parts.serverVersion))
    .route('/', accessRoutes(parts))
    .route('/', intakeRoutes(parts))
    .route(
      '/',
      eventRoutes({
        index: live.index,
        size,
        reader,
        ...createEventTexts({ reader, removals: parts.removals }),
      }),
    )
    .route('/', logRoutes(reader))
    .route('/', logKeyRoutes(parts))
    .route('/', logWitnessRoutes(parts.witnessing))
    .route('/', exportRoutes(recorder))
    .route('/', erasureRoutes(eraser))
    .route('/', witnessRoutes(parts.witnessing.peer))
    .route('/', sourceRoutes(parts.feed))
    .route('/', importRoutes(parts))
    .route('/', retentionRoutes(parts))
    .route('/', streamRoutes(growth, parts.streams, access))
}

export type App = ReturnType<typeof createApp>

const limitOfBody = bodyLimit({ maxSize: maxBodyBytes, onError: refuseLargeBody })

/** Where no body is read, even to look whether there is one costs a third of all else around a handler. */
const limitBody: MiddlewareHandler = (c, next) =>
  c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limitOfBody(c, next)

const noStore: MiddlewareHandler = async (c, next) => {
  await next()
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
}

function refuseLargeBody(): never {
  throw new ProblemError(
    'too_large',
    `A request may hold ${maxBodyBytes / 1024 / 1024} MiB. Send fewer events a call.`,
  )
}

function waitingFor(live: LiveIndex): string | null {
  return live.isReady ? null : 'The event index is still being built.'
}
