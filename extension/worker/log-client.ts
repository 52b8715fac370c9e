/** The panel's end of the line to the worker: calls with answers, and news. */
import { FailureError } from '../api/failure.ts'
import type { Failure, WorkerCommands, WorkerNews } from './protocol.ts'

export type CommandName = keyof WorkerCommands
export type NewsName = keyof WorkerNews

/** Panel to worker. */
export interface CallMessage {
  call: number
  name: CommandName
  args: unknown[]
}

/** Worker to panel: an answer, a failure, or news. */
export type WorkerMessage =
  | { answer: number; value: unknown }
  | { answer: number; failure: Failure }
  | { news: NewsName; value: unknown }

/** What a `Worker` and a `MessagePort` have in common. */
export interface Port {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  start?(): void
}

export interface LogClient {
  /** Asks the worker. @throws {FailureError} */
  call<Name extends CommandName>(
    name: Name,
    ...args: Parameters<WorkerCommands[Name]>
  ): Promise<ReturnType<WorkerCommands[Name]>>
  /** Calls back at each piece of news. Returns how to stop. */
  on<Name extends NewsName>(name: Name, listener: (value: WorkerNews[Name]) => void): () => void
  /** Lets go of the port; calls under way end as cancelled. */
  close(): void
}

/**
 *     const log = createLogClient(new Worker(new URL('./index-worker.ts', import.meta.url), { type: 'module' }))
 *     const status = await log.call('open', session)
 */
export function createLogClient(port: Port): LogClient {
  const waiting = new Map<number, PromiseWithResolvers>()
  const listeners = new Map<NewsName, Set<(value: never) => void>>()
  let calls = 0

  const receive = ({ data }: MessageEvent<WorkerMessage>) => {
    if ('news' in data) {
      for (const listener of listeners.get(data.news) ?? []) listener(data.value as never)
      return
    }
    const call = waiting.get(data.answer)
    waiting.delete(data.answer)
    if ('failure' in data) call?.reject(new FailureError(data.failure))
    else call?.resolve(data.value)
  }
  port.addEventListener('message', receive)
  port.start?.()

  return {
    call(name, ...args) {
      calls += 1
      const call = calls
      return new Promise((resolve, reject) => {
        waiting.set(call, { resolve: resolve as (value: unknown) => void, reject })
        port.postMessage({ call, name, args } satisfies CallMessage)
      })
    },
    on(name, listener) {
      const heard = listeners.get(name) ?? new Set()
      listeners.set(name, heard.add(listener as (value: never) => void))
      return () => heard.delete(listener as (value: never) => void)
    },
    close() {
      port.removeEventListener('message', receive)
      for (const { reject } of waiting.values()) {
        reject(new FailureError({ kind: 'cancelled', code: 'closed', detail: 'The panel was closed' }))
      }
      waiting.clear()
    },
  }
}

interface PromiseWithResolvers {
  resolve(value: unknown): void
  reject(error: Error): void
}
