import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until the answer is there; says what was waited for when it never comes. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}, in vain`)
    await sleep(30)
  }
}
