/** Lets the first of many equal things through, and the next one a minute later. */

const minuteMs = 60_000
const longestMemory = 10_000

export class OncePerMinute {
  #last = new Map<string, number>()

  isFirst(what: string, now: number): boolean {
    const last = this.#last.get(what)
    if (last !== undefined && now - last < minuteMs) return false
    if (this.#last.size >= longestMemory) this.#last = new Map()
    this.#last.set(what, now)
    return true
  }
}
