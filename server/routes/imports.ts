/** Export files of the platform in, as they are: for what no source can be asked for any more. */
import { Hono } from 'hono'
import { describeRoute, validator } from 'hono-openapi'
import { ImportReport, ImportRequest } from '../../shared/imports.ts'
import { ProblemError } from '../../shared/problem.ts'
import { eventBy } from '../access/access-events.ts'
import type { Normalise } from '../intake/normalise.ts'
import { importUpload, type UploadParts } from '../intake/upload.ts'
import type { LiveIndex } from '../log/live-index.ts'
import type { LogReader } from '../log/reader.ts'
import type { Recorder } from '../log/recorder.ts'
import type { LogWriter } from '../log/writer.ts'
import { answers } from './answers.ts'
import { type Environment, senderOf } from './environment.ts'
import { permit } from './permit.ts'
import { refuseInvalid } from './problems.ts'

export interface ImportParts {
  writer: Pick<LogWriter, 'append'>
  reader: Pick<LogReader, 'placesOf' | 'events'>
  live: Pick<LiveIndex, 'index' | 'isReady'>
  recorder: Pick<Recorder, 'record'>
  normalise: Normalise
}

/** More events of one action in one second than this are not told apart. */
const mostInSecond = 200

export function importRoutes({ writer, reader, live, recorder, normalise }: ImportParts) {
  const parts: UploadParts = {
    normalise,
    append: events => writer.append(events),
    placesOf: names => reader.placesOf(names),
    async find(action, second) {
      const to = new Date(Date.parse(second) + 1000).toISOString()
      const filter = { action: { include: [action], exclude: [] }, from: second, to }
      // Recognising is the server's own doing: what it compares leaves it for nobody.
      const everything = { personal: true }
      const { indexes } = live.index.page(filter, everything, { limit: mostInSecond })
      return reader.events(indexes, everything)
    },
  }
  return new Hono<Environment>().post(
    '/v1/imports',
    describeRoute({
      summary: 'Take export files of the platform in',
      description:
        'CSV or JSON of Invicti Platform or Enterprise. What the log holds comes no second time: by id, and rows without ' +
        'an id by time (to the second), action and user. With `dryRun` nothing is kept.',
      tags: ['Events'],
      responses: answers(ImportReport),
    }),
    permit('audit_log.write'),
    validator('json', ImportRequest, refuseInvalid),
    async c => {
      // Else entries of the log would not be recognised, and come twice.
      if (!live.isReady)
        throw new ProblemError('unavailable', 'The event index is still being built.', { retryAfter: 1 })
      const { files, dryRun } = c.req.valid('json')
      const uploaded = files.map(({ name, content }) => ({
        name,
        bytes: new Uint8Array(Buffer.from(content, 'base64')),
      }))
      const report = await importUpload(uploaded, dryRun, parts)
      if (!dryRun) {
        const { formats: _, rejects: __, ...counts } = report
        const metadata = { files: files.map(({ name }) => name), ...counts }
        await recorder.record(eventBy('auditlog.imported', senderOf(c), Date.now(), { metadata }))
      }
      return c.json(report satisfies ImportReport)
    },
  )
}
