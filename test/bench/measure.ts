/**
 * CPU time of this process with all its threads, which a busy machine stretches less than the clock on the wall. What
 * is compared is measured in turns, so that heat, noise and a growing heap fall on both sides.
 */

/** CPU milliseconds that the work takes; what lies around from before is collected first. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  globalThis.gc?.()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Measures once, and answers CPU milliseconds. Sets up and tidies away outside what it measures. */
export type Contender = () => Promise<number>

/** The CPU milliseconds of each contender, round by round. A first round, which warms up, does not count. */
export async function measureInTurns<Name extends string>(
  rounds: number,
  contenders: Record<Name, Contender>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[]
  const measured = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round <= rounds; round++) {
    // There and back, so that nobody always follows the same one.
    for (const name of round % 2 ? names.toReversed() : names) {
      const ms = await contenders[name]()
      if (round > 0) measured[name].push(ms)
    }
  }
  return measured
}

/** Round by round, how many times as fast as the baseline: 0.5 takes twice its time. */
export function speedRatios(baseline: readonly number[], ours: readonly number[]): number[] {
  return baseline.map((ms, round) => ms / ours[round]!)
}

/** How many are done in a second of CPU time, round by round. */
export function perSecond(count: number, ms: readonly number[]): number[] {
  return ms.map(each => (count / each) * 1000)
}
