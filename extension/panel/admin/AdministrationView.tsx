/** Who may do what: users, roles, API keys. */
import { useEffect } from 'preact/hooks'
import type { AdminTab } from '../../state/admin-model.ts'
import { usePanel } from '../panel-context.ts'
import { Page } from '../shell/Page.tsx'
import { type MessageKey, t } from '../text/translate.ts'
import { KeysTab } from './KeysTab.tsx'
import { RolesTab } from './RolesTab.tsx'
import { SecretDialog } from './SecretDialog.tsx'
import { UsersTab } from './UsersTab.tsx'

const tabs: readonly (readonly [AdminTab, MessageKey])[] = [
  ['users', 'users'],
  ['roles', 'roles'],
  ['keys', 'apiKeys'],
]

export function AdministrationView() {
  const { admin } = usePanel()
  const current = admin.tab.value
  useEffect(() => void admin.load(), [admin])
  return (
    <Page title={t('administration')}>
      <div class="tabs" role="tablist" aria-label={t('administration')} onKeyDown={moveTab}>
        {tabs.map(([tab, label]) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            class="tab"
            aria-selected={tab === current}
            aria-controls="tab-panel"
            tabIndex={tab === current ? 0 : -1}
            onClick={() => {
              admin.tab.value = tab
            }}
          >
            {t(label)}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {current === 'users' && <UsersTab />}
        {current === 'roles' && <RolesTab />}
        {current === 'keys' && <KeysTab />}
      </div>
      {admin.secret.value && <SecretDialog secret={admin.secret.value} />}
    </Page>
  )
}

function moveTab(event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (by === undefined) return
  const stops = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=tab]')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  const to = stops[(at + by + stops.length) % stops.length]
  to?.focus()
  to?.click()
}
