/** The text field of the query bar, for whoever sends the focus there. */

export const queryBoxId = 'search'

/** With `select`, typing replaces what stands there; else it goes on at the end. Answers whether there is a query bar. */
export function focusQueryBar({ select = false } = {}): boolean {
  const box = document.getElementById(queryBoxId)
  if (!(box instanceof HTMLInputElement)) return false
  box.focus()
  if (select) box.select()
  else box.setSelectionRange(box.value.length, box.value.length)
  return true
}
