/** Who cosigns this log: servers by the policy, and the panels of those who read it. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { scopeOf } from '../../shared/access.ts'
import { LogWitnesses, PanelCosignature, PanelCosigned } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Witnessing } from '../witness/witnessing.ts'
import { answers } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

export function logWitnessRoutes({ states, panels }: Pick<Witnessing, 'states' | 'panels'>) {
  return new Hono<Environment>()
    .get(
      '/v1/log/witnesses',
      describeRoute({
        summary: 'Who cosigns this log, and how far',
        description:
          'The witnesses of the server’s policy, and the latest checkpoint that each panel cosigned: whoever holds ' +
          'one that contradicts these was shown another log.',
        tags: ['Log'],
        parameters: [
          { name: 'since', in: 'query', required: false, schema: { type: 'string', format: 'date-time' } },
        ],
        responses: answers(LogWitnesses),
      }),
      permit('audit_log.read'),
      c => {
        const scope = scopeOf(c.get('caller').permissions)
        const { panels: shown, total } = panels.list(scope, readSince(c.req.query('since')))
        return c.json({ ...states(), panels: shown, panelsTotal: total } satisfies LogWitnesses)
      },
    )
    .post(
      '/v1/log/cosignatures',
      describeRoute({
        summary: 'Hand in what a panel cosigned',
        description:
          'The latest one of each panel key is kept. A panel that begins to witness is an event; so is a checkpoint ' +
          'that this log’s key signed and that this log contradicts.',
        tags: ['Log'],
        responses: answers(PanelCosigned),
      }),
      permit('audit_log.read'),
      validator('json', PanelCosignature, refuseInvalid),
      async c => {
        const fits = await panels.accept(senderOf(c), c.req.valid('json'))
        return c.json({ fits } satisfies PanelCosigned)
      },
    )
}

function readSince(text: string | undefined): number {
  if (text === undefined) return Number.NEGATIVE_INFINITY
  const since = Date.parse(text)
  if (Number.isNaN(since)) throw new ProblemError('malformed', 'since must be an ISO time.')
  return since
}
