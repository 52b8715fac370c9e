/** A sink into a running backend: `POST /v1/events`, repeated after passing failures, which is safe by its contract. */
import { type IntakeItem, IntakeResult } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { Problem } from '../../shared/problem.ts'
import type { ImportSink } from './import.ts'

export interface HttpSinkOptions {
  /** Where the backend answers, for example `http://127.0.0.1:8787`. */
  baseUrl: string
  /** An API key with `audit_log.write`. */
  key: string
  fetch?: typeof fetch
  sleep?: (ms: number) => Promise<void>
  attempts?: number
}

/** Bodies stay below this, whatever the events weigh. */
const maxBodyCharacters = 4_000_000

/** The backend said no for good; trying again would change nothing. */
export class RefusedError extends Error {
  override name = 'RefusedError'
}

export function createHttpSink(options: HttpSinkOptions): ImportSink {
  return {
    async append(batch) {
      const items: IntakeItem[] = []
      for (const bodies of inBodies(batch)) items.push(...(await post(bodies, options)))
      return items
    },
  }
}

function* inBodies(batch: readonly NewEventInput[]): Generator<string[]> {
  let body: string[] = []
  let characters = 0
  for (const event of batch) {
    const text = JSON.stringify(event)
    if (body.length > 0 && characters + text.length > maxBodyCharacters) {
      yield body
      body = []
      characters = 0
    }
    body.push(text)
    characters += text.length
  }
  if (body.length > 0) yield body
}

async function post(events: readonly string[], options: HttpSinkOptions): Promise<IntakeItem[]> {
  const { attempts = 6, sleep = wait } = options
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(events, options)
    if ('items' in outcome) return outcome.items
    if (attempt >= attempts) throw new Error(`${outcome.reason}; gave up after ${attempts} attempts`)
    await sleep(outcome.retryAfterMs ?? 250 * 2 ** (attempt - 1))
  }
}

type Attempt = { items: IntakeItem[] } | { reason: string; retryAfterMs: number | null }

async function tryOnce(events: readonly string[], options: HttpSinkOptions): Promise<Attempt> {
  let response: Response
  try {
    response = await (options.fetch ?? fetch)(new URL('/v1/events', options.baseUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
      body: `{"events":[${events.join(',')}]}`,
    })
    if (response.ok) return { items: IntakeResult.parse(await response.json()).items }
  } catch (error) {
    return { reason: `the backend cannot be reached: ${causeOf(error)}`, retryAfterMs: null }
  }
  const reason = await reasonOf(response)
  if (response.status !== 429 && response.status < 500) throw new RefusedError(reason)
  return { reason, retryAfterMs: retryAfterMs(response) }
}

async function reasonOf(response: Response): Promise<string> {
  const problem = Problem.safeParse(await response.json().catch(() => null))
  const words = problem.success ? `${problem.data.title}: ${problem.data.detail}` : response.statusText
  return `the backend answered ${response.status} (${words})`
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 120) * 1000 : null
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
