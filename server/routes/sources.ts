/** Sources the log is fed from: how they stand for every reader, and their settings for those who manage settings. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import * as z from 'zod/mini'
import { NewSource, Source, SourceChange, SourceStatuses, Sources, SourceTest } from '../../shared/sources.ts'
import type { Feed } from '../feed/feed.ts'
import { answers, answersWith } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

const tags = ['Sources']
const Named = z.object({ id: z.string() })

export function sourceRoutes(feed: Feed) {
  return new Hono<Environment>()
    .route('/', readingRoutes(feed))
    .route('/', changingRoutes(feed))
    .route('/', runningRoutes(feed))
}

function readingRoutes(feed: Feed) {
  return new Hono<Environment>()
    .get(
      '/v1/sources',
      describeRoute({
        summary: 'How each source of the log stands',
        description: 'What is missing is part of what a reader reads: since when, how many, and why.',
        tags,
        responses: answers(SourceStatuses),
      }),
      permit('audit_log.read'),
      async c => c.json({ sources: await feed.status() } satisfies SourceStatuses),
    )
    .get(
      '/v1/sources/settings',
      describeRoute({
        summary: 'All sources with their settings, keys apart',
        tags,
        responses: answers(Sources),
      }),
      permit('settings.manage'),
      async c => c.json({ sources: await feed.list() } satisfies Sources),
    )
}

function changingRoutes(feed: Feed) {
  return new Hono<Environment>()
    .post(
      '/v1/sources',
      describeRoute({
        summary: 'Add a source',
        description: 'The key is kept encrypted and never shown again. The source is asked at once.',
        tags,
        responses: answers(Source, 201),
      }),
      permit('settings.manage'),
      validator('json', NewSource, refuseInvalid),
      async c => c.json(await feed.add(c.req.valid('json'), senderOf(c)), 201),
    )
    .post(
      '/v1/sources/test',
      describeRoute({
        summary: 'Try a source without adding it',
        description: 'Asks the platform once. `trouble` says what is wrong and what to do about it.',
        tags,
        responses: answers(SourceTest),
      }),
      permit('settings.manage'),
      validator('json', NewSource, refuseInvalid),
      async c => c.json(await feed.test(c.req.valid('json'))),
    )
    .patch(
      '/v1/sources/:id',
      describeRoute({
        summary: 'Change a source',
        description: 'Another address, proxy, authority or user id needs the key again.',
        tags,
        responses: answers(Source),
      }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      validator('json', SourceChange, refuseInvalid),
      async c => c.json(await feed.change(c.req.valid('param').id, c.req.valid('json'), senderOf(c))),
    )
    .delete(
      '/v1/sources/:id',
      describeRoute({
        summary: 'Remove a source; its entries stay in the log',
        tags,
        responses: answersWith(null, 'Removed', 204),
      }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      async c => {
        await feed.remove(c.req.valid('param').id, senderOf(c))
        return c.body(null, 204)
      },
    )
}

function runningRoutes(feed: Feed) {
  return new Hono<Environment>()
    .post(
      '/v1/sources/:id/test',
      describeRoute({
        summary: 'Try a source, with changes not yet made',
        tags,
        responses: answers(SourceTest),
      }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      validator('json', SourceChange, refuseInvalid),
      async c => c.json(await feed.testChanged(c.req.valid('param').id, c.req.valid('json'))),
    )
    .post(
      '/v1/sources/:id/pause',
      describeRoute({
        summary: 'Ask a source no more until it is resumed',
        tags,
        responses: answers(Source),
      }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      async c => c.json(await feed.pause(c.req.valid('param').id, senderOf(c))),
    )
    .post(
      '/v1/sources/:id/resume',
      describeRoute({ summary: 'Go on with a paused source', tags, responses: answers(Source) }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      async c => c.json(await feed.resume(c.req.valid('param').id, senderOf(c))),
    )
    .post(
      '/v1/sources/:id/run',
      describeRoute({ summary: 'Ask a source now', tags, responses: answers(Source) }),
      permit('settings.manage'),
      validator('param', Named, refuseInvalid),
      async c => c.json(await feed.runNow(c.req.valid('param').id)),
    )
}
