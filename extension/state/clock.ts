/** The present as signals, so that relative times and "today" move on by themselves. */
import { type ReadonlySignal, signal } from '@preact/signals'

export interface Clock {
  /** Milliseconds since 1970, renewed every few seconds while someone looks. */
  now: ReadonlySignal<number>
  /** The exact present, untracked. */
  read(): number
}

const tickMs = 5_000

/** Returns the clock and the way to stop it. */
export function createClock(read: () => number = Date.now): Clock & { stop(): void } {
  const now = signal(read())
  const timer = setInterval(() => {
    now.value = read()
  }, tickMs)
  return { now, read, stop: () => clearInterval(timer) }
}
