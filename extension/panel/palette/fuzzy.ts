/** How well a name fits what was typed: whole beginnings before parts, parts before letters in order. */
import { foldText } from '../../../shared/search-text.ts'

/** Higher fits better; null where it does not fit. Every typed word has to be found, in any order. */
export function fuzzyScore(name: string, typed: string): number | null {
  const text = foldText(name)
  let score = 0
  for (const word of foldText(typed).split(/\s+/).filter(Boolean)) {
    const fit = scoreOfWord(text, word)
    if (fit === null) return null
    score += fit
  }
  // Of two that fit alike the shorter one says less that was not asked for.
  return score - text.length / 1_000
}

function scoreOfWord(text: string, word: string): number | null {
  if (text.startsWith(word)) return 4
  if (text.includes(` ${word}`)) return 3
  if (text.includes(word)) return 2
  return holdsInOrder(text, word) ? 1 : null
}

/** Each letter after the one before, the first at the beginning of a word: `gtd` in "go to day". */
function holdsInOrder(text: string, word: string): boolean {
  const starts = [...text].flatMap((_, at) => (at === 0 || text[at - 1] === ' ' ? [at] : []))
  return starts.some(start => {
    let at = start
    for (const letter of word) {
      const found = at === start ? (text[at] === letter ? at : -1) : text.indexOf(letter, at)
      if (found < 0) return false
      at = found + 1
    }
    return true
  })
}
