/** Keeps one source pulled: step after step, waiting between them as long as each says, or until woken. */

export interface SourceLoop {
  /** Something has changed: the next step is now. */
  wake(): void
  /** Resolves when the step under way is over. */
  stop(): Promise<void>
}

const longestSleepMs = 60 * 60_000
const afterBugMs = 60_000

/** @param step answers how many milliseconds until the next. @param onError is told of what no step expects. */
export function runLoop(step: () => Promise<number>, onError: (error: unknown) => void): SourceLoop {
  let isStopped = false
  let wake = () => {}
  const running = (async () => {
    while (!isStopped) {
      const wait = await step().catch(error => {
        if (!isStopped) onError(error)
        return afterBugMs
      })
      if (isStopped) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, Math.min(wait, longestSleepMs)).unref()
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    wake: () => wake(),
    async stop() {
      isStopped = true
      wake()
      await running
    },
  }
}
