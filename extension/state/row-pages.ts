/** Rows of one view, fetched in pages around what is looked at. */
import { type ReadonlySignal, signal } from '@preact/signals'
import type { Row } from '../../shared/event-index/event-index.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { RowsAnswer, View } from '../worker/protocol.ts'

export const rowsPerPage = 100
/** Pages kept; those farthest from what is looked at go first. */
const mostPages = 60

export interface RowPages {
  /** Counts up whenever rows came in. */
  version: ReadonlySignal<number>
  rowAt(offset: number): Row | undefined
  /** Offset of an event among the rows that are here. */
  offsetOf(index: number): number | undefined
  load(page: number): Promise<RowsAnswer>
  /** @throws {FailureError} */
  ensure(first: number, last: number): Promise<void>
}

export function createRowPages(log: LogClient, view: View): RowPages {
  const pages = new Map<number, Row[]>()
  const underWay = new Map<number, Promise<RowsAnswer>>()
  const version = signal(0)

  function load(page: number): Promise<RowsAnswer> {
    const known = underWay.get(page)
    if (known) return known
    const range = { offset: page * rowsPerPage, limit: rowsPerPage }
    const answer = log.call('rows', view, range).then(rows => {
      pages.set(page, rows.rows)
      forgetFarFrom(page)
      version.value++
      return rows
    })
    underWay.set(page, answer)
    answer.finally(() => underWay.delete(page)).catch(() => {})
    return answer
  }

  function forgetFarFrom(page: number): void {
    while (pages.size > mostPages) {
      const farthest = [...pages.keys()].reduce((a, b) => (Math.abs(b - page) > Math.abs(a - page) ? b : a))
      pages.delete(farthest)
    }
  }

  return {
    version,
    load,
    rowAt: offset => pages.get(Math.floor(offset / rowsPerPage))?.[offset % rowsPerPage],
    offsetOf(index) {
      for (const [page, rows] of pages) {
        const at = rows.findIndex(row => row.index === index)
        if (at >= 0) return page * rowsPerPage + at
      }
      return undefined
    },
    async ensure(first, last) {
      const wanted: Promise<unknown>[] = []
      for (let page = Math.floor(first / rowsPerPage); page <= Math.floor(last / rowsPerPage); page++) {
        if (!pages.has(page)) wanted.push(load(page))
      }
      await Promise.all(wanted)
    },
  }
}
