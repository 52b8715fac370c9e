/** Reading the log is itself an event: the first successful look of each session, by whichever route. */
import type { MiddlewareHandler } from 'hono'
import type { Recorder } from '../log/recorder.ts'
import { type Environment, factsOf } from './environment.ts'

const readingPath = /^\/v1\/(events|facets|histogram|log|stream)\b/

export function noticeViews(recorder: Pick<Recorder, 'viewed'>): MiddlewareHandler<Environment> {
  return async (c, next) => {
    await next()
    // Not by `ok`: asking for that alone turns the light answer of the HTTP server into a heavy one.
    const isAnswered = c.res.status >= 200 && c.res.status < 300
    if (c.req.method !== 'GET' || !isAnswered || !readingPath.test(c.req.path)) return
    await recorder.viewed({ caller: c.get('caller'), facts: factsOf(c) })
  }
}
