/** Server-sent events over fetch: `EventSource` cannot send an Authorization header. */
import { StreamSize } from '../../shared/api.ts'
import { misbehaved, unreachable } from './failure.ts'
import { type Connection, parseAs, request } from './request.ts'

/** A ping comes every 15 s; three missed in a row mean that nobody is there, whatever the socket says. */
const silenceMs = 45_000
const longestEventCharacters = 100_000

/**
 * Yields each `size` event. Returns when the server ends the stream.
 * @throws {FailureError} unreachable when the line breaks or falls silent, refused as any request.
 */
export async function* readStream(connection: Connection, signal: AbortSignal): AsyncGenerator<StreamSize> {
  const stop = new AbortController()
  const call = { path: '/v1/stream', signal: AbortSignal.any([signal, stop.signal]) }
  // Only the head is read under the request's deadline: the body lasts.
  const body = await request(connection, call, async response => response.body)
  if (!body) throw misbehaved('wrong_shape', 'The live stream has no body')
  try {
    for await (const event of parseServerSentEvents(body, signal)) {
      if (event.name === 'size') yield parseAs(StreamSize, event.data, '/v1/stream')
    }
  } finally {
    stop.abort()
  }
}

interface ServerSentEvent {
  name: string
  data: string
}

/** The events of a `text/event-stream` body; comments only prove that the line is alive. */
export async function* parseServerSentEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await readInTime(reader, signal)
      if (done) return
      rest += decoder.decode(value, { stream: true })
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/)
      rest = blocks.pop()!
      if (rest.length > longestEventCharacters) throw misbehaved('wrong_shape', 'An event never ends')
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function readInTime(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    const fail = () => reject(unreachable('interrupted', 'The live connection fell silent'))
    timer = setTimeout(fail, silenceMs)
    signal.addEventListener('abort', fail, { once: true })
  })
  try {
    return await Promise.race([reader.read(), silence])
  } catch (error) {
    throw error instanceof Error && error.name === 'FailureError'
      ? error
      : unreachable('interrupted', 'The live connection broke')
  } finally {
    clearTimeout(timer)
  }
}

function parseEvent(block: string): ServerSentEvent | null {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? []
    if (field === 'event') name = value!
    if (field === 'data') data.push(value!)
  }
  return data.length > 0 ? { name, data: data.join('\n') } : null
}
