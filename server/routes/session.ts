/** What people do about themselves: sign in and out, who am I, change the password. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { apiVersion, Me, PasswordChange, Session, SignIn } from '../../shared/api.ts'
import { answers, answersWith } from './answers.ts'
import { type Environment, factsOf, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

const tags = ['Session']

export function sessionRoutes({ serverVersion }: { serverVersion: string }) {
  return new Hono<Environment>()
    .post(
      '/v1/session',
      describeRoute({
        summary: 'Sign in: e-mail and password for a token',
        tags,
        responses: answers(Session),
      }),
      permit('open'),
      validator('json', SignIn, refuseInvalid),
      async c => c.json(await c.get('access').signIn(c.req.valid('json'), factsOf(c))),
    )
    .delete(
      '/v1/session',
      describeRoute({ summary: 'Sign out', tags, responses: answersWith(null, 'Signed out', 204) }),
      permit('signed_in', { beforePasswordChange: true }),
      async c => {
        await c.get('access').signOut(senderOf(c))
        return c.body(null, 204)
      },
    )
    .get(
      '/v1/me',
      describeRoute({ summary: 'Who is asking, and what they may', tags, responses: answers(Me) }),
      permit('signed_in', { beforePasswordChange: true }),
      async c => {
        const me = await c.get('access').me(c.get('caller'))
        return c.json({ ...me, apiVersion, serverVersion } satisfies Me)
      },
    )
    .post(
      '/v1/me/password',
      describeRoute({
        summary: 'Change the password',
        description:
          'Ends all other sessions of the same person. A password that is too weak is refused with what to do.',
        tags,
        responses: answersWith(null, 'Changed', 204),
      }),
      permit('signed_in', { beforePasswordChange: true }),
      validator('json', PasswordChange, refuseInvalid),
      async c => {
        await c.get('access').changePassword(c.req.valid('json'), senderOf(c))
        return c.body(null, 204)
      },
    )
}
