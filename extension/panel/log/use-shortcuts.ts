/** Keys that work anywhere in the panel while no field is being typed in. Letters can be switched off (WCAG 2.1.4). */
import { useEffect } from 'preact/hooks'
import type { PanelState } from '../../state/panel-state.ts'
import { usePanel } from '../panel-context.ts'
import { gridId } from './grid-cursor.ts'

export function useShortcuts(): void {
  const panel = usePanel()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const run = event.key === 'Escape' ? () => stepBack(panel) : letterAction(event, panel)
      if (run?.()) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [panel])
}

/** Answers whether there was anything to do. */
type Action = () => boolean

function letterAction(event: KeyboardEvent, panel: PanelState): Action | undefined {
  if (!panel.settings.settings.peek().shortcuts || isElsewhere(event.target)) return undefined
  const { navigation, exporting, detail, settings } = panel
  if (event.key === '?') return done(() => (navigation.helpIsOpen.value = true))
  if (panel.session.state.peek().name !== 'open' || navigation.view.peek() !== 'log') return undefined
  const zone = settings.settings.peek().zone
  const actions: Record<string, Action> = {
    '/': focusOn('search'),
    e: done(exporting.open),
    j: passToGrid('j'),
    k: passToGrid('k'),
    n: done(panel.list.showArrived),
    r: done(() =>
      settings.change({ times: settings.settings.peek().times === 'relative' ? 'absolute' : 'relative' }),
    ),
    u: done(() => settings.change({ zone: zone === 'UTC' ? 'local' : 'UTC' })),
    '[': done(() => void detail.step(-1)),
    ']': done(() => void detail.step(1)),
  }
  return actions[event.key]
}

function done(run: () => unknown): Action {
  return () => {
    run()
    return true
  }
}

function focusOn(id: string): Action {
  return () => {
    const element = document.getElementById(id)
    element?.focus()
    if (element instanceof HTMLInputElement) element.select()
    return element !== null
  }
}

function passToGrid(key: string): Action {
  return () => {
    const grid = document.getElementById(gridId)
    grid?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    grid?.focus()
    return grid !== null
  }
}

/** Escape goes back one level. */
function stepBack({ detail, navigation }: PanelState): boolean {
  if (detail.state.peek().name !== 'closed') {
    detail.close()
    return true
  }
  if (navigation.view.peek() === 'log') return false
  navigation.go('log')
  return true
}

/** In a field, where letters are text, or in a popover, which has its own keys. */
function isElsewhere(target: EventTarget | null): boolean {
  const places = 'input:not([type=checkbox], [type=radio]), textarea, select, [role=dialog], [role=menu]'
  return target instanceof HTMLElement && target.closest(places) !== null
}
