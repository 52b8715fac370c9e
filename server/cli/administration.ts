/**
 * How commands manage access: always through the API's own routes and rules. While a backend works on the folder
 * they are its routes; otherwise the folder is opened and the same routes are called in-process.
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import * as z from 'zod/mini'
import { Problem } from '../../shared/problem.ts'
import type { Access } from '../access/access.ts'
import { localCommandLine } from '../access/caller.ts'
import type { Feed } from '../feed/feed.ts'
import type { Forgetting } from '../log/forgetting.ts'
import { accessRoutes } from '../routes/access.ts'
import type { Environment } from '../routes/environment.ts'
import { erasureRoutes } from '../routes/erasures.ts'
import { type LogKeyRoutes, logKeyRoutes } from '../routes/log-keys.ts'
import { answerError, answerNotFound } from '../routes/problems.ts'
import { retentionRoutes } from '../routes/retention.ts'
import { sourceRoutes } from '../routes/sources.ts'
import type { TextOutput } from './progress-line.ts'

/** What commands reach through the routes of a folder that no backend is at work on. */
export interface OpenedFolder extends Partial<LogKeyRoutes> {
  access: Access
  /** These, and the parts of the log that its keys need, where the log is open too. */
  forgetting?: Pick<Forgetting, 'eraser' | 'retention' | 'holds'>
  feed?: Feed
  close(): Promise<void>
}

export interface AdministrationParts {
  /** The backend at work on the folder; null when there is none. */
  findBackend(data: string): { url: string; secret: string } | null
  /** Opens the folder for this process alone. Always closed again. */
  openAccess(data: string): Promise<OpenedFolder>
  stdout: TextOutput
  stderr: TextOutput
  stdin?: AsyncIterable<Uint8Array>
  fetch?: typeof fetch
}

export interface Administration {
  /** Calls a route and reads its answer. @throws {RefusedError} with the server's own words */
  call<Schema extends z.ZodMiniType>(
    schema: Schema,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<z.infer<Schema>>
  close(): Promise<void>
}

/** The server understood and said no. */
export class RefusedError extends Error {
  override name = 'RefusedError'
}

type Send = (path: string, init: RequestInit) => Promise<Response>

export async function openAdministration(data: string, parts: AdministrationParts): Promise<Administration> {
  const backend = parts.findBackend(data)
  if (backend) {
    const reach = parts.fetch ?? fetch
    const authorization = `Bearer ${backend.secret}`
    const send: Send = (path, init) =>
      reach(new URL(path, backend.url), { ...init, headers: { ...init.headers, authorization } })
    return { call: caller(send), close: async () => {} }
  }
  const opened = await parts.openAccess(data)
  const app = inProcess(opened)
  return { call: caller(async (path, init) => app.request(path, init)), close: () => opened.close() }
}

/** The routes alone, for whoever could open the folder: they own it. */
function inProcess({ access, forgetting, feed, ...log }: OpenedFolder): Hono<Environment> {
  const owned: Access = { ...access, authenticate: async () => localCommandLine }
  const app = new Hono<Environment>()
  app.onError(answerError({ error: ({ err }: { err?: unknown }) => void console.error(err) }))
  app.notFound(answerNotFound)
  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    c.set('address', null)
    c.set('access', owned)
    await next()
  })
  app.route('/', accessRoutes({ serverVersion: '' }))
  if (forgetting) app.route('/', erasureRoutes(forgetting.eraser)).route('/', retentionRoutes(forgetting))
  if (feed) app.route('/', sourceRoutes(feed))
  const { writer, reader, keyRotator, recorder } = log
  if (writer && reader && keyRotator && recorder)
    app.route('/', logKeyRoutes({ writer, reader, keyRotator, recorder }))
  return app
}

function caller(send: Send): Administration['call'] {
  return async (schema, method, path, body) => {
    const init: RequestInit = { method, headers: { 'user-agent': 'trailside-cli' } }
    if (body !== undefined) {
      init.body = JSON.stringify(body)
      init.headers = { ...init.headers, 'content-type': 'application/json' }
    }
    const response = await send(path, init)
    if (response.status === 204) return schema.parse(undefined)
    const answer: unknown = await response.json()
    if (response.ok) return schema.parse(answer)
    throw new RefusedError(Problem.parse(answer).detail)
  }
}

export const Nothing = z.undefined()
