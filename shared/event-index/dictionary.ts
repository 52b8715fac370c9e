/** Strings as small integers, in order of first sight. Code 0 stands for null. */
export class Dictionary {
  readonly values: (string | null)[] = [null]
  readonly #codes = new Map<string, number>()

  get size(): number {
    return this.values.length
  }

  /** The code of a value; a new one gets the next. */
  code(value: string | null): number {
    if (value === null) return 0
    const known = this.#codes.get(value)
    if (known !== undefined) return known
    this.#codes.set(value, this.values.length)
    return this.values.push(value) - 1
  }

  /** The code of a value that was seen, else undefined. */
  find(value: string): number | undefined {
    return this.#codes.get(value)
  }
}
