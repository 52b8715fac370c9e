/** The keys of the query bar: arrows choose among suggestions, Tab and Enter take one, Escape goes back a step. */
import type { Signal } from '@preact/signals'
import { parseViewLink } from '../../../shared/view-link.ts'
import type { Suggestion } from '../../state/query-suggestions.ts'
import { gridId } from '../log/grid-cursor.ts'
import { openLink } from '../palette/open-link.ts'
import { usePanel } from '../panel-context.ts'

interface QueryKeys {
  isOpen: Signal<boolean>
  active: Signal<number | null>
  /** There are suggestions to be seen. */
  isShown: boolean
  accept(suggestion: Suggestion): void
}

export function useQueryKeys({ isOpen, active, isShown, accept }: QueryKeys) {
  const panel = usePanel()
  const { query } = panel

  function move(by: 1 | -1): void {
    const count = query.suggestions.peek().length
    const at = active.peek()
    // Before the first and after the last comes the text itself.
    const to = at === null ? (by === 1 ? 0 : count - 1) : at + by
    active.value = to < 0 || to >= count ? null : to
  }

  function enter(): void {
    const chosen = active.peek() === null ? undefined : query.suggestions.peek()[active.peek()!]
    const text = query.text.peek()
    if (parseViewLink(text)) {
      query.dismiss()
      openLink(text, panel)
    } else if (isShown && chosen) accept(chosen)
    else if (query.commit()) isOpen.value = false
  }

  /** Answers whether there was anything to go back from. */
  function stepBack(): boolean {
    if (isShown) isOpen.value = false
    else if (query.text.peek()) query.dismiss()
    else return false
    active.value = null
    return true
  }

  /** Takes the chosen suggestion, and in a value the first one; else the focus moves on as ever. */
  function tab(event: KeyboardEvent): boolean {
    const list = query.suggestions.peek()
    const chosen = list[active.peek() ?? 0]
    if (event.shiftKey || !isShown || !chosen) return false
    const isMeant =
      active.peek() !== null ||
      (chosen.kind !== 'key' && query.text.peek().slice(0, chosen.start).endsWith(':'))
    if (isMeant) accept(chosen)
    return isMeant
  }

  return (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    const isEmpty = query.text.peek() === ''
    let isDone = true
    if (event.key === 'Enter') enter()
    else if (event.key === 'Escape') isDone = stepBack()
    else if (event.key === 'Tab') isDone = tab(event)
    else if (event.key === 'ArrowDown' && isShown) move(1)
    else if (event.key === 'ArrowUp' && isShown) move(-1)
    else if (event.key === 'ArrowDown' && event.altKey) isOpen.value = true
    else if (event.key === 'ArrowDown') document.getElementById(gridId)?.focus()
    else if (event.key === 'Backspace' && isEmpty) query.editLast()
    else isDone = false
    if (!isDone) return
    event.preventDefault()
    event.stopPropagation()
  }
}
