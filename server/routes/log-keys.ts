/** The keys that the log signs with: shown to whoever begins to follow it, and changed by those who may. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { EpochAcceptance, EpochAccepted, KeyRotation, LogKeyHistory } from '../../shared/api.ts'
import { epochAcceptedAction } from '../../shared/log/epoch.ts'
import { ProblemError } from '../../shared/problem.ts'
import { eventBy } from '../access/access-events.ts'
import type { KeyRotator } from '../log/key-rotation.ts'
import type { LogReader } from '../log/reader.ts'
import type { Recorder } from '../log/recorder.ts'
import type { LogWriter } from '../log/writer.ts'
import { answers } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

export interface LogKeyRoutes {
  writer: Pick<LogWriter, 'keys'>
  reader: Pick<LogReader, 'transitions'>
  keyRotator: KeyRotator
  recorder: Pick<Recorder, 'record'>
}

export function logKeyRoutes({ writer, reader, keyRotator, recorder }: LogKeyRoutes) {
  return new Hono<Environment>()
    .get(
      '/v1/log/keys',
      describeRoute({
        summary: 'The log’s origin and verifier keys, and the proof of every change of keys',
        description:
          'The keys are to be pinned at first sight and never taken from here again. Who can, compares them with what ' +
          'those who run the server gave them another way. `transitions` lead from an older key to the one in force.',
        tags: ['Log'],
        responses: answers(LogKeyHistory),
      }),
      permit('audit_log.read'),
      async c => {
        const keys = writer.keys
        // Read after the keys, so that they always lead to them.
        return c.json({ ...keys, transitions: await reader.transitions() } satisfies LogKeyHistory)
      },
    )
    .post(
      '/v1/log/keys',
      describeRoute({
        summary: 'Change the log’s keys',
        description:
          'New keys sign from now on. An event of the log names both, under a checkpoint that both sign, so that ' +
          'whoever follows the log can prove the change. The old private keys are destroyed. Answers once that is done.',
        tags: ['Log'],
        responses: answers(KeyRotation),
      }),
      permit('settings.manage'),
      async c => c.json((await keyRotator.rotate(senderOf(c))) satisfies KeyRotation),
    )
    .post(
      '/v1/log/acceptances',
      describeRoute({
        summary: 'Accept that the log goes on after a restore',
        description:
          'Records who goes on with a log that was restored from a backup, under its new origin and key, and which ' +
          'entries that they had seen it lost.',
        tags: ['Log'],
        responses: answers(EpochAccepted),
      }),
      permit('audit_log.read'),
      validator('json', EpochAcceptance, refuseInvalid),
      async c => {
        const { origin, log, lost } = c.req.valid('json')
        if (origin !== writer.keys.origin || log !== writer.keys.log)
          throw new ProblemError('not_found', 'The log has another origin or key.')
        const metadata = { origin, log, lost }
        const event = eventBy(epochAcceptedAction, senderOf(c), Date.now(), { metadata })
        return c.json({ index: await recorder.record(event) } satisfies EpochAccepted)
      },
    )
}
