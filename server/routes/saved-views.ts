/** One's own saved views. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { SavedViews } from '../../shared/api.ts'
import { answers } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

const tags = ['Views']

export function savedViewRoutes() {
  return new Hono<Environment>()
    .get(
      '/v1/me/views',
      describeRoute({ summary: 'One’s own saved views', tags, responses: answers(SavedViews) }),
      permit('audit_log.read'),
      async c => c.json(await c.get('access').savedViews(c.get('caller'))),
    )
    .put(
      '/v1/me/views',
      describeRoute({
        summary: 'Replace one’s own saved views',
        description:
          'With the revision that was read; where it is another by now, the answer is `conflict` and nothing has changed.',
        tags,
        responses: answers(SavedViews),
      }),
      permit('audit_log.read'),
      validator('json', SavedViews, refuseInvalid),
      async c => c.json(await c.get('access').replaceSavedViews(c.get('caller'), c.req.valid('json'))),
    )
}
