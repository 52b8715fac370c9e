/**
 * Which passwords are accepted. No rules of composition: length counts, and what remains of it when everything
 * that is guessed first is taken out: common passwords and words, the person's own name and e-mail, repeats, runs.
 */
import { ProblemError } from '../../shared/problem.ts'

export const shortestPassword = 12
export const longestPassword = 256
/** Characters that must remain, each guessable piece counting as one. */
const leastSurprise = 8

const advice = 'Four or more unrelated words, or what a password manager makes, will do.'

/** @throws {ProblemError} weak_password, saying what to do */
export function refuseWeakPassword(password: string, person: { name: string; email: string }): void {
  const problem = weaknessOf(password, person)
  if (problem) throw new ProblemError('weak_password', `${problem} ${advice}`)
}

/** What is wrong with the password as a sentence, or null. */
export function weaknessOf(password: string, person: { name: string; email: string }): string | null {
  const length = [...password].length
  if (length < shortestPassword) return `The password needs at least ${shortestPassword} characters.`
  if (length > longestPassword) return `The password may have at most ${longestPassword} characters.`
  const folded = fold(password)
  if (surpriseIn(folded, commonWords) < leastSurprise) {
    return 'The password is made of common words, repeats or runs, which are tried first.'
  }
  if (surpriseIn(folded, [...commonWords, ...wordsOf(person)]) < leastSurprise) {
    return 'The password is made of your name or e-mail, which are tried first.'
  }
  return null
}

const lookAlikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  $: 's',
  '@': 'a',
  '!': 'i',
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** How many characters are left when each guessable piece counts as one. */
function surpriseIn(text: string, words: readonly string[]): number {
  const plain = withoutWords(text, words)
  const disguised = withoutWords(
    text.replaceAll(/[013457$@!]/g, character => lookAlikes[character]!),
    words,
  )
  return Math.min(...[plain, disguised].map(left => [...collapse(left)].length))
}

const piece = '\u0001'

function withoutWords(text: string, words: readonly string[]): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((left, word) => left.replaceAll(word, piece), text)
}

/** Repeated units ("abab", "!!!!"), runs ("1234", "fedc") and years become one character each. */
function collapse(text: string): string {
  const withoutYears = text.replaceAll(/(?:19|20)\d\d/g, piece)
  const withoutRuns = collapseRuns(withoutYears)
  return withoutRuns.replaceAll(/(.{1,8}?)\1{1,}/gsu, (_all, unit: string) => unit)
}

function collapseRuns(text: string): string {
  const characters = [...text]
  let result = ''
  for (let at = 0; at < characters.length; ) {
    const end = runEnd(characters, at)
    result += end - at >= 3 ? piece : characters.slice(at, end).join('')
    at = end
  }
  return result
}

/** Where the run of neighbouring characters (one step up or down each) that begins at `at` ends. */
function runEnd(characters: readonly string[], at: number): number {
  const step = (index: number) => characters[index + 1]!.codePointAt(0)! - characters[index]!.codePointAt(0)!
  if (at + 1 >= characters.length || Math.abs(step(at)) !== 1) return at + 1
  const direction = step(at)
  let end = at + 1
  while (end < characters.length && step(end - 1) === direction) end++
  return end
}

function wordsOf(person: { name: string; email: string }): string[] {
  const parts = [person.name, person.email].flatMap(text => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
  return [...new Set(parts.map(fold))].filter(word => word.length >= 3)
}

/** What lists of leaked passwords begin with, as the pieces they are made of. */
const commonWords = [
  ...'password passwort passwd pass word letmein welcome willkommen hello admin administrator root user login'.split(
    ' ',
  ),
  ...'qwertyuiop qwertzuiop qwerty qwertz azerty asdfghjkl asdfgh asdf zxcvbnm yxcvbnm zxcvbn 1q2w3e4r5t 1q2w3e4r'.split(
    ' ',
  ),
  ...'1qaz2wsx qazwsx q1w2e3r4 abc123 iloveyou ilove loveyou love monkey dragon sunshine princess football'.split(
    ' ',
  ),
  ...'baseball basketball superman batman pokemon starwars master shadow michael jordan jennifer charlie'.split(
    ' ',
  ),
  ...'summer winter spring autumn monday friday sunday january december secret changeme change default test'.split(
    ' ',
  ),
  ...'temp guest access server company office internet computer whatever trustno freedom mustang ninja'.split(
    ' ',
  ),
  ...'trailside invicti security auditlog audit netsparker acunetix correcthorsebatterystaple'.split(' '),
]
