/** Keys that work anywhere in the panel while no field is being typed in. Letters can be switched off (WCAG 2.1.4). */
import { useEffect } from 'preact/hooks'
import type { PanelState } from '../../state/panel-state.ts'
import { usePanel } from '../panel-context.ts'
import { findPanelAction, panelActions } from './actions.ts'

export function useShortcuts(): void {
  const panel = usePanel()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      if (event.ctrlKey || event.metaKey) openPalette(event, panel)
      else if (event.key === 'Escape' ? stepBack(panel) : runLetter(event, panel)) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [panel])
}

/** In fields too: it types nothing. */
function openPalette(event: KeyboardEvent, panel: PanelState): void {
  const palette = findPanelAction('palette')
  if (event.key.toLowerCase() !== 'k' || event.shiftKey || !palette.when(panel)) return
  event.preventDefault()
  palette.run?.(panel)
}

/** Answers whether there was anything to do. */
function runLetter(event: KeyboardEvent, panel: PanelState): boolean {
  if (!panel.settings.settings.peek().shortcuts || isElsewhere(event.target)) return false
  const action = panelActions.find(({ keys }) => keys?.includes(event.key))
  if (!action?.run || event.key.length > 1 || !action.when(panel)) return false
  return action.run(panel) !== false
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
