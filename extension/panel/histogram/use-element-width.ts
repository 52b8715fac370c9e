import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

const widthBeforeMeasuring = 336

/** The element to measure, and its width in pixels, followed. */
export function useElementWidth(): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(widthBeforeMeasuring)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const measure = () => {
      if (current.clientWidth > 0) setWidth(current.clientWidth)
    }
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
