/** The worker's end of the line: answers calls, sends news. Errors cross as data. */
import { failureOf } from '../api/failure.ts'
import type { CallMessage, Port, WorkerMessage } from './log-client.ts'
import type { LogService } from './log-service.ts'
import type { Post } from './status-keeper.ts'

type Anything = (...args: unknown[]) => Promise<unknown>

/** Serves what `create` makes, and answers it, until the port goes away. */
export function serve(port: Port, create: (post: Post) => LogService): LogService {
  const send = (message: WorkerMessage) => port.postMessage(message)
  const service = create((news, value) => send({ news, value }))

  async function answer({ call, name, args }: CallMessage): Promise<void> {
    try {
      const command = service[name] as Anything
      send({ answer: call, value: await command(...args) })
    } catch (error) {
      send({ answer: call, failure: failureOf(error) })
    }
  }

  port.addEventListener('message', ({ data }) => void answer(data as CallMessage))
  port.start?.()
  return service
}
