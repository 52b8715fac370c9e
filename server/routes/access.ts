/** Users, roles and API keys: for those who manage access. The rules are in `server/access/granting.ts`. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import * as z from 'zod/mini'
import { Role } from '../../shared/access.ts'
import {
  ApiKeys,
  CreatedApiKey,
  CreatedUser,
  NewApiKey,
  NewUser,
  RoleInput,
  Roles,
  User,
  UserChange,
  Users,
} from '../../shared/api.ts'
import { answers, answersWith } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'
import { sessionRoutes } from './session.ts'

const tags = ['Access']
const Named = z.object({ id: z.string() })

/** Every route about accounts, one's own included. */
export function accessRoutes(server: { serverVersion: string }) {
  return new Hono<Environment>()
    .route('/', sessionRoutes(server))
    .route('/', userRoutes())
    .route('/', roleRoutes())
    .route('/', keyRoutes())
}

function userRoutes() {
  return new Hono<Environment>()
    .get(
      '/v1/users',
      describeRoute({ summary: 'All users', tags, responses: answers(Users) }),
      permit('access.manage'),
      async c => c.json({ users: await c.get('access').users() }),
    )
    .post(
      '/v1/users',
      describeRoute({
        summary: 'Add a user',
        description:
          'Without a password a one-time one is made, answered this once, to be replaced at first sign-in.',
        tags,
        responses: answers(CreatedUser, 201),
      }),
      permit('access.manage'),
      validator('json', NewUser, refuseInvalid),
      async c => c.json(await c.get('access').createUser(c.req.valid('json'), senderOf(c)), 201),
    )
    .patch(
      '/v1/users/:id',
      describeRoute({ summary: 'Rename, give roles, disable or enable', tags, responses: answers(User) }),
      permit('access.manage'),
      validator('param', Named, refuseInvalid),
      validator('json', UserChange, refuseInvalid),
      async c =>
        c.json(await c.get('access').changeUser(c.req.valid('param').id, c.req.valid('json'), senderOf(c))),
    )
    .post(
      '/v1/users/:id/password',
      describeRoute({
        summary: 'A new one-time password for someone who forgot theirs',
        tags,
        responses: answers(CreatedUser),
      }),
      permit('access.manage'),
      validator('param', Named, refuseInvalid),
      async c => c.json(await c.get('access').resetPassword(c.req.valid('param').id, senderOf(c))),
    )
}

function roleRoutes() {
  return new Hono<Environment>()
    .get(
      '/v1/roles',
      describeRoute({ summary: 'All roles', tags, responses: answers(Roles) }),
      permit('access.manage'),
      async c => c.json({ roles: await c.get('access').roles() }),
    )
    .post(
      '/v1/roles',
      describeRoute({ summary: 'Add a role', tags, responses: answers(Role, 201) }),
      permit('access.manage'),
      validator('json', RoleInput, refuseInvalid),
      async c => c.json(await c.get('access').createRole(c.req.valid('json'), senderOf(c)), 201),
    )
    .put(
      '/v1/roles/:id',
      describeRoute({ summary: 'Change a custom role', tags, responses: answers(Role) }),
      permit('access.manage'),
      validator('param', Named, refuseInvalid),
      validator('json', RoleInput, refuseInvalid),
      async c =>
        c.json(await c.get('access').updateRole(c.req.valid('param').id, c.req.valid('json'), senderOf(c))),
    )
    .delete(
      '/v1/roles/:id',
      describeRoute({
        summary: 'Delete a custom role',
        tags,
        responses: answersWith(null, 'Deleted', 204),
      }),
      permit('access.manage'),
      validator('param', Named, refuseInvalid),
      async c => {
        await c.get('access').deleteRole(c.req.valid('param').id, senderOf(c))
        return c.body(null, 204)
      },
    )
}

function keyRoutes() {
  return new Hono<Environment>()
    .get(
      '/v1/keys',
      describeRoute({ summary: 'All API keys in force', tags, responses: answers(ApiKeys) }),
      permit('access.manage'),
      async c => c.json({ keys: await c.get('access').keys() }),
    )
    .post(
      '/v1/keys',
      describeRoute({
        summary: 'Make an API key',
        description:
          'With the permissions of a role, as they are at any time, or with its own. Shown this once.',
        tags,
        responses: answers(CreatedApiKey, 201),
      }),
      permit('access.manage'),
      validator('json', NewApiKey, refuseInvalid),
      async c => c.json(await c.get('access').createKey(c.req.valid('json'), senderOf(c)), 201),
    )
    .delete(
      '/v1/keys/:id',
      describeRoute({ summary: 'Revoke an API key', tags, responses: answersWith(null, 'Revoked', 204) }),
      permit('access.manage'),
      validator('param', Named, refuseInvalid),
      async c => {
        await c.get('access').revokeKey(c.req.valid('param').id, senderOf(c))
        return c.body(null, 204)
      },
    )
}
