/**
 * The log itself, as C2SP tlog-tiles lays it out, under `/v1/log`; beside it what a reader may see behind the
 * commitments. Full tiles and bundles never change; everything else is not to be stored.
 */
import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { scopeOf } from '../../shared/access.ts'
import { BundleDisclosures, bundleSize, ConsistencyProof, ErasedBundles } from '../../shared/api.ts'
import { parseTilePath, type TilePath } from '../../shared/log/tiles.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { LogReader } from '../log/reader.ts'
import { answers, answersWith } from './answers.ts'
import type { Environment } from './environment.ts'
import { readNumber } from './event-query.ts'
import { permit } from './permit.ts'

const immutable = 'private, max-age=31536000, immutable'

export function logRoutes(reader: LogReader) {
  return new Hono<Environment>()
    .get(
      '/v1/log/checkpoint',
      describeRoute({
        summary: 'The latest signed checkpoint',
        description:
          'With the cosignatures that it has. `?cosigned` asks for the latest that enough witnesses cosigned, which ' +
          'may be a little older; where there is none, 404.',
        tags: ['Log'],
        parameters: [{ name: 'cosigned', in: 'query', required: false, schema: { type: 'string' } }],
        responses: answersWith('text/plain', 'A signed note'),
      }),
      permit('audit_log.read'),
      async c => {
        if (c.req.query('cosigned') === undefined) return c.text(await reader.checkpoint())
        const note = await reader.cosignedCheckpoint()
        if (note === null) throw new ProblemError('not_found', 'No checkpoint has a quorum of witnesses yet.')
        return c.text(note)
      },
    )
    .get(
      '/v1/log/consistency',
      describeRoute({
        summary: 'Proof that a larger log only added to a smaller one',
        tags: ['Log'],
        parameters: ['from', 'to'].map(name => ({
          name,
          in: 'query' as const,
          required: true,
          schema: { type: 'integer' as const, minimum: 1 },
        })),
        responses: answers(ConsistencyProof),
      }),
      permit('audit_log.read'),
      async c => {
        const parameters = new URL(c.req.url).searchParams
        const to = readNumber(parameters, 'to', 1, Number.MAX_SAFE_INTEGER)
        const from = readNumber(parameters, 'from', 1, to ?? 0)
        if (from === undefined || to === undefined)
          throw new ProblemError('malformed', 'from and to are both needed.')
        return c.json({ from, to, proof: await reader.consistency(from, to) })
      },
    )
    .get(
      '/v1/log/tile/:path{.+}',
      describeRoute({
        summary: 'A hash tile or an entry bundle',
        description:
          '`{level}/{number}` or `entries/{number}`, numbers as C2SP tlog-tiles writes them, with `.p/{width}` for a partial one.',
        tags: ['Log'],
        responses: answersWith(
          'application/octet-stream',
          'Hashes of 32 bytes, or entries each led by its length (two bytes)',
        ),
      }),
      permit('audit_log.read'),
      async c => {
        const path = readTilePath(`tile/${c.req.param('path')}`)
        const bytes = await (path.kind === 'entries' ? reader.entryBundle(path) : reader.tile(path))
        if (!bytes) throw new ProblemError('not_found', 'The log has no such tile yet.')
        const cache = path.width === bundleSize ? immutable : 'no-store'
        return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
          'content-type': 'application/octet-stream',
          'cache-control': cache,
        })
      },
    )
    .get(
      '/v1/log/disclosures/:bundle{\\d{1,12}}',
      describeRoute({
        summary: 'What this reader may see behind the commitments of a bundle',
        tags: ['Log'],
        responses: answers(BundleDisclosures),
      }),
      permit('audit_log.read'),
      async c => {
        const found = await reader.disclosures(
          Number(c.req.param('bundle')),
          scopeOf(c.get('caller').permissions),
        )
        if (!found) throw new ProblemError('not_found', 'The log has no such bundle yet.')
        return c.json(found satisfies BundleDisclosures)
      },
    )
    .get(
      '/v1/log/erasures',
      describeRoute({
        summary: 'Bundles that lost disclosures since a version of the log’s erasures',
        description:
          'Whoever keeps disclosures drops those of these bundles, fetches them again and keeps the version.',
        tags: ['Log'],
        parameters: [
          {
            ...{ name: 'since', in: 'query' as const, required: false },
            schema: { type: 'integer' as const, minimum: 0, default: 0 },
          },
        ],
        responses: answers(ErasedBundles),
      }),
      permit('audit_log.read'),
      async c => {
        const parameters = new URL(c.req.url).searchParams
        const since = readNumber(parameters, 'since', 0, Number.MAX_SAFE_INTEGER) ?? 0
        return c.json((await reader.erasures(since)) satisfies ErasedBundles)
      },
    )
    .get(
      '/v1/log/receipts/:index{\\d{1,15}}',
      describeRoute({
        summary: 'An offline receipt (C2SP tlog-proof) for one entry',
        tags: ['Log'],
        responses: answersWith('text/plain', 'A tlog-proof'),
      }),
      permit('audit_log.read'),
      async c => {
        const receipt = await reader.receipt(Number(c.req.param('index')))
        if (receipt === null) throw new ProblemError('not_found', 'The log holds no entry at this place.')
        return c.text(receipt)
      },
    )
}

function readTilePath(path: string): TilePath {
  try {
    return parseTilePath(path)
  } catch {
    throw new ProblemError('not_found', 'This is not the path of a tile.')
  }
}
