/** The API's own description: OpenAPI 3.1 from the routes' schemas, and a page to read it. */
import { Hono } from 'hono'
import { describeRoute, generateSpecs } from 'hono-openapi'
import * as z from 'zod/mini'
import { Problem } from '../../shared/problem.ts'
import { answersWith } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'
import { type ApiDocument, referencePage } from './reference-page.ts'

export function openApiRoutes(app: Hono<Environment>, serverVersion: string) {
  let document: Promise<ApiDocument> | undefined
  const read = () => {
    document ??= describe(app, serverVersion)
    return document
  }
  return new Hono<Environment>()
    .get(
      '/openapi.json',
      describeRoute({
        summary: 'This description',
        tags: ['Operation'],
        responses: answersWith('application/json', 'OpenAPI 3.1'),
      }),
      permit('open'),
      async c => c.json(await read()),
    )
    .get(
      '/',
      describeRoute({
        summary: 'The API, to read',
        tags: ['Operation'],
        responses: answersWith('text/html', 'A page'),
      }),
      permit('open'),
      async c => c.html(referencePage(await read())),
    )
}

async function describe(app: Hono<Environment>, version: string): Promise<ApiDocument> {
  const document = await generateSpecs(app, {
    // Else a path with a dot would be taken for a file, and left out.
    excludeStaticFile: false,
    documentation: {
      openapi: '3.1.0',
      info: {
        title: 'Trailside',
        version,
        description:
          'Audit events in, a verifiable record kept, filtered pages out. Send an API key or session token as ' +
          '`Authorization: Bearer …`. Errors are `application/problem+json` with a stable `code`.',
      },
      components: {
        schemas: { Problem: z.toJSONSchema(Problem) as never },
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      },
    },
  })
  return document as unknown as ApiDocument
}
