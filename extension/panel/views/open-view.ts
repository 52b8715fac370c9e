/** Shows a saved view in the list, or says that it cannot be read. */
import type { SavedView } from '../../../shared/api.ts'
import type { PanelState } from '../../state/panel-state.ts'
import { t } from '../text/translate.ts'

export function openView(view: SavedView, { views, navigation, detail, notices }: PanelState): void {
  if (!views.show(view)) {
    notices.show(t('viewBroken', view.name), { tone: 'problem' })
    return
  }
  detail.close()
  navigation.go('log')
}
