/** Waiting that can be cut short. */

/** Milliseconds before attempt `attempt` (from 0): doubling up to half a minute, spread so that panels do not come together. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(30_000, 1000 * 2 ** attempt)
  return full * (0.5 + random() / 2)
}

export interface Pauser {
  /** Resolves after that time, at `wake` or when the signal aborts, whichever is first. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** Ends the pause under way; where none is, the next one. */
  wake(): void
}

export function createPauser(): Pauser {
  let woken = false
  let end: (() => void) | null = null
  return {
    async pause(ms, signal) {
      if (!woken && !signal.aborted) {
        await new Promise<void>(resolve => {
          const timer = Number.isFinite(ms) ? setTimeout(() => end?.(), ms) : undefined
          end = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', onAbort)
            end = null
            resolve()
          }
          const onAbort = () => end?.()
          signal.addEventListener('abort', onAbort)
        })
      }
      woken = false
    },
    wake() {
      if (end) end()
      else woken = true
    },
  }
}
