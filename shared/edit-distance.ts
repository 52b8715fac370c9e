/** How far apart two words are, to guess what was meant by a slip. */

/** Insertions, deletions, replacements and swaps of neighbours, each counted once, that make one word the other. */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const steps = [row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (isSame ? 0 : 1)]
      row.push(Math.min(...steps, ...(isSwap ? [beforeLast[j - 2]! + 1] : [])))
    }
    beforeLast = last
    last = row
  }
  return last[other.length]!
}

/** Words longer than this are compared with none: whatever they are, they are no slip of the hand. */
const longest = 64

/** The choice that the word is most likely a slip for, the first of several; null where none is near. Case does not count. */
export function nearest(word: string, choices: Iterable<string>): string | null {
  const typed = word.toLowerCase()
  if (typed.length === 0 || typed.length > longest) return null
  let best: { choice: string; distance: number } | null = null
  for (const choice of choices) {
    // Half of the word may be wrong, and of its length alone the rest is known.
    const most = Math.min(Math.floor(typed.length / 2), best ? best.distance - 1 : 3)
    if (choice.length > longest || Math.abs(choice.length - typed.length) > most) continue
    const distance = editDistance(typed, choice.toLowerCase())
    if (distance <= most) best = { choice, distance }
  }
  return best?.choice ?? null
}
