/** What makes a value unfit for the log, though it is JSON: found before any schema looks at it. */
import { formatPath, maxJsonDepth } from './json-text.ts'

export interface JsonProblem {
  reason: string
  path: string
}

/** The first problem: half surrogate pairs, numbers that lose digits, names that vanish, too much depth or length. */
export function jsonProblem(value: object, maxCharacters: number): JsonProblem | null {
  const walk = new Walk()
  walk.visit(value)
  if (walk.problem) return walk.problem
  // A character takes up to six in JSON; only what may be too long is spelled out to know.
  const isTooLong = walk.characters * 6 > maxCharacters && JSON.stringify(value).length > maxCharacters
  return isTooLong ? { reason: `is longer than ${maxCharacters} characters of JSON`, path: '' } : null
}

class Walk {
  problem: JsonProblem | null = null
  characters = 0
  private readonly path: (string | number)[] = []

  visit(value: unknown): void {
    if (typeof value === 'string') this.visitText(value)
    else if (typeof value === 'number') this.visitNumber(value)
    else if (value !== null && typeof value === 'object') this.visitNested(value)
    else this.characters += 5
  }

  private visitText(value: string): void {
    this.characters += value.length + 3
    if (!isWellFormed(value)) this.fail('holds half a surrogate pair, which is no Unicode text')
  }

  private visitNumber(value: number): void {
    this.characters += 20
    if (!Number.isFinite(value)) this.fail('is not a number that JSON can hold')
    else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.fail('is a number beyond 2^53, which no program reads exactly; write it as a string')
    }
  }

  private visitNested(value: object): void {
    if (this.path.length >= maxJsonDepth) {
      this.fail(`is nested more than ${maxJsonDepth} levels deep`)
      return
    }
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length && !this.problem; i++) this.descend(i, value[i])
      return
    }
    for (const name of Object.keys(value)) {
      if (this.problem) return
      this.visitText(name)
      if (name === '__proto__') this.fail('holds the name __proto__, which cannot be kept')
      else this.descend(name, (value as Record<string, unknown>)[name])
    }
  }

  private descend(step: string | number, value: unknown): void {
    this.path.push(step)
    this.visit(value)
    this.path.pop()
  }

  private fail(reason: string): void {
    this.problem ??= { reason, path: formatPath(this.path) }
  }
}

// ES2024, in every runtime this supports and not yet in the library this compiles with.
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
