/** What a case of `npm run bench` is, and what it finds. One file in `cases` a subject: dropping it there is enough. */

export interface BenchCase {
  /** What is measured, in a line. */
  about: string
  /** What `size` counts. */
  unit: string
  /** How much of it, unless asked otherwise. */
  size: number
  run(bench: Bench): Promise<Figure[]>
}

/** What a case is given. */
export interface Bench {
  size: number
  /** How often each contender is measured. */
  rounds: number
  /** A new folder on disk, gone when the case has ended. */
  createFolder(): string
  /** The folder of a package that only a case needs; undefined where it cannot be had. */
  providePackage(name: string, version: string): Promise<string | undefined>
  /** The path of a Chromium, or undefined. */
  chromium: string | undefined
}

/** One line of the table. */
export interface Figure {
  name: string
  /** What one value counts: `×` for ratios to a baseline of the same run. */
  unit: string
  /** One for each round; none where it was skipped. */
  values: number[]
  /** Null for what is shown and asked for by nobody. */
  target: Target | null
  /** Why there are no values. */
  skipped?: string
}

export type Target = { atLeast: number } | { atMost: number }

export interface Spread {
  min: number
  median: number
  max: number
}

/** Undefined of no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return undefined
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
  return { min: sorted[0]!, median, max: sorted.at(-1)! }
}

/** The median decides: a noisy machine spoils single rounds. */
export function verdictOf({ values, target }: Figure): 'met' | 'missed' | 'skipped' | 'shown' {
  const spread = spreadOf(values)
  if (!spread) return 'skipped'
  if (!target) return 'shown'
  const isMet = 'atLeast' in target ? spread.median >= target.atLeast : spread.median <= target.atMost
  return isMet ? 'met' : 'missed'
}
