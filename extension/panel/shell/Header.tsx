/** The panel's top line: which workspace, how the connection is, export, and the rest in a menu. */
import type { PanelState } from '../../state/panel-state.ts'
import { findPanelAction } from '../actions/actions.ts'
import { Icon } from '../controls/Icon.tsx'
import { MenuButton, type MenuItem } from '../controls/Menu.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { Shield } from '../trust/Shield.tsx'
import { ViewsButton } from '../views/ViewsButton.tsx'
import { Logo } from './Logo.tsx'
import { SyncIndicator } from './SyncIndicator.tsx'

export function Header() {
  const panel = usePanel()
  const { session, navigation, exporting } = panel
  const me = session.me.value
  const inLog = session.state.value.name === 'open' && navigation.view.value === 'log'
  return (
    <header class="header">
      <Logo />
      {me && (
        <div class="header-title" title={me.workspace.name}>
          <SafeText text={me.workspace.name} />
        </div>
      )}
      {me?.workspace.demo && (
        <span class="badge demo" title={t('demoMeans')}>
          {t('demo')}
        </span>
      )}
      {inLog && <ViewsButton />}
      <div class="header-actions">
        {session.state.value.name === 'open' && <Shield />}
        {session.state.value.name === 'open' && <SyncIndicator />}
        {inLog && (
          <button type="button" class="button small" onClick={exporting.open}>
            <Icon name="export" />
            <span class="export-word">{t('export')}</span>
          </button>
        )}
        {me && <MenuButton label={t('menu')} items={menuItems(panel)} />}
      </div>
    </header>
  )
}

const menu = ['log', 'administration', 'verify', 'palette', 'settings', 'help', 'sign-out'].map(
  findPanelAction,
)

function menuItems(panel: PanelState): MenuItem[] {
  return menu
    .filter(action => action.when(panel))
    .map(({ id, icon, label, keys = [], run }) => ({
      ...{ icon, label: t(label), apart: id === 'sign-out' },
      ...(keys[0] && { shortcut: keys[0] }),
      run: () => void run?.(panel),
    }))
}
