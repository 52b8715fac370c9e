import { useState } from 'preact/hooks'
import { permissions } from '../../../shared/access.ts'
import type { ApiKey } from '../../../shared/api.ts'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { t } from '../text/translate.ts'
import { AdminList } from './AdminList.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { KeyDialog } from './KeyDialog.tsx'

export function KeysTab() {
  const { admin } = usePanel()
  const [isAdding, setAdding] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <>
      <AdminList
        list={admin.keys.value}
        label={t('apiKeys')}
        addLabel={t('addKey')}
        none={t('noKeys')}
        onAdd={() => setAdding(true)}
      >
        {key => <KeyItem key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />}
      </AdminList>
      {isAdding && <KeyDialog onClose={() => setAdding(false)} />}
      {revoking && (
        <ConfirmDialog
          title={t('revokeKey')}
          text={t('revokeKeyText', revoking.name)}
          confirm={t('revokeKey')}
          run={() => admin.revokeKey(revoking.id)}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  )
}

function KeyItem({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { settings } = usePanel()
  const time = (moment: string) =>
    shortTime(Date.parse(moment), settings.zone.value, settings.settings.value.hours)
  const { name, start, lastUsedAt, expiresAt } = apiKey
  return (
    <li class="admin-item">
      <div class="admin-words">
        <p class="admin-name">
          <SafeText text={name} max={80} />
          <code>{start}…</code>
        </p>
        <p class="admin-sub">{apiKey.permissions.map(permission => permissions[permission]).join(' · ')}</p>
        <p class="admin-sub">
          {lastUsedAt ? t('lastUsed', time(lastUsedAt)) : t('neverUsed')} ·{' '}
          {expiresAt ? t('expiresAt', time(expiresAt)) : t('neverExpires')}
        </p>
      </div>
      <button
        type="button"
        class="button small danger"
        onClick={onRevoke}
        aria-label={t('revokeNamed', name)}
      >
        {t('revoke')}
      </button>
    </li>
  )
}
