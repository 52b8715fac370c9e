/** Choosing buckets: by dragging, by a click on one, or by the arrow keys. */
import { useRef, useState } from 'preact/hooks'

/** Buckets, both included. `from` is where it was begun and may be the later one. */
export interface BrushRange {
  from: number
  to: number
}

interface BrushOptions {
  count: number
  /** The bucket at a place of the screen. */
  bucketAt(clientX: number): number
  /** Names the stretch of time that is drawn: what was chosen among other buckets means nothing now. */
  subject: string
  apply(range: BrushRange): void
  /** `again` is the second click of two: the first one was applied, and is to be taken back too. */
  click(bucket: number, again: boolean): void
  leave(): void
}

/** So many pixels a click may wander. */
const clickSlack = 4

export function useBrush({ count, bucketAt, subject, apply, click, leave }: BrushOptions) {
  const [chosen, setChosen] = useState<{ range: BrushRange; subject: string } | null>(null)
  /** Buckets chosen but not applied. */
  const range = chosen?.subject === subject ? chosen.range : null
  const setRange = (next: BrushRange | null) => setChosen(next && { range: next, subject })
  /** The bucket under the pointer. */
  const [hovered, setHovered] = useState<number | null>(null)
  /** The press under way, or the last one until its click came: events follow each other faster than renders. */
  const press = useRef<{ x: number; isDown: boolean; moved: boolean } | null>(null)
  const forget = () => {
    press.current = null
    setRange(null)
  }

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    const plot = event.currentTarget as HTMLElement
    plot.setPointerCapture?.(event.pointerId)
    press.current = { x: event.clientX, isDown: true, moved: false }
    setRange(null)
  }
  const onPointerMove = (event: PointerEvent) => {
    const at = bucketAt(event.clientX)
    setHovered(at)
    const { current } = press
    if (!current?.isDown) return
    current.moved ||= Math.abs(event.clientX - current.x) > clickSlack
    if (current.moved) setRange({ from: bucketAt(current.x), to: at })
  }
  const onPointerUp = (event: PointerEvent) => {
    const { current } = press
    if (!current?.isDown) return
    current.isDown = false
    setRange(null)
    if (current.moved) apply({ from: bucketAt(current.x), to: bucketAt(event.clientX) })
  }
  const onClick = (event: MouseEvent) => {
    const wasDrag = press.current?.moved
    press.current = null
    // Assistive technology clicks without a place.
    if (!wasDrag && event.detail > 0) click(bucketAt(event.clientX), event.detail > 1)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = targetOf(event.key, range?.to ?? count, count)
    if (to !== null) setRange({ from: event.shiftKey && range ? range.from : to, to })
    else if (event.key === 'Enter' && range) {
      setRange(null)
      apply(range)
    } else if (event.key === 'Escape') {
      const wasPressed = press.current?.isDown
      forget()
      if (!wasPressed) leave()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    range,
    hovered,
    handlers: {
      ...{ onPointerDown, onPointerMove, onPointerUp, onClick, onKeyDown },
      onPointerLeave: () => setHovered(null),
      onPointerCancel: forget,
      onBlur: () => setRange(null),
    },
  }
}

const page = 10

/** Where a key leads; the arrows begin at the newest bucket. */
function targetOf(key: string, from: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    PageDown: from - page,
    PageUp: from + page,
    Home: 0,
    End: count - 1,
  }
  const to = steps[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}

/** In the order of time. */
export function inOrder({ from, to }: BrushRange): BrushRange {
  return from <= to ? { from, to } : { from: to, to: from }
}
