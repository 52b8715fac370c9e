/** Events in: up to 1,000 a call, each answered for by itself, acknowledged only once durable. */
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as z from 'zod/mini'
import { type IntakeItem, IntakeResult, maxIntakeEvents } from '../../shared/api.ts'
import { NewEvent, type NewEventInput } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
import { parseJson } from '../intake/json-text.ts'
import { createLogSink } from '../intake/log-sink.ts'
import type { Normalise } from '../intake/normalise.ts'
import type { LogWriter } from '../log/writer.ts'
import type { Metrics } from '../metrics.ts'
import { answers } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'

export interface IntakeParts {
  writer: Pick<LogWriter, 'append'>
  normalise: Normalise
  metrics: Metrics
}

const Batch = z.object({ events: z.array(z.unknown()).check(z.minLength(1), z.maxLength(maxIntakeEvents)) })
const DocumentedBatch = z.object({
  events: z.array(NewEvent).check(z.minLength(1), z.maxLength(maxIntakeEvents)),
})

export function intakeRoutes({ writer, normalise, metrics }: IntakeParts) {
  const sink = createLogSink(events => writer.append(events), normalise)
  return new Hono<Environment>().post(
    '/v1/events',
    describeRoute({
      summary: 'Take events in',
      description:
        'Safe to repeat: an event with the same `source` and `id` as one already held is a `duplicate`. ' +
        'Items are answered in the order sent; one bad item does not stop the others.',
      tags: ['Events'],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: resolver(DocumentedBatch, { io: 'input' }) as never } },
      },
      responses: answers(IntakeResult),
    }),
    permit('audit_log.write'),
    async c => {
      const items = await sink.append(readBatch(await readBody(c.req.raw)))
      const count = (status: IntakeItem['status']) => items.filter(item => item.status === status).length
      const result = {
        accepted: count('accepted'),
        duplicates: count('duplicate'),
        rejected: count('rejected'),
        items: [...items],
      }
      metrics.intake.inc({ status: 'accepted' }, result.accepted)
      metrics.intake.inc({ status: 'duplicate' }, result.duplicates)
      metrics.intake.inc({ status: 'rejected' }, result.rejected)
      return c.json(result satisfies IntakeResult)
    },
  )
}

/** Strict: what two readers could read differently must not become a record. */
async function readBody(request: Request): Promise<unknown> {
  const parsed = parseJson(await request.text(), 'refuse')
  if ('value' in parsed) return parsed.value
  const { reason, path } = parsed.error
  throw new ProblemError('malformed', `The body ${path ? `(${path}) ` : ''}${reason}.`, {
    errors: [{ path, message: reason }],
  })
}

function readBatch(body: unknown): NewEventInput[] {
  const parsed = Batch.safeParse(body)
  // Each event is looked at by itself later, so that one bad one does not stop the others.
  if (parsed.success) return parsed.data.events as NewEventInput[]
  throw new ProblemError(
    'malformed',
    `The body must be {"events": […]} with 1 to ${maxIntakeEvents} events.`,
    {
      errors: parsed.error.issues.map(issue => ({ path: issue.path.join('.'), message: issue.message })),
    },
  )
}
