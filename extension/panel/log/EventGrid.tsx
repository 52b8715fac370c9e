/** The rows: only those in view exist, by fixed heights. One tab stop; arrow keys and j/k move the active row. */
import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Listing } from '../../state/log-model.ts'
import { RowMenu } from '../copy/RowMenu.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { useWindowWidth } from '../use-window-width.ts'
import { DayHeading } from './DayHeading.tsx'
import { EventRow } from './EventRow.tsx'
import { gridId, rowId, useGridCursor } from './grid-cursor.ts'
import { createListGeometry } from './list-geometry.ts'
import { useListScroll } from './use-list-scroll.ts'

const rowHeights = { comfortable: 44, compact: 28 }
const headingHeight = 26
/** From this width on a row is one line in columns. */
const wideList = 560
/** From this width on the detail stands beside the list. The style sheet has the same number. */
export const twoPanes = 640
const wideRowHeight = 32
const spareRows = 6

export function EventGrid({ listing }: { listing: Listing }) {
  const { list, settings, detail } = usePanel()
  const density = settings.settings.value.density
  const { days, total, pages } = listing
  const isWide = useIsWide()
  const rowHeight = isWide ? Math.min(wideRowHeight, rowHeights[density] + 4) : rowHeights[density]
  const geometry = useMemo(
    () => createListGeometry({ days, total, rowHeight, headingHeight }),
    [days, total, rowHeight],
  )
  const scroll = useListScroll(geometry)
  const menuAt = useSignal<number | null>(null)
  const openMenu = (offset: number) => {
    list.active.value = offset
    menuAt.value = offset
  }
  const page = Math.floor(scroll.viewport.height / rowHeight) - 1
  const cursor = useGridCursor(total, scroll.showRow, page, openMenu)
  const menuRow = menuAt.value === null ? undefined : pages.rowAt(menuAt.value)
  pages.version.value

  const { listTop, scrollTop } = scroll.place
  const first = Math.max(0, geometry.rowAt(listTop) - spareRows)
  const last = Math.min(total - 1, geometry.rowAt(listTop + scroll.viewport.height) + spareRows)
  useEffect(() => list.ensure(first, last), [first, last, pages])
  useEffect(() => scroll.toTop(), [listing.view])
  useEffect(
    () => () => {
      list.atRest.value = true
    },
    [],
  )
  useEffect(() => {
    list.atRest.value = listTop === 0 && detail.state.value.name === 'closed' && (cursor.active ?? 0) === 0
  })

  const shift = scrollTop - listTop
  return (
    <>
      <div ref={scroll.box} class={isWide ? 'grid-scroll wide' : 'grid-scroll'} onScroll={scroll.onScroll}>
        <StickyDay listing={listing} geometry={geometry} listTop={listTop} />
        <div
          id={gridId}
          class={`event-grid ${density}`}
          role="grid"
          tabIndex={0}
          aria-label={t('eventsNewestFirst')}
          aria-rowcount={total}
          aria-activedescendant={cursor.active === null ? undefined : rowId(cursor.active)}
          style={{ height: `${scroll.elementHeight}px`, '--row-height': `${rowHeight}px` }}
          onKeyDown={cursor.onKeyDown}
          onFocus={cursor.onFocus}
        >
          {offsetsToDraw(first, last, cursor.active).map(offset => (
            <EventRow
              key={offset}
              offset={offset}
              row={pages.rowAt(offset)}
              top={geometry.topOfRow(offset) + shift}
              isActive={offset === cursor.active}
              onChoose={cursor.choose}
              onMenu={openMenu}
            />
          ))}
          {daysBetween(geometry.dayAt(listTop), geometry.dayAt(listTop + scroll.viewport.height)).map(at => (
            <DayHeading key={days[at]!.day} span={days[at]!} top={geometry.topOfDay(at) + shift} />
          ))}
        </div>
      </div>
      {menuAt.value !== null && menuRow && (
        <RowMenu
          offset={menuAt.value}
          row={menuRow}
          onClose={() => {
            menuAt.value = null
          }}
        />
      )}
    </>
  )
}

/** The active row stays mounted wherever the list is scrolled to: a screen reader stands on it. */
function offsetsToDraw(first: number, last: number, active: number | null): number[] {
  const offsets: number[] = []
  if (active !== null && active < first) offsets.push(active)
  for (let offset = first; offset <= last; offset++) offsets.push(offset)
  if (active !== null && active > last) offsets.push(active)
  return offsets
}

function daysBetween(first: number, last: number): number[] {
  return first < 0 ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

interface StickyDayProps {
  listing: Listing
  geometry: ReturnType<typeof createListGeometry>
  listTop: number
}

/** The day in view, held at the top until the next one pushes it away. */
function StickyDay({ listing: { days }, geometry, listTop }: StickyDayProps) {
  const at = geometry.dayAt(listTop)
  const span = days[at]
  if (!span) return null
  const next = days[at + 1] ? geometry.topOfDay(at + 1) - listTop : Number.POSITIVE_INFINITY
  return (
    <div class="sticky-day">
      <DayHeading span={span} top={Math.min(0, next - headingHeight)} />
    </div>
  )
}

/** Follows the width of the window less an open detail; decided by the style sheet's own break points. */
function useIsWide(): boolean {
  const { detail } = usePanel()
  const width = useWindowWidth()
  const isBesideDetail = width >= twoPanes && detail.state.value.name !== 'closed'
  return width >= wideList && !isBesideDetail
}
