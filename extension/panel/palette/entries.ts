/** What the palette offers for what is typed in it: actions, a link or a query to follow, the text to search for. */
import { isDay } from '../../../shared/query/dates.ts'
import { parseViewLink } from '../../../shared/view-link.ts'
import type { PanelState } from '../../state/panel-state.ts'
import { isInLog } from '../actions/action.ts'
import { panelActions } from '../actions/actions.ts'
import type { IconName } from '../controls/Icon.tsx'
import { focusQueryBar } from '../query/query-box.ts'
import { t } from '../text/translate.ts'
import { fuzzyScore } from './fuzzy.ts'
import { openLink } from './open-link.ts'

export interface PaletteEntry {
  id: string
  icon: IconName
  label: string
  keys?: readonly string[]
  run(): void
}

export function entriesFor(typed: string, panel: PanelState): PaletteEntry[] {
  const text = typed.trim()
  if (parseViewLink(text)) {
    return [{ id: 'link', icon: 'link', label: t('openLink'), run: () => openLink(text, panel) }]
  }
  const actions = panelActions
    .filter(action => action.run && !action.keysOnly && action.id !== 'palette' && action.when(panel))
    .map(action => ({ action, label: t(action.label) }))
    .map(({ action, label }) => ({ action, label, score: fuzzyScore(label, text) }))
    .filter(({ score }) => score !== null)
  // Without a text in their own order; with one the best first.
  if (text) actions.sort((a, b) => b.score! - a.score!)
  const found = actions.map(({ action: { id, icon, keys, run }, label }) => ({
    ...{ id, icon, label, ...(keys && { keys }) },
    run: () => void run!(panel),
  }))
  return text && isInLog(panel) ? [...found, queryEntry(text, panel)].sort(queriesFirst(text)) : found
}

/** What is plainly a query is meant as one. */
function queriesFirst(text: string) {
  const isQuery = isDay(text) || /^-?[a-z]+:\S/i.test(text)
  return (a: PaletteEntry, b: PaletteEntry) =>
    isQuery ? Number(b.id === 'query') - Number(a.id === 'query') : 0
}

function queryEntry(text: string, { query }: PanelState): PaletteEntry {
  const asked = isDay(text) ? `on:${text}` : text
  return {
    ...{ id: 'query', icon: 'search', label: t('searchFor', asked) },
    run: () => {
      query.type(asked)
      // What is wrong in it is shown where it can be righted.
      if (!query.commit()) focusQueryBar()
    },
  }
}
