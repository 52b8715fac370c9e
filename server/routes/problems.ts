/** Errors on their way out: whatever was thrown becomes a problem document, and nothing internal leaves. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { FilterError } from '../../shared/filter.ts'
import { type ProblemCode, ProblemError, problemOf, problems } from '../../shared/problem.ts'
import type { Environment } from './environment.ts'

export interface ErrorLog {
  error(fields: object, message: string): void
}

/** Hono's `onError`. Failures of ours are logged with the request id, by which the sender can name them. */
export function answerError(log: ErrorLog): ErrorHandler<Environment> {
  return (error, c) => {
    const problem = asProblem(error)
    if (problem.code === 'internal') {
      log.error({ err: error, requestId: c.get('requestId'), path: c.req.path }, 'request failed')
    }
    return answer(c, problem)
  }
}

/** Hono's `notFound`. */
export const answerNotFound: NotFoundHandler<Environment> = c =>
  answer(c, new ProblemError('not_found', `There is no ${c.req.method} ${c.req.path.slice(0, 200)}.`))

function answer(c: Context<Environment>, error: ProblemError): Response {
  const problem = problemOf(error, c.get('requestId') ?? '')
  const headers = new Headers({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  })
  if (error.status === 401) headers.set('WWW-Authenticate', 'Bearer')
  if (problem.retryAfter !== undefined) headers.set('Retry-After', String(Math.ceil(problem.retryAfter)))
  return c.body(JSON.stringify(problem), { status: error.status as 400, headers })
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof FilterError) {
    const errors = [{ path: error.parameter, message: error.message }]
    return new ProblemError('invalid_filter', error.message, { errors })
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new ProblemError(codeOfStatus(error.status), error.message || 'The request cannot be read.')
  }
  return new ProblemError('internal', 'Something failed on the server. Its log names the cause.')
}

/** The framework's own refusals (malformed JSON, too large a body) by the nearest of our codes. */
function codeOfStatus(status: number): ProblemCode {
  const entry = Object.entries(problems).find(([, problem]) => problem.status === status)
  return (entry?.[0] as ProblemCode | undefined) ?? 'malformed'
}

interface Issue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

/** The hook for hono-openapi's `validator`: each place that does not fit, by its path. */
export function refuseInvalid(
  result: { success: true } | { success: false; error: readonly Issue[] },
  _c: Context,
): void {
  if (result.success) return
  const errors = result.error.map(issue => ({ path: pathOf(issue), message: issue.message }))
  const detail = errors.map(error => (error.path ? `${error.path}: ${error.message}` : error.message))
  throw new ProblemError('malformed', detail.slice(0, 5).join('; '), { errors })
}

function pathOf(issue: Issue): string {
  const keys = (issue.path ?? []).map(part =>
    typeof part === 'object' && part !== null && 'key' in part ? part.key : part,
  )
  return keys.map(String).join('.')
}
