/** Opens a pasted link to a view, or says why not. */
import type { PanelState } from '../../state/panel-state.ts'
import { t } from '../text/translate.ts'

export function openLink(text: string, { links, filter, notices }: PanelState): void {
  const before = filter.written()
  const opened = links.open(text)
  if (opened.name === 'opened') {
    notices.show(t('linkOpened'), { action: { label: t('undo'), run: () => filter.restore(before) } })
  } else if (opened.name === 'foreign') notices.show(t('linkForeign', opened.origin), { tone: 'problem' })
  else notices.show(t('linkBroken'), { tone: 'problem' })
}
