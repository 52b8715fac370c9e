/** The active row and the keys that move it. */
import { useEffect } from 'preact/hooks'
import { usePanel } from '../panel-context.ts'

export const gridId = 'event-grid'
export const rowId = (offset: number): string => `event-row-${offset}`

export interface GridCursor {
  active: number | null
  onKeyDown(event: KeyboardEvent): void
  onFocus(): void
  /** Makes the row active and opens it. */
  choose(offset: number): void
}

export function useGridCursor(
  total: number,
  showRow: (offset: number) => void,
  page: number,
  openMenu: (offset: number) => void,
): GridCursor {
  const { list, detail, settings } = usePanel()
  // A signal, so that keys in quick succession each start from where the last one went.
  const chosen = list.active
  const open = detail.offset.value
  // Next and previous in the detail carry the active row along.
  useEffect(() => {
    if (open === null) return
    chosen.value = open
    showRow(open)
  }, [open])
  useEffect(() => {
    chosen.value = detail.offset.peek()
  }, [list.listing.value?.view])

  const activeAmong = (offset: number | null) =>
    offset === null || total === 0 ? null : Math.min(offset, total - 1)
  const go = (offset: number) => {
    const to = Math.max(0, Math.min(offset, total - 1))
    chosen.value = to
    showRow(to)
  }
  const choose = (offset: number) => {
    chosen.value = offset
    void list.fetchRow(offset).then(row => row && detail.open(row.index, offset))
  }
  return {
    active: activeAmong(chosen.value),
    choose,
    onFocus: () => {
      if (chosen.peek() === null && total > 0) chosen.value = 0
    },
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const letters = settings.settings.value.shortcuts
      const active = activeAmong(chosen.peek())
      const to = targetOf(event.key, letters, active ?? -1, page, total)
      if (to !== null) {
        go(to)
        // While an event is open, moving through the list moves through the events.
        if (detail.state.peek().name !== 'closed') choose(chosen.peek() ?? 0)
      } else if (event.key === 'Enter' && active !== null) choose(active)
      else if (active !== null && isMenuKey(event, letters)) openMenu(active)
      else return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}

function isMenuKey({ key, shiftKey }: KeyboardEvent, letters: boolean): boolean {
  return key === 'ContextMenu' || (key === 'F10' && shiftKey) || (letters && key === '.')
}

function targetOf(key: string, letters: boolean, from: number, page: number, total: number): number | null {
  if (key === 'ArrowDown' || (letters && key === 'j')) return from + 1
  if (key === 'ArrowUp' || (letters && key === 'k')) return from - 1
  if (key === 'PageDown') return from + page
  if (key === 'PageUp') return from - page
  if (key === 'Home') return 0
  if (key === 'End') return total - 1
  return null
}
