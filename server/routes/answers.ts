/** OpenAPI responses: the good one by its schema, and every refusal as the same problem document. */
import type { DescribeRouteOptions } from 'hono-openapi'
import { resolver } from 'hono-openapi'
import type * as z from 'zod/mini'

type Responses = NonNullable<DescribeRouteOptions['responses']>

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const refusals = {
  400: problem('The request cannot be read'),
  429: problem('Too many requests; `retryAfter` says when'),
  500: problem('The server failed'),
}

/** A JSON answer by schema with `status`, beside the refusals every route can give (`permit` adds its own). */
export function answers(schema: z.ZodMiniType, status = 200, description = 'The answer'): Responses {
  return {
    [status]: { description, content: { 'application/json': { schema: resolver(schema) } } },
    ...refusals,
  }
}

/** An answer of another type (text, octets, event stream), or with no content. */
export function answersWith(type: string | null, description: string, status = 200): Responses {
  return {
    [status]: { description, ...(type && { content: { [type]: { schema: { type: 'string' as const } } } }) },
    ...refusals,
  }
}
