/** Behind the letters of the query bar: a tint under each term that has a key, a wavy line under what is wrong. */
import type { RefObject } from 'preact'
import type { Mistake } from '../../../shared/query/parse.ts'
import type { Term } from '../../../shared/query/read.ts'

interface UnderlayProps {
  text: string
  terms: readonly Term[]
  mistakes: readonly Mistake[]
  box: RefObject<HTMLDivElement | null>
}

export function Underlay({ text, terms, mistakes, box }: UnderlayProps) {
  return (
    <div ref={box} class="query-underlay" aria-hidden="true">
      {piecesOf(text, terms, mistakes).map(({ start, end, isTerm, isWrong }) => (
        <span
          key={start}
          class={[isTerm ? 'term' : '', isWrong ? 'wrong' : ''].join(' ').trim() || undefined}
        >
          {text.slice(start, end)}
        </span>
      ))}
    </div>
  )
}

interface Piece {
  start: number
  end: number
  isTerm: boolean
  isWrong: boolean
}

export function piecesOf(text: string, terms: readonly Term[], mistakes: readonly Mistake[]): Piece[] {
  const keyed = terms.filter(({ key }) => key !== null)
  // What is missing at the end is shown by the last letter.
  const wrong = mistakes.map(({ start, end }) => ({ start: start === end ? start - 1 : start, end }))
  const cuts = [0, text.length, ...[...keyed, ...wrong].flatMap(({ start, end }) => [start, end])]
  const places = [...new Set(cuts)].filter(at => at >= 0 && at <= text.length).sort((a, b) => a - b)
  const holds = (among: readonly { start: number; end: number }[], at: number) =>
    among.some(({ start, end }) => start <= at && at < end)
  return places.slice(0, -1).map((start, at) => ({
    start,
    end: places[at + 1]!,
    isTerm: holds(keyed, start),
    isWrong: holds(wrong, start),
  }))
}
