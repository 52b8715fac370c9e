/**
 * The search text of a block of events. Labels, names, agents and field names repeat from event to event, so
 * each distinct line is kept and searched once, and an event is the list of its lines.
 */
import { type BlockBits, textBlockSize } from './text-source.ts'

interface EventLines {
  lines: Uint32Array | Uint16Array
  /** How many of the lines everybody may see; the personal ones follow. */
  open: number
}

export class TextBlock {
  readonly #events: (EventLines | undefined)[] = new Array(textBlockSize)
  #count = 0
  /** All distinct lines, each ended by a line break; line `i` begins at `starts[i]`. */
  #text = ''
  #starts: ArrayLike<number> = []
  /** Lines that came since `#text` was made. Null once the block is full. */
  #lineNumbers: Map<string, number> | null = new Map()
  #isStale = false

  add(slot: number, openText: string, personalText: string): void {
    const open = openText.split('\n')
    const lines = [...open, ...personalText.split('\n')].map(line => this.#numberOf(line))
    this.#events[slot] = { lines: Uint16Array.from(lines), open: open.length }
    if (lines.some(line => line > 0xffff)) this.#events[slot].lines = Uint32Array.from(lines)
    this.#isStale = true
    if (++this.#count === textBlockSize) this.#seal()
  }

  /** Which events hold the folded phrase; null where none does. */
  find(phrase: string, personal: boolean): BlockBits | null {
    if (this.#isStale) this.#joinLines()
    if (phrase.includes('\n')) return this.#findAcrossLines(phrase, personal)
    const hits = this.#linesHolding(phrase)
    return hits && this.#eventsWith(hits, personal)
  }

  #numberOf(line: string): number {
    const numbers = this.#lineNumbers!
    const known = numbers.get(line)
    if (known !== undefined) return known
    numbers.set(line, numbers.size)
    return numbers.size - 1
  }

  #joinLines(): void {
    const starts = new Uint32Array(this.#lineNumbers!.size + 1)
    let line = 0
    for (const text of this.#lineNumbers!.keys()) {
      starts[line + 1] = starts[line]! + text.length + 1
      line++
    }
    this.#text = `${[...this.#lineNumbers!.keys()].join('\n')}\n`
    this.#starts = starts
    this.#isStale = false
  }

  /** A full block needs its lines only as one text, a third of the memory. */
  #seal(): void {
    this.#joinLines()
    this.#lineNumbers = null
  }

  /** By line 1 where it holds the phrase; null where none does. */
  #linesHolding(phrase: string): Uint8Array | null {
    let hits: Uint8Array | null = null
    let at = this.#text.indexOf(phrase)
    while (at >= 0 && at < this.#text.length) {
      hits ??= new Uint8Array(this.#starts.length - 1)
      const line = this.#lineAt(at)
      hits[line] = 1
      at = this.#text.indexOf(phrase, this.#starts[line + 1]!)
    }
    return hits
  }

  #lineAt(place: number): number {
    let low = 0
    let high = this.#starts.length - 2
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#starts[middle]! <= place) low = middle
      else high = middle - 1
    }
    return low
  }

  #eventsWith(hits: Uint8Array, personal: boolean): BlockBits | null {
    return marked(this.#events, ({ lines, open }) => {
      const end = personal ? lines.length : open
      for (let at = 0; at < end; at++) if (hits[lines[at]!] === 1) return true
      return false
    })
  }

  #findAcrossLines(phrase: string, personal: boolean): BlockBits | null {
    return marked(this.#events, ({ lines, open }) => {
      const seen = personal ? lines : lines.subarray(0, open)
      const text = Array.from(seen, line =>
        this.#text.slice(this.#starts[line]!, this.#starts[line + 1]! - 1),
      )
      return text.join('\n').includes(phrase)
    })
  }
}

function marked(events: (EventLines | undefined)[], holds: (event: EventLines) => boolean): BlockBits | null {
  const bits = new Uint32Array(textBlockSize / 32)
  let any = false
  for (let slot = 0; slot < events.length; slot++) {
    const event = events[slot]
    if (!event || !holds(event)) continue
    bits[slot >>> 5]! |= 1 << (slot & 31)
    any = true
  }
  return any ? bits : null
}
