/** A panel makes its exports itself; before it hands a file over it says so here, and that becomes an event. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { ExportLogged, ExportRecord } from '../../shared/api.ts'
import type { Recorder } from '../log/recorder.ts'
import { answers } from './answers.ts'
import { type Environment, factsOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

export function exportRoutes(recorder: Pick<Recorder, 'exported'>) {
  return new Hono<Environment>().post(
    '/v1/exports',
    describeRoute({ summary: 'Log an export', tags: ['Exports'], responses: answers(ExportLogged) }),
    permit('audit_log.export'),
    validator('json', ExportRecord, refuseInvalid),
    async c => {
      const index = await recorder.exported(
        { caller: c.get('caller'), facts: factsOf(c) },
        c.req.valid('json'),
      )
      return c.json({ index } satisfies ExportLogged)
    },
  )
}
