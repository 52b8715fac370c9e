/** Reading the log is itself an event: the first successful look of each session, by whichever route. */
import type { MiddlewareHandler } from 'hono'
import type { Recorder } from '../log/recorder.ts'
import { type Environment, factsOf } from './environment.ts'

const readingPath = /^\/v1\/(events|facets|histogram|log|stream)\b/

export function noticeViews(recorder: Pick<Recorder, 'viewed'>): MiddlewareHandler<Environment> {
  return async (c, next) => {
    await next()
    if (c.req.method !== 'GET' || !c.res.ok || !readingPath.test(c.req.path)) return
    await recorder.viewed({ caller: c.get('caller'), facts: factsOf(c) })
  }
}
