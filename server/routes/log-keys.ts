/** The keys that the log signs with, for whoever begins to follow it: worth what the way they came is worth. */
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { LogKeys } from '../../shared/api.ts'
import { answers } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'

export function logKeyRoutes(log: { readonly keys: LogKeys }) {
  return new Hono<Environment>().get(
    '/v1/log/keys',
    describeRoute({
      summary: 'The log’s origin and verifier keys',
      description:
        'To be pinned at first sight and never taken from here again. Who can, compares them with what those who run ' +
        'the server gave them another way.',
      tags: ['Log'],
      responses: answers(LogKeys),
    }),
    permit('audit_log.read'),
    c => c.json(log.keys satisfies LogKeys),
  )
}
