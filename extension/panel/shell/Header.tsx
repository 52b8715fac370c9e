/** The panel's top line: which workspace, how the connection is, export, and the rest in a menu. */
import type { PanelState } from '../../state/panel-state.ts'
import { Icon } from '../controls/Icon.tsx'
import { MenuButton, type MenuItem } from '../controls/Menu.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { Shield } from '../trust/Shield.tsx'
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
      <div class="header-actions">
        {session.state.value.name === 'open' && <Shield />}
        {session.state.value.name === 'open' && <SyncIndicator />}
        {inLog && (
          <button type="button" class="button small" onClick={exporting.open}>
            <Icon name="export" />
            {t('export')}
          </button>
        )}
        {me && <MenuButton label={t('menu')} items={menuItems(panel)} />}
      </div>
    </header>
  )
}

function menuItems({ session, navigation, verifying }: PanelState): MenuItem[] {
  const items: MenuItem[] = []
  if (navigation.view.value !== 'log') {
    items.push({ icon: 'shield', label: t('auditLog'), run: () => navigation.go('log') })
  }
  if (session.mayAdminister()) {
    items.push({ icon: 'users', label: t('administration'), run: () => navigation.go('administration') })
  }
  if (session.state.value.name === 'open') {
    items.push({ icon: 'verified', label: t('verifyFile'), run: verifying.open })
  }
  items.push(
    { icon: 'settings', label: t('settings'), run: () => navigation.go('settings') },
    {
      icon: 'help',
      label: t('help'),
      shortcut: '?',
      run: () => {
        navigation.helpIsOpen.value = true
      },
    },
    { icon: 'leave', label: t('signOut'), apart: true, run: () => void session.signOut() },
  )
  return items
}
