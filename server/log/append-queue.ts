/** Events on their way into the log, and who waits for which of them. */
import type { IntakeItem } from '../../shared/api.ts'
import type { IncomingEvent } from './batch.ts'

interface AppendRequest {
  items: IntakeItem[]
  unanswered: number
  resolve(items: IntakeItem[]): void
  reject(error: unknown): void
}

/** One event and its place in the request it came with. */
export interface WaitingEvent {
  event: IncomingEvent
  request: AppendRequest
  position: number
}

export class AppendQueue {
  #waiting: WaitingEvent[] = []

  get length(): number {
    return this.#waiting.length
  }

  /** Answers once every event was answered, in the order given. */
  add(events: readonly IncomingEvent[]): Promise<IntakeItem[]> {
    if (events.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const request = {
        items: new Array<IntakeItem>(events.length),
        unanswered: events.length,
        resolve,
        reject,
      }
      events.forEach((event, position) => {
        this.#waiting.push({ event, request, position })
      })
    })
  }

  /** Takes the first events, oldest first. */
  take(most: number): WaitingEvent[] {
    return this.#waiting.splice(0, most)
  }

  answer(taken: readonly WaitingEvent[], items: readonly IntakeItem[]): void {
    taken.forEach(({ request, position }, i) => {
      request.items[position] = items[i]!
      request.unanswered--
      if (request.unanswered === 0) request.resolve(request.items)
    })
  }

  /** Fails the requests of these events, and drops what still waits of them: the sender will send all of it again. */
  fail(taken: readonly WaitingEvent[], error: unknown): void {
    const failed = new Set(taken.map(({ request }) => request))
    this.#waiting = this.#waiting.filter(({ request }) => !failed.has(request))
    for (const request of failed) request.reject(error)
  }
}
