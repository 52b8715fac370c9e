/** How long events are kept, and what is kept whatever happens. The rules are in `server/log/retention-plan.ts`. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import * as z from 'zod/mini'
import {
  LegalHold,
  LegalHolds,
  NewLegalHold,
  Retention,
  RetentionRun,
  RetentionSetting,
} from '../../shared/api.ts'
import type { Forgetting } from '../log/forgetting.ts'
import { answers, answersWith } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

const tags = ['Settings']
const Named = z.object({ id: z.string() })

export function retentionRoutes({ retention, holds }: Pick<Forgetting, 'retention' | 'holds'>) {
  return new Hono<Environment>()
    .get(
      '/v1/settings/retention',
      describeRoute({ summary: 'How long events are kept', tags, responses: answers(Retention) }),
      permit('settings.manage'),
      async c => c.json((await retention.state()) satisfies Retention),
    )
    .put(
      '/v1/settings/retention',
      describeRoute({
        summary: 'Keep events for so many days, or for ever',
        description:
          'Once a day, and first an hour after a change, whole bundles of 256 entries of which all happened and were ' +
          'received before lose their content for good, unless a legal hold covers one of them. Their hashes stay, ' +
          'so that every proof still holds, and an event of the log tells of it beforehand.',
        tags,
        responses: answers(Retention),
      }),
      permit('settings.manage'),
      validator('json', RetentionSetting, refuseInvalid),
      async c => c.json((await retention.change(c.req.valid('json'), senderOf(c))) satisfies Retention),
    )
    .post(
      '/v1/settings/retention/runs',
      describeRoute({
        summary: 'Remove now what is older than events are kept',
        description: 'Answers once it is done. Backups made before still hold what was removed.',
        tags,
        responses: answers(RetentionRun),
      }),
      permit('settings.manage'),
      async c => c.json({ entries: await retention.run(senderOf(c)) } satisfies RetentionRun),
    )
    .get(
      '/v1/holds',
      describeRoute({ summary: 'Legal holds in force', tags, responses: answers(LegalHolds) }),
      permit('settings.manage'),
      async c => c.json({ holds: await holds.list() }),
    )
    .post(
      '/v1/holds',
      describeRoute({
        summary: 'Place a legal hold',
        description:
          'What it covers is neither removed by retention nor erased until it is released. Without a scope it covers ' +
          'everything, also what is still to come.',
        tags,
        responses: answers(LegalHold, 201),
      }),
      permit('settings.manage'),
      validator('json', NewLegalHold, refuseInvalid),
      async c => c.json((await holds.place(c.req.valid('json'), senderOf(c))) satisfies LegalHold, 201),
    )
    .delete(
      '/v1/holds/:id',
      describeRoute({ summary: 'Release a legal hold', tags, responses: answersWith(null, 'Released', 204) }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      async c => {
        await holds.release(c.req.valid('param').id, senderOf(c))
        return c.body(null, 204)
      },
    )
}
