/**
 * The search text of 65,536 entries as it lies on disk, so that a search reads only what it must: each distinct line
 * once, which entries have it apart from it, and ids in the form of a UUID, of which nearly every one occurs once, as
 * their 16 bytes.
 */
import { packArrays, unpackArrays } from '../../shared/event-index/packed-arrays.ts'
import { findUuids, isUuid, mayBeInUuid } from './uuid-search.ts'

export const chapterSize = 65_536

/** Parts of a chapter: lines that everybody may see, personal ones, which entries have them; ids and their entries. */
export const chapterParts = ['open', 'open-slots', 'personal', 'personal-slots', 'ids', 'id-slots'] as const
export type ChapterPart = (typeof chapterParts)[number]
export type Chapter = Record<ChapterPart, Uint8Array>

/** One bit an entry: bit `i % 32` of word `i / 32` stands for the chapter's `i`-th. */
export type ChapterBits = Uint32Array

export class ChapterBuilder {
  readonly #open = new Map<string, number[]>()
  readonly #personal = new Map<string, number[]>()
  readonly #ids: Buffer[] = []
  readonly #idSlots: number[] = []

  add(slot: number, open: string, personal: string): void {
    for (const line of new Set(open.split('\n'))) {
      if (isUuid(line)) {
        this.#ids.push(Buffer.from(line.replaceAll('-', ''), 'hex'))
        this.#idSlots.push(slot)
      } else if (line !== '') addTo(this.#open, line, slot)
    }
    for (const line of new Set(personal.split('\n'))) if (line !== '') addTo(this.#personal, line, slot)
  }

  build(): Chapter {
    const open = packLines(this.#open)
    const personal = packLines(this.#personal)
    return {
      ...{ open: open.lines, 'open-slots': open.slots },
      ...{ personal: personal.lines, 'personal-slots': personal.slots },
      ...{ ids: Buffer.concat(this.#ids), 'id-slots': packArrays([Uint16Array.from(this.#idSlots)]) },
    }
  }
}

function addTo(lines: Map<string, number[]>, line: string, slot: number): void {
  const slots = lines.get(line)
  if (slots) slots.push(slot)
  else lines.set(line, [slot])
}

function packLines(lines: ReadonlyMap<string, readonly number[]>): { lines: Uint8Array; slots: Uint8Array } {
  const starts = new Uint32Array(lines.size + 1)
  for (const [line, slots] of [...lines.values()].entries()) starts[line + 1] = starts[line]! + slots.length
  const all = new Uint16Array(starts[lines.size]!)
  for (const [line, slots] of [...lines.values()].entries()) all.set(slots, starts[line])
  const text = [...lines.keys()].map(line => `${line}\n`).join('')
  return { lines: Buffer.from(text), slots: packArrays([starts, all]) }
}

/** Which entries hold the folded phrase (one line, not empty): with `personal` anywhere, else in what is open. */
export function findInChapter(
  read: (part: ChapterPart) => Uint8Array,
  phrase: string,
  personal: boolean,
): ChapterBits | null {
  const found = new FoundSlots()
  findInLines(read, 'open', phrase, found)
  if (personal) findInLines(read, 'personal', phrase, found)
  if (mayBeInUuid(phrase)) {
    const ids = findUuids(bufferOver(read('ids')), phrase)
    if (ids.length > 0) {
      const [slots] = unpackArrays(read('id-slots'))
      for (const id of ids) found.add(slots![id]!)
    }
  }
  return found.bits
}

class FoundSlots {
  bits: ChapterBits | null = null

  add(slot: number): void {
    this.bits ??= new Uint32Array(chapterSize / 32)
    this.bits[slot >>> 5]! |= 1 << (slot & 31)
  }
}

function findInLines(
  read: (part: ChapterPart) => Uint8Array,
  part: 'open' | 'personal',
  phrase: string,
  found: FoundSlots,
): void {
  const text = bufferOver(read(part))
  const sought = Buffer.from(phrase)
  let at = text.indexOf(sought)
  if (at < 0) return
  const [starts, slots] = unpackArrays(read(`${part}-slots`))
  let line = 0
  let end = text.indexOf(10)
  while (at >= 0) {
    while (end < at) {
      end = text.indexOf(10, end + 1)
      line++
    }
    for (let i = starts![line]!; i < starts![line + 1]!; i++) found.add(slots![i]!)
    at = text.indexOf(sought, end + 1)
  }
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
