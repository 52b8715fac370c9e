/** Seeded chance: the same seed gives the same workspace, on every machine. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number
  /** A whole number from 0 up to but not including `below`. */
  below(below: number): number
  /** A whole number of milliseconds between two spans. */
  between(fromMs: number, toMs: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** A place in a list of that length, the first far more often than the last: 1, 1/2, 1/3, … */
  zipf(length: number): number
  uuid(): string
}

/** The generator is "mulberry32": 32 bits of state, plenty for what only has to look alive. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const bits = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = () => bits() / 0x1_0000_0000
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (fromMs, toMs) => fromMs + below(toMs - fromMs),
    chance: probability => next() < probability,
    pick: items => items[below(items.length)]!,
    zipf: length => Math.min(length - 1, Math.floor((length + 1) ** next()) - 1),
    uuid: () => formatUuid(bits(), bits(), bits(), bits()),
  }
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(bits: number): string {
  return (
    hexBytes[bits >>> 24]! +
    hexBytes[(bits >>> 16) & 255]! +
    hexBytes[(bits >>> 8) & 255]! +
    hexBytes[bits & 255]!
  )
}

/** Version 4, as far as its form goes. */
function formatUuid(a: number, b: number, c: number, d: number): string {
  const middle = hex((b & 0xffff0fff) | 0x4000)
  const end = hex((c & 0x3fffffff) | 0x80000000)
  return `${hex(a)}-${middle.slice(0, 4)}-${middle.slice(4)}-${end.slice(0, 4)}-${end.slice(4)}${hex(d)}`
}
