/** The table at the end of `npm run bench`. */
import { type Figure, spreadOf, type Target, verdictOf } from './bench.ts'

export interface CaseResult {
  name: string
  about: string
  unit: string
  size: number
  figures: Figure[]
}

const headings = ['', 'min', 'median', 'max', 'target', '']

/** One block a case, columns aligned over all of them. */
export function formatTable(results: readonly CaseResult[]): string {
  const rows = results.map(result => result.figures.map(cells))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.flat().map(row => row[column]!.length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) =>
        i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
      )
      .join('  ')
      .trimEnd()
  const blocks = results.map(({ name, about, unit, size }, i) =>
    [`${name}: ${about} (${formatNumber(size)} ${unit})`, ...rows[i]!.map(line)].join('\n'),
  )
  return `${[line(headings), ...blocks].join('\n\n')}\n`
}

/** `3 met, 1 missed, 1 skipped`, and the reasons of those that were skipped. */
export function formatSummary(results: readonly CaseResult[]): string {
  const figures = results.flatMap(result => result.figures)
  const count = (verdict: string) => figures.filter(figure => verdictOf(figure) === verdict).length
  const reasons = figures.flatMap(({ name, skipped }) =>
    skipped ? [`Skipped: ${name.trim()}: ${skipped}`] : [],
  )
  return [...reasons, `${count('met')} met, ${count('missed')} missed, ${count('skipped')} skipped`].join(
    '\n',
  )
}

function cells(figure: Figure): string[] {
  const spread = spreadOf(figure.values)
  const number = (value: number | undefined) => (value === undefined ? '-' : formatNumber(value))
  return [
    `  ${figure.name}, ${figure.unit}`,
    ...[spread?.min, spread?.median, spread?.max].map(number),
    figure.target ? formatTarget(figure.target) : '',
    verdictOf(figure) === 'shown' ? '' : verdictOf(figure),
  ]
}

function formatTarget(target: Target): string {
  return 'atLeast' in target
    ? `at least ${formatNumber(target.atLeast)}`
    : `at most ${formatNumber(target.atMost)}`
}

/** Three digits that matter, and no more. */
function formatNumber(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
