/**
 * What other logs ask of this server as their witness (C2SP tlog-witness). Open to all by the protocol's design: a
 * request is worth what the log's signature in it is worth, and nothing else is answered for.
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { describeRoute } from 'hono-openapi'
import { SIZE_CONTENT_TYPE } from '../../shared/log/add-checkpoint.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { PeerWitness } from '../witness/peer-witness.ts'
import { answersWith } from './answers.ts'
import { type Environment, factsOf } from './environment.ts'
import { permit } from './permit.ts'

/** Room for 63 hashes and a note with a hundred signatures. */
const maxBodyBytes = 64 * 1024

/** `witness` is null where this server witnesses nobody: then there is nothing here. */
export function witnessRoutes(witness: PeerWitness | null) {
  return new Hono<Environment>()
    .post(
      '/witness/add-checkpoint',
      describeRoute({
        summary: 'Cosign a checkpoint of a log that this server witnesses',
        description:
          'C2SP tlog-witness. `old <size>`, the consistency proof in lines of base64, an empty line, the signed ' +
          'checkpoint. Answers a cosignature line; 409 tells the size that was cosigned last.',
        tags: ['Witness'],
        requestBody: { required: true, content: { 'text/plain': { schema: { type: 'string' } } } },
        responses: {
          ...answersWith('text/plain', 'A signature line'),
          409: {
            description: 'The old size is not the one cosigned last, which is this',
            content: { [SIZE_CONTENT_TYPE]: { schema: { type: 'string' } } },
          },
        },
      }),
      permit('open'),
      bodyLimit({ maxSize: maxBodyBytes, onError: refuseLargeBody }),
      async c => {
        if (!witness) throw notHere()
        const body = new Uint8Array(await c.req.arrayBuffer())
        const answer = await witness.addCheckpoint(body, factsOf(c))
        if ('cosignature' in answer) return c.text(answer.cosignature)
        return c.body(`${answer.size}\n`, 409, { 'content-type': SIZE_CONTENT_TYPE })
      },
    )
    .get(
      '/witness/:origin{[0-9a-f]{64}}/checkpoint',
      describeRoute({
        summary: 'The checkpoint of a log that this server cosigned last',
        description: 'The log is named by the SHA-256 of its origin, in hex.',
        tags: ['Witness'],
        responses: answersWith('text/plain', 'A signed note'),
      }),
      permit('open'),
      c => {
        const note = witness?.latest(c.req.param('origin'))
        if (!note) throw notHere()
        return c.text(note)
      },
    )
}

function notHere(): ProblemError {
  return new ProblemError('not_found', 'No such log is witnessed here.')
}

function refuseLargeBody(): never {
  throw new ProblemError('too_large', `A request may hold ${maxBodyBytes / 1024} KiB.`)
}
