/** What part of the list is in view, and how to bring a row into it. */
import type { RefObject } from 'preact'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ListGeometry } from './list-geometry.ts'
import { createScrollMap, type ScrollPlace } from './scroll-map.ts'

export interface ListScroll {
  box: RefObject<HTMLDivElement | null>
  place: ScrollPlace
  viewport: { width: number; height: number }
  elementHeight: number
  onScroll(): void
  /** Scrolls as little as needed. */
  showRow(offset: number): void
  toTop(): void
}

const sizeBeforeMeasuring = { width: 360, height: 600 }

export function useListScroll(geometry: ListGeometry): ListScroll {
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<ScrollPlace>({ scrollTop: 0, listTop: 0 })
  const [viewport, setViewport] = useState(sizeBeforeMeasuring)
  const map = useMemo(
    () => createScrollMap(geometry.height, viewport.height),
    [geometry.height, viewport.height],
  )
  const now = useRef({ place, map, geometry, viewport })
  now.current = { place, map, geometry, viewport }

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      const { clientWidth, clientHeight } = element
      if (clientHeight > 0) setViewport({ width: clientWidth, height: clientHeight })
    }
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const moveTo = useCallback((listTop: number) => {
    const next = now.current.map.placeOf(listTop)
    now.current.place = next
    if (box.current) box.current.scrollTop = next.scrollTop
    setPlace(next)
  }, [])

  const onScroll = useCallback(() => {
    const scrollTop = box.current?.scrollTop ?? 0
    const { place: before, map: mapNow } = now.current
    // Our own `moveTo` comes back as an event too; rounding by the browser is no movement.
    if (Math.abs(scrollTop - before.scrollTop) < 1) return
    now.current.place = mapNow.follow(before, scrollTop)
    setPlace(now.current.place)
  }, [])

  const showRow = useCallback((offset: number) => {
    const { geometry: list, place: at, viewport: size } = now.current
    const top = list.topOfRow(offset)
    // The day's heading sticks to the top and must not cover the row (WCAG 2.4.11).
    if (top - list.headingHeight < at.listTop) moveTo(top - list.headingHeight)
    else if (top + list.rowHeight > at.listTop + size.height) moveTo(top + list.rowHeight - size.height)
  }, [])

  return {
    box,
    place,
    viewport,
    elementHeight: map.elementHeight,
    onScroll,
    showRow,
    toTop: useCallback(() => moveTo(0), []),
  }
}
