/**
 * An index as it can be kept and taken up again: its segments and the vocabulary their numbers speak of. The text is
 * not in it; whoever keeps an image keeps that too.
 */
import type { EventRows } from './event-rows.ts'
import type { Segment } from './segment.ts'

/** Texts by place; places beyond what was there when the image was taken are not part of it. */
export interface TextColumn {
  size: number
  /** Null where it is not to be kept. */
  at(place: number): string | null
}

export interface VocabularyColumns {
  texts: Record<string, TextColumn>
  numbers: Record<string, Uint32Array<ArrayBuffer>>
}

/** Segments are never changed; the columns only grow, so there is time to write them down. */
export interface IndexImage {
  segments: readonly Segment[]
  vocabulary: VocabularyColumns
}

/** What an index is taken up from. */
export interface KeptIndex {
  segments: readonly EventRows[]
  texts: Record<string, readonly (string | null)[]>
  numbers: Record<string, Uint32Array<ArrayBuffer>>
}

export function listColumn(texts: readonly string[]): TextColumn {
  return { size: texts.length, at: place => texts[place]! }
}

/** The named column. @throws {RangeError} where the image lacks it */
export function columnOf<Column>(columns: Record<string, Column>, name: string): Column {
  const column = columns[name]
  if (column === undefined) throw new RangeError(`the image has no ${name}`)
  return column
}
