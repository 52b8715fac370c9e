/** Forgetting what the log says of a person. The rules are in `server/log/erasure-plan.ts`. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { Erasure, ErasureRequest } from '../../shared/api.ts'
import type { Eraser } from '../log/erasure.ts'
import { answers } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

export function erasureRoutes(eraser: Pick<Eraser, 'erase'>) {
  return new Hono<Environment>().post(
    '/v1/erasures',
    describeRoute({
      summary: 'Erase what the log says of a person',
      description:
        'Names, e-mail, address, agent and location of their events go for good, and their name where they are a ' +
        'target; with `content` also changes and metadata. Entries, ids and every proof stay, and an event of the ' +
        'log tells of it. Answers once it is done. Backups made before still hold what was erased.',
      tags: ['Log'],
      responses: answers(Erasure),
    }),
    permit('settings.manage'),
    validator('json', ErasureRequest, refuseInvalid),
    async c => c.json((await eraser.erase(c.req.valid('json'), senderOf(c))) satisfies Erasure),
  )
}
