/** Finds codes by what they stand for: a hash table of numbers alone, a quarter of what a `Map` takes. */
export class CodeTable {
  /** Code + 1 by place; 0 where there is none. */
  #places = new Uint32Array(64)
  #count = 0

  /** The code with that hash for which the test holds; undefined where there is none. */
  find(hash: number, isMeant: (code: number) => boolean): number | undefined {
    const mask = this.#places.length - 1
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const entry = this.#places[place]!
      if (entry === 0) return undefined
      if (isMeant(entry - 1)) return entry - 1
    }
  }

  /** Adds a code that is not there yet. `hashOf` answers the hash of any code added before. */
  add(hash: number, code: number, hashOf: (code: number) => number): void {
    if (++this.#count * 2 > this.#places.length) this.#widen(hashOf)
    this.#put(hash, code)
  }

  #put(hash: number, code: number): void {
    const mask = this.#places.length - 1
    let place = hash & mask
    while (this.#places[place] !== 0) place = (place + 1) & mask
    this.#places[place] = code + 1
  }

  #widen(hashOf: (code: number) => number): void {
    const before = this.#places
    this.#places = new Uint32Array(before.length * 2)
    for (const entry of before) if (entry !== 0) this.#put(hashOf(entry - 1), entry - 1)
  }
}

/** Another one in every process, so that nobody can send texts that all hash alike. */
const factor = (Math.floor(Math.random() * 2 ** 31) * 2 + 0x9e3779b1) | 1

export function hashOfText(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), factor) ^ (hash >>> 15)
  return mixed(hash)
}

export function hashOfNumbers(a: number, b: number, c: number): number {
  return mixed(Math.imul(Math.imul(Math.imul(a, factor) ^ b, factor) ^ c, factor))
}

function mixed(hash: number): number {
  return (hash ^ (hash >>> 16) ^ (hash >>> 9)) >>> 0
}
