/** Who may do what, where the log is fed from, how long it is kept: each tab for those who may manage it. */
import { useEffect } from 'preact/hooks'
import type { Permission } from '../../../shared/access.ts'
import type { AdminTab } from '../../state/admin-model.ts'
import { usePanel } from '../panel-context.ts'
import { Page } from '../shell/Page.tsx'
import { type MessageKey, t } from '../text/translate.ts'
import { KeysTab } from './KeysTab.tsx'
import { RetentionTab } from './RetentionTab.tsx'
import { RolesTab } from './RolesTab.tsx'
import { SecretDialog } from './SecretDialog.tsx'
import { SourcesTab } from './SourcesTab.tsx'
import { UsersTab } from './UsersTab.tsx'

const tabs: readonly (readonly [AdminTab, MessageKey, Permission])[] = [
  ['users', 'users', 'access.manage'],
  ['roles', 'roles', 'access.manage'],
  ['keys', 'apiKeys', 'access.manage'],
  ['sources', 'sources', 'settings.manage'],
  ['retention', 'retention', 'settings.manage'],
]

export function AdministrationView() {
  const { admin, sources, session } = usePanel()
  const allowed = tabs.filter(([, , permission]) => session.may(permission))
  const current = allowed.find(([tab]) => tab === admin.tab.value)?.[0] ?? allowed[0]?.[0]
  useEffect(() => {
    if (session.may('access.manage')) void admin.load()
    if (session.may('settings.manage')) void sources.load()
  }, [admin, sources, session])
  return (
    <Page title={t('administration')}>
      <div class="tabs" role="tablist" aria-label={t('administration')} onKeyDown={moveTab}>
        {allowed.map(([tab, label]) => (
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
        {current === 'sources' && <SourcesTab />}
        {current === 'retention' && <RetentionTab />}
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
