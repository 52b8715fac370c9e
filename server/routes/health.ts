/** Whether the server is up and can answer, and its figures. Open to all; tells nothing of the log's content. */
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import * as z from 'zod/mini'
import { apiVersion, Health } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Metrics } from '../metrics.ts'
import { answers, answersWith } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'

const Ready = z.object({ status: z.literal('ready'), size: z.int() })

export interface Readiness {
  serverVersion: string
  /** What it still waits for; null when it can answer. */
  waitingFor(): string | null
  size(): number
  metrics: Metrics
}

export function healthRoutes({ serverVersion, waitingFor, size, metrics }: Readiness) {
  return new Hono<Environment>()
    .get(
      '/healthz',
      describeRoute({ summary: 'Is it up?', tags: ['Operation'], responses: answers(Health) }),
      permit('open'),
      c => c.json({ status: 'up', product: 'trailside', apiVersion, serverVersion } satisfies Health),
    )
    .get(
      '/readyz',
      describeRoute({ summary: 'Can it answer?', tags: ['Operation'], responses: answers(Ready) }),
      permit('open'),
      c => {
        const missing = waitingFor()
        if (missing) throw new ProblemError('unavailable', missing, { retryAfter: 1 })
        return c.json({ status: 'ready', size: size() })
      },
    )
    .get(
      '/metrics',
      describeRoute({
        summary: 'Figures for Prometheus',
        tags: ['Operation'],
        responses: answersWith('text/plain', 'Prometheus text format'),
      }),
      permit('open'),
      async c =>
        c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
    )
}
