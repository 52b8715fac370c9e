/** Live: tells an open panel the log's size whenever it grows. What grew, the panel fetches as it always does. */
import { type Context, Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { describeRoute } from 'hono-openapi'
import type { StreamSize } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Access } from '../access/access.ts'
import { answersWith } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'

export interface LogGrowth {
  size(): number
  /** The version of the log's erasures. */
  erasures(): number
  /** Calls back after every commit and erasure; answers how to stop. */
  onGrown(listener: () => void): () => void
}

const pingMs = 15_000
/** Sizes are told at most this often, however fast the log grows. */
const restMs = 250

export type Streams = ReturnType<typeof createStreams>

/** Counts and ends the open streams: a stopping server must not wait for panels to go. */
export function createStreams() {
  const open = new Set<SSEStreamingApi>()
  return {
    count: () => open.size,
    add: (stream: SSEStreamingApi) => open.add(stream),
    remove: (stream: SSEStreamingApi) => open.delete(stream),
    closeAll: () => Promise.all([...open].map(stream => stream.close())),
  }
}

export function streamRoutes(growth: LogGrowth, streams: Streams, access: Pick<Access, 'authenticate'>) {
  return new Hono<Environment>().get(
    '/v1/stream',
    describeRoute({
      summary: 'The size of the log as it grows (server-sent events)',
      tags: ['Log'],
      responses: answersWith(
        'text/event-stream',
        '`size` events with `{"size": n, "erasures": v}`; a comment every 15 s',
      ),
    }),
    permit('audit_log.read'),
    c => {
      const mayRead = createStillMayRead(access, c)
      c.header('cache-control', 'no-store')
      c.header('x-accel-buffering', 'no')
      return streamSSE(c, async stream => {
        streams.add(stream)
        stream.onAbort(() => {
          streams.remove(stream)
        })
        try {
          await follow(stream, growth, mayRead)
        } finally {
          streams.remove(stream)
        }
      })
    },
  )
}

/**
 * Whether the stream's reader is still who it was opened for, with the same access: a stream must not outlive its
 * session, and a reader whose access changed must come back and hear so. Keeps no session awake.
 */
function createStillMayRead(access: Pick<Access, 'authenticate'>, c: Context<Environment>) {
  const { headers } = c.req.raw
  const address = c.get('address')
  const { accessVersion } = c.get('caller')
  return async (): Promise<boolean> => {
    try {
      const caller = await access.authenticate(headers, address, { passive: true })
      return caller.accessVersion === accessVersion
    } catch (error) {
      if (error instanceof ProblemError) return false
      throw error
    }
  }
}

/** Tells sizes as they come, and at least every 15 s that it is alive, having asked whether it may go on. */
async function follow(stream: SSEStreamingApi, growth: LogGrowth, mayRead: () => Promise<boolean>) {
  let wake = () => {}
  const stop = growth.onGrown(() => wake())
  stream.onAbort(() => wake())
  let told: StreamSize | null = null
  let askedAt = Date.now()
  try {
    while (!stream.aborted && !stream.closed) {
      const now = { size: growth.size(), erasures: growth.erasures() }
      if (now.size !== told?.size || now.erasures !== told.erasures) {
        told = now
        await tellSize(stream, now)
        await stream.sleep(restMs)
      } else {
        const grown = new Promise<void>(resolve => {
          wake = resolve
        })
        await Promise.race([grown, stream.sleep(pingMs)])
      }
      if (Date.now() - askedAt < pingMs - restMs) continue
      if (!(await mayRead())) return
      askedAt = Date.now()
      await stream.write(': ping\n\n')
    }
  } finally {
    stop()
  }
}

function tellSize(stream: SSEStreamingApi, now: StreamSize): Promise<void> {
  return stream.writeSSE({ event: 'size', id: String(now.size), data: JSON.stringify(now) })
}
