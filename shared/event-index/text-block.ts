/**
 * The search text of a block of events. Labels, names, agents and field names repeat from event to event, so
 * each distinct line is kept and searched once, and an event is the list of its lines.
 */
import { type BlockBits, textBlockSize } from './text-source.ts'

/** A block ready to be searched, as few objects as can be. */
interface Packed {
  /** All distinct lines, each ended by a line break; line `i` begins at `lineStarts[i]`. */
  text: string
  lineStarts: Uint32Array
  /** The lines of the event in slot `i` are `lines[starts[i]]` up to `lines[starts[i + 1]]`. */
  lines: Uint16Array | Uint32Array
  starts: Uint32Array
  /** Where an event's lines that everybody may see end; the personal ones follow. */
  openEnds: Uint32Array
}

interface EventLines {
  lines: number[]
  open: number
}

export class TextBlock {
  /** While the block is not full: its events and the numbers of its lines. */
  #growing: { events: (EventLines | undefined)[]; numbers: Map<string, number>; count: number } | null = {
    events: new Array(textBlockSize),
    numbers: new Map(),
    count: 0,
  }
  /** Null while events came that are not in it. */
  #packed: Packed | null = null

  add(slot: number, openText: string, personalText: string): void {
    const growing = this.#growing!
    const open = openText.split('\n')
    const lines = [...open, ...personalText.split('\n')].map(line => numberOf(line, growing.numbers))
    growing.events[slot] = { lines, open: open.length }
    this.#packed = null
    if (++growing.count < textBlockSize) return
    this.#packed = pack(growing.events, growing.numbers)
    this.#growing = null
  }

  /** Other texts for events that are held, by slot. Lines that no event has any more are forgotten. */
  replace(texts: ReadonlyMap<number, { open: string; personal: string }>): void {
    const before = [...this.texts()]
    this.#growing = { events: new Array(textBlockSize), numbers: new Map(), count: 0 }
    this.#packed = null
    for (const text of before) {
      const { open, personal } = texts.get(text.slot) ?? text
      this.add(text.slot, open, personal)
    }
  }

  /** What was added, in the order of slots. */
  *texts(): Generator<{ slot: number; open: string; personal: string }> {
    const packed = this.#allPacked()
    for (let slot = 0; slot < textBlockSize; slot++) {
      const text = textAt(packed, slot)
      if (text) yield { slot, ...text }
    }
  }

  #allPacked(): Packed {
    this.#packed ??= pack(this.#growing!.events, this.#growing!.numbers)
    return this.#packed
  }

  /** Which events hold the folded phrase; null where none does. */
  find(phrase: string, personal: boolean): BlockBits | null {
    const packed = this.#allPacked()
    const hits = linesHolding(packed, phrase)
    return hits && eventsWith(packed, hits, personal)
  }
}

function numberOf(line: string, numbers: Map<string, number>): number {
  const known = numbers.get(line)
  if (known !== undefined) return known
  numbers.set(line, numbers.size)
  return numbers.size - 1
}

function pack(events: (EventLines | undefined)[], numbers: Map<string, number>): Packed {
  const distinct = [...numbers.keys()]
  const lineStarts = new Uint32Array(distinct.length + 1)
  for (const [line, text] of distinct.entries()) lineStarts[line + 1] = lineStarts[line]! + text.length + 1
  const starts = new Uint32Array(textBlockSize + 1)
  const openEnds = new Uint32Array(textBlockSize)
  const all: number[] = []
  for (let slot = 0; slot < textBlockSize; slot++) {
    const event = events[slot]
    openEnds[slot] = all.length + (event?.open ?? 0)
    for (const line of event?.lines ?? []) all.push(line)
    starts[slot + 1] = all.length
  }
  const lines = distinct.length > 0xffff ? Uint32Array.from(all) : Uint16Array.from(all)
  const text = distinct.map(line => `${line}\n`).join('')
  return { text, lineStarts, lines, starts, openEnds }
}

/** What was added for an event; null where none was. */
function textAt({ text, lineStarts, lines, starts, openEnds }: Packed, slot: number) {
  if (starts[slot] === starts[slot + 1]) return null
  const read = (from: number, to: number) =>
    Array.from(lines.subarray(from, to), line =>
      text.slice(lineStarts[line]!, lineStarts[line + 1]! - 1),
    ).join('\n')
  return {
    open: read(starts[slot]!, openEnds[slot]!),
    personal: read(openEnds[slot]!, starts[slot + 1]!),
  }
}

/** By line 1 where it holds the phrase; null where none does. */
function linesHolding({ text, lineStarts }: Packed, phrase: string): Uint8Array | null {
  let hits: Uint8Array | null = null
  let at = text.indexOf(phrase)
  while (at >= 0 && at < text.length) {
    hits ??= new Uint8Array(lineStarts.length - 1)
    const line = lineAt(lineStarts, at)
    hits[line] = 1
    at = text.indexOf(phrase, lineStarts[line + 1]!)
  }
  return hits
}

function lineAt(lineStarts: Uint32Array, place: number): number {
  let low = 0
  let high = lineStarts.length - 2
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (lineStarts[middle]! <= place) low = middle
    else high = middle - 1
  }
  return low
}

function eventsWith(packed: Packed, hits: Uint8Array, personal: boolean): BlockBits | null {
  const { lines } = packed
  return marked(packed, personal, (from, to) => {
    for (let at = from; at < to; at++) if (hits[lines[at]!] === 1) return true
    return false
  })
}

/** The events for whose lines the test holds; one that is not held has no lines. */
function marked(
  { starts, openEnds }: Packed,
  personal: boolean,
  holds: (from: number, to: number) => boolean,
): BlockBits | null {
  const bits = new Uint32Array(textBlockSize / 32)
  let any = false
  for (let slot = 0; slot < textBlockSize; slot++) {
    const from = starts[slot]!
    const end = starts[slot + 1]!
    if (from === end || !holds(from, personal ? end : openEnds[slot]!)) continue
    bits[slot >>> 5]! |= 1 << (slot & 31)
    any = true
  }
  return any ? bits : null
}
