/** Errors as RFC 9457 problem documents with a stable `code`, the same list for server and panel. */
import * as z from 'zod/mini'

export const problems = {
  malformed: { status: 400, title: 'The request cannot be read' },
  invalid_filter: { status: 400, title: 'The filter cannot be read' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of ours' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  session_expired: { status: 401, title: 'The session has ended' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  forbidden: { status: 403, title: 'A permission is missing' },
  password_change_required: { status: 403, title: 'Choose your own password first' },
  checkpoint_untrusted: { status: 403, title: 'No trusted key signed this checkpoint' },
  personal_data_withheld: { status: 403, title: 'Filtering by personal data needs a permission' },
  not_found: { status: 404, title: 'There is no such thing here' },
  removed_by_retention: { status: 410, title: 'Removed by retention' },
  on_hold: { status: 409, title: 'A legal hold is in the way' },
  conflict: { status: 409, title: 'That does not fit what is there' },
  too_large: { status: 413, title: 'The request is too large' },
  weak_password: { status: 422, title: 'The password is too weak' },
  checkpoint_inconsistent: { status: 422, title: 'The checkpoint does not continue what was seen before' },
  locked_out: { status: 429, title: 'Too many failed sign-ins' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'The server failed' },
  unavailable: { status: 503, title: 'The server cannot answer now' },
} as const

export type ProblemCode = keyof typeof problems

/** `application/problem+json`. `permission` names what is missing, `retryAfter` is in seconds. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.optional(z.string()),
  permission: z.optional(z.string()),
  retryAfter: z.optional(z.number()),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
})
export type Problem = z.infer<typeof Problem>

type Extras = Partial<Pick<Problem, 'permission' | 'retryAfter' | 'errors'>>

/** Thrown anywhere below the routes; the app turns it into its document. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly status: number
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: Extras = {},
  ) {
    super(`${code}: ${detail}`)
    this.status = problems[code].status
  }
}

export function problemOf(error: ProblemError, requestId: string): Problem {
  const { status, title } = problems[error.code]
  return {
    type: `urn:trailside:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.detail,
    requestId,
    ...error.extras,
  }
}
