/** Events in: up to 1,000 a call, each answered for by itself, acknowledged only once durable. */
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as z from 'zod/mini'
import { type IntakeItem, IntakeResult, maxIntakeEvents } from '../../shared/api.ts'
import { NewEvent } from '../../shared/audit-event.ts'
import { ProblemError } from '../../shared/problem.ts'
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

/** Names that Trailside's own doings are recorded under: nobody else may speak as it. */
const ownSources = new Set(['trailside'])

export function intakeRoutes({ writer, normalise, metrics }: IntakeParts) {
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
      const items = await takeIn(readBatch(await readBody(c.req.raw)).events, normalise, writer)
      const count = (status: IntakeItem['status']) => items.filter(item => item.status === status).length
      const result = {
        accepted: count('accepted'),
        duplicates: count('duplicate'),
        rejected: count('rejected'),
        items,
      }
      metrics.intake.inc({ status: 'accepted' }, result.accepted)
      metrics.intake.inc({ status: 'duplicate' }, result.duplicates)
      metrics.intake.inc({ status: 'rejected' }, result.rejected)
      return c.json(result satisfies IntakeResult)
    },
  )
}

async function readBody(request: Request): Promise<unknown> {
  try {
    return await request.json()
  } catch {
    throw new ProblemError('malformed', 'The body is not JSON.')
  }
}

function readBatch(body: unknown): z.infer<typeof Batch> {
  const parsed = Batch.safeParse(body)
  if (parsed.success) return parsed.data
  throw new ProblemError(
    'malformed',
    `The body must be {"events": […]} with 1 to ${maxIntakeEvents} events.`,
    {
      errors: parsed.error.issues.map(issue => ({ path: issue.path.join('.'), message: issue.message })),
    },
  )
}

/** Normalises, appends the good ones in one go, and puts every answer in its sender's order. */
async function takeIn(
  events: unknown[],
  normalise: Normalise,
  writer: IntakeParts['writer'],
): Promise<IntakeItem[]> {
  const items = new Array<IntakeItem>(events.length)
  const good: { at: number; event: Extract<ReturnType<Normalise>, { ok: true }>['event'] }[] = []
  events.forEach((input, at) => {
    const normal = normalise(input)
    if (!normal.ok) items[at] = { status: 'rejected', reason: normal.reason, path: normal.path }
    else if (ownSources.has(normal.event.source)) {
      items[at] = { status: 'rejected', reason: 'is kept for the server itself', path: 'source' }
    } else good.push({ at, event: normal.event })
  })
  const appended = await writer.append(good.map(each => each.event))
  good.forEach(({ at }, position) => {
    items[at] = appended[position]!
  })
  return items
}
