import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Figure, spreadOf, verdictOf } from './bench.ts'
import { caseNames, loadCase } from './cases.ts'
import { measureInTurns, perSecond, speedRatios } from './measure.ts'
import { formatSummary, formatTable } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailside-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ratio: Figure = { name: 'ours', unit: '×', values: [0.4, 0.6, 0.5], target: { atLeast: 0.5 } }

// Small, and without what must be downloaded or started: only that each case still runs.
test.each(caseNames)('the case %s runs', async name => {
  const { run } = await loadCase(name)
  const figures = await run({
    ...{ size: 40, rounds: 1, chromium: undefined },
    createFolder: () => mkdtempSync(join(folder, 'case-')),
    providePackage: async () => undefined,
  })
  expect(figures.length).toBeGreaterThan(0)
  for (const { values, skipped } of figures) {
    expect(values.every(value => value >= 0)).toBe(true)
    expect(values.length > 0).toBe(skipped === undefined)
  }
})

describe('a figure', () => {
  test('is judged by its median', () => {
    expect(spreadOf(ratio.values)).toEqual({ min: 0.4, median: 0.5, max: 0.6 })
    expect(spreadOf([4, 1, 2, 3])?.median).toBe(2.5)
    expect(verdictOf(ratio)).toBe('met')
    expect(verdictOf({ ...ratio, target: { atLeast: 0.51 } })).toBe('missed')
    expect(verdictOf({ ...ratio, target: { atMost: 0.49 } })).toBe('missed')
    expect(verdictOf({ ...ratio, target: null })).toBe('shown')
  })

  test('without values is skipped, never met', () => {
    expect(spreadOf([])).toBeUndefined()
    expect(verdictOf({ ...ratio, values: [] })).toBe('skipped')
  })

  test('compares speeds round by round', () => {
    expect(speedRatios([10, 20], [20, 20])).toEqual([0.5, 1])
    expect(perSecond(1000, [500])).toEqual([2000])
  })
})

test('contenders take turns, there and back, and the first round does not count', async () => {
  const order: string[] = []
  const contender = (name: string) => async () => order.push(name)
  const measured = await measureInTurns(2, { a: contender('a'), b: contender('b') })
  expect(order.join('')).toBe('abbaab')
  expect(measured).toEqual({ a: [4, 5], b: [3, 6] })
})

test('the table says what was measured, what was asked for and what was not met', () => {
  const figures: Figure[] = [
    ratio,
    { ...ratio, name: 'slow', values: [0.1] },
    { ...ratio, name: 'away', values: [], skipped: 'no network' },
    { name: 'shown', unit: 'rows', values: [12_345.6], target: null },
  ]
  const results = [{ name: 'append', about: 'keeping events', unit: 'events', size: 12_800, figures }]
  expect(formatTable(results)).toBe(
    [
      '                  min  median     max         target',
      '',
      'append: keeping events (12,800 events)',
      '  ours, ×        0.40    0.50    0.60  at least 0.50  met',
      '  slow, ×        0.10    0.10    0.10  at least 0.50  missed',
      '  away, ×           -       -       -  at least 0.50  skipped',
      '  shown, rows  12,346  12,346  12,346',
      '',
    ].join('\n'),
  )
  expect(formatSummary(results)).toBe('Skipped: away: no network\n1 met, 1 missed, 1 skipped')
})
