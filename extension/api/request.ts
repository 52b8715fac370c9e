/** One request: sent, timed, and answered with a parsed value or a `FailureError`. Nothing else is thrown. */
import type * as z from 'zod/mini'
import { Problem } from '../../shared/problem.ts'
import { cancelled, FailureError, misbehaved, unreachable } from './failure.ts'

export interface Connection {
  /** Origin of the server, without a slash at the end. */
  server: string
  /** Read at each request, so that a renewed token is used at once. */
  token: () => string | null
  fetch: typeof fetch
  timeoutMs?: number
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: URLSearchParams
  body?: unknown
  signal?: AbortSignal | undefined
  /** For sealed bundles, which never change; everything else is `no-store`. */
  immutable?: boolean
}

const defaultTimeoutMs = 20_000
const largestProblemCharacters = 100_000
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504])

/** Reads a response while the deadline still runs. */
type ReadBody<T> = (response: Response) => Promise<T>

/** @throws {FailureError} */
export async function request<T>(connection: Connection, call: Call, read: ReadBody<T>): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), connection.timeoutMs ?? defaultTimeoutMs)
  const signal = call.signal ? AbortSignal.any([call.signal, deadline.signal]) : deadline.signal
  try {
    const send = connection.fetch
    const response = await send(urlOf(connection, call), initOf(connection, call, signal))
    if (!response.ok) throw await refusalOf(response)
    return await read(response)
  } catch (error) {
    if (error instanceof FailureError) throw error
    if (call.signal?.aborted) throw cancelled()
    if (deadline.signal.aborted) throw unreachable('timeout', 'The server did not answer in time')
    throw unreachable('no_answer', error instanceof Error ? error.message : String(error))
  } finally {
    clearTimeout(timer)
  }
}

/** @throws {FailureError} misbehaved where the answer is no JSON or not of the schema. */
export async function requestJson<T>(
  connection: Connection,
  call: Call,
  schema: z.ZodMiniType<T>,
): Promise<T> {
  const text = await request(connection, call, response => response.text())
  return parseAs(schema, text, call.path)
}

/** For answers without content. */
export async function requestNothing(connection: Connection, call: Call): Promise<void> {
  await request(connection, call, response => response.arrayBuffer())
}

/** @throws {FailureError} misbehaved */
export function parseAs<T>(schema: z.ZodMiniType<T>, text: string, path: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw misbehaved('not_json', `The answer to ${path} is not JSON`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.map(String).join('.') || 'its top'
  throw misbehaved('wrong_shape', `The answer to ${path} cannot be understood at ${where}`)
}

function urlOf({ server }: Connection, { path, query }: Call): string {
  const search = query?.toString()
  return `${server}${path}${search ? `?${search}` : ''}`
}

function initOf({ token }: Connection, call: Call, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = {}
  const bearer = token()
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  return {
    method: call.method ?? 'GET',
    headers,
    signal,
    credentials: 'omit',
    // A redirect could carry the token to another host.
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    cache: call.immutable ? 'default' : 'no-store',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  }
}

async function refusalOf(response: Response): Promise<FailureError> {
  const problem = await readProblem(response)
  const status = response.status
  if (!problem) {
    // A proxy's own words for a server that is away, as while it restarts.
    if (gatewayStatuses.has(status)) return unreachable('no_answer', `A gateway answered ${status}`)
    return misbehaved('unexplained_status', `The server answered ${status} without saying why`, { status })
  }
  const { code, detail, permission, requestId } = problem
  const retryAfter = problem.retryAfter ?? retryAfterOf(response)
  return new FailureError({
    kind: 'refused',
    code,
    detail,
    status,
    ...(permission === undefined ? {} : { permission }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

async function readProblem(response: Response): Promise<Problem | null> {
  const text = await response.text()
  if (text.length > largestProblemCharacters) return null
  try {
    const parsed = Problem.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : undefined
}
