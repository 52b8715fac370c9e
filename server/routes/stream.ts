/** Live: tells an open panel the log's size whenever it grows. What grew, the panel fetches as it always does. */
import { Hono } from 'hono'
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
  /** Calls back after every commit; answers how to stop. */
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
      responses: answersWith('text/event-stream', '`size` events with `{"size": n}`; a comment every 15 s'),
    }),
    permit('audit_log.read'),
    c => {
      const headers = c.req.raw.headers
      const address = c.get('address')
      c.header('cache-control', 'no-store')
      c.header('x-accel-buffering', 'no')
      return streamSSE(c, async stream => {
        streams.add(stream)
        stream.onAbort(() => {
          streams.remove(stream)
        })
        try {
          await follow(stream, growth, async () =>
            mayStillRead(await access.authenticate(headers, address, { passive: true })),
          )
        } finally {
          streams.remove(stream)
        }
      })
    },
  )
}

function mayStillRead(caller: { permissions: ReadonlySet<string> }): boolean {
  return caller.permissions.has('audit_log.read')
}

/** Asks again at every ping whether the reader may still read: a stream must not outlive its session. */
async function follow(stream: SSEStreamingApi, growth: LogGrowth, mayRead: () => Promise<boolean>) {
  let wake = () => {}
  const stop = growth.onGrown(() => wake())
  stream.onAbort(() => wake())
  let told = -1
  try {
    while (!stream.aborted && !stream.closed) {
      const size = growth.size()
      if (size !== told) {
        told = size
        await stream.writeSSE({
          event: 'size',
          id: String(size),
          data: JSON.stringify({ size } satisfies StreamSize),
        })
        await stream.sleep(restMs)
        continue
      }
      const grew = await Promise.race([
        new Promise<boolean>(resolve => {
          wake = () => resolve(true)
        }),
        stream.sleep(pingMs).then(() => false),
      ])
      if (grew) continue
      if (!(await mayRead().catch(refusedIsNo))) return
      await stream.write(': ping\n\n')
    }
  } finally {
    stop()
  }
}

function refusedIsNo(error: unknown): boolean {
  if (error instanceof ProblemError) return false
  throw error
}
