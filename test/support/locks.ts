/** Exclusive locks as the browser's `navigator.locks` gives them, for runtimes that have none. */
export function createTestLocks() {
  const queues = new Map<string, Promise<unknown>>()
  return {
    async request(
      name: string,
      { signal }: { signal: AbortSignal },
      held: () => Promise<void>,
    ): Promise<void> {
      const before = queues.get(name) ?? Promise.resolve()
      let release = () => {}
      const mine = new Promise<void>(resolve => {
        release = resolve
      })
      queues.set(
        name,
        before.then(() => mine),
      )
      try {
        await Promise.race([before, aborted(signal)])
        await held()
      } finally {
        release()
      }
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
