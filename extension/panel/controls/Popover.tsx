/** A button and the panel below it. Escape, a click elsewhere or leaving with Tab closes it. */
import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

interface PopoverButtonProps {
  /** Accessible name of the button and, unless `title` is given, of the popover. */
  label: string
  title?: string
  class?: string
  button: ComponentChildren
  onOpen?: () => void
  onClose?: () => void
  /** For menus, which bring their own role. */
  popup?: 'dialog' | 'menu'
  children: (close: () => void) => ComponentChildren
}

export function PopoverButton(props: PopoverButtonProps) {
  const { label, title = label, class: extra = 'quiet-button', popup = 'dialog' } = props
  const [isOpen, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const close = (refocus = true) => {
    setOpen(false)
    props.onClose?.()
    if (refocus) anchor.current?.focus()
  }
  const toggle = () => {
    if (isOpen) return close()
    props.onOpen?.()
    setOpen(true)
  }
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={extra}
        aria-label={label}
        aria-haspopup={popup}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {props.button}
      </button>
      {isOpen && (
        <Popover anchor={anchor} title={title} role={popup} onClose={close}>
          {props.children(close)}
        </Popover>
      )}
    </>
  )
}

interface PopoverProps {
  anchor: RefObject<HTMLElement | null>
  title: string
  role: 'dialog' | 'menu'
  onClose: (refocus?: boolean) => void
  children: ComponentChildren
}

export function Popover({ anchor, title, role, onClose, children }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null)
  usePlaceBelow(anchor, box)
  useFocusInside(box)
  useEffect(() => {
    const away = (event: PointerEvent) => {
      const at = event.target as Node
      if (!box.current?.contains(at) && !anchor.current?.contains(at)) onClose(false)
    }
    document.addEventListener('pointerdown', away, true)
    return () => document.removeEventListener('pointerdown', away, true)
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    event.preventDefault()
    onClose()
  }
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    const to = relatedTarget as Node | null
    if (to && !box.current?.contains(to) && !anchor.current?.contains(to)) onClose(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role comes with `role`
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the roles it may have do support a name
    <div
      ref={box}
      class={role === 'menu' ? 'popover menu' : 'popover'}
      role={role}
      aria-label={title}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocusOut={onFocusOut}
    >
      {children}
    </div>
  )
}

const margin = 8
const gap = 4
const leastRoom = 160

function usePlaceBelow(anchor: RefObject<HTMLElement | null>, box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const place = () => {
      const from = anchor.current?.getBoundingClientRect()
      const element = box.current
      if (!from || !element) return
      const widest = window.innerWidth - element.offsetWidth - margin
      element.style.position = 'fixed'
      element.style.left = `${Math.max(margin, Math.min(from.left, widest))}px`
      const below = window.innerHeight - from.bottom - gap - margin
      const above = from.top - gap - margin
      // Above only where there is no room below, as for a row at the end of the list.
      const isAbove = below < Math.min(leastRoom, element.scrollHeight) && above > below
      const room = Math.max(leastRoom, isAbove ? above : below)
      element.style.maxHeight = `${room}px`
      element.style.top = isAbove
        ? `${from.top - gap - Math.min(room, element.offsetHeight)}px`
        : `${from.bottom + gap}px`
    }
    place()
    window.addEventListener('resize', place)
    return () => window.removeEventListener('resize', place)
  }, [])
}

function useFocusInside(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const first = box.current?.querySelector<HTMLElement>(
      '[data-autofocus], input, button, select, [tabindex="0"]',
    )
    ;(first ?? box.current)?.focus({ preventScroll: true })
  }, [])
}
