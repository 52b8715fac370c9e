/** How the models of Administration ask the server: lists as it last gave them, changes with their failure as an answer. */
import { type Signal, signal } from '@preact/signals'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'

/** Null before the first answer; after a failure, what the server said before stays. */
export interface Loaded<T> {
  items: T[] | null
  failure: Failure | null
}

export function createList<T>(): Signal<Loaded<T>> {
  return signal<Loaded<T>>({ items: null, failure: null })
}

/** `onRefused` is told of every failure. */
export function createAsking(onRefused: (failure: Failure) => void) {
  const busy = signal(false)

  /** Answers the failure, or null when it is done. */
  async function ask(work: () => Promise<unknown>): Promise<Failure | null> {
    try {
      await work()
      return null
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      return failure
    }
  }

  return {
    /** A change is under way. */
    busy,
    ask,
    /** As `ask`, and busy meanwhile. */
    async change(work: () => Promise<unknown>): Promise<Failure | null> {
      busy.value = true
      try {
        return await ask(work)
      } finally {
        busy.value = false
      }
    },
    async load<T>(list: Signal<Loaded<T>>, fetch: () => Promise<T[]>): Promise<void> {
      const failure = await ask(async () => {
        list.value = { items: await fetch(), failure: null }
      })
      if (failure) list.value = { items: list.peek().items, failure }
    },
  }
}
