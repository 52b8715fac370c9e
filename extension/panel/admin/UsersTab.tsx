import { useState } from 'preact/hooks'
import type { User } from '../../../shared/api.ts'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { t } from '../text/translate.ts'
import { AdminList } from './AdminList.tsx'
import { UserDialog } from './UserDialog.tsx'

export function UsersTab() {
  const { admin } = usePanel()
  const [editing, setEditing] = useState<User | 'new' | null>(null)
  return (
    <>
      <AdminList
        list={admin.users.value}
        label={t('users')}
        addLabel={t('addUser')}
        none={t('noUsers')}
        onAdd={() => setEditing('new')}
      >
        {user => <UserItem key={user.id} user={user} onEdit={() => setEditing(user)} />}
      </AdminList>
      {editing && <UserDialog user={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  )
}

function UserItem({ user, onEdit }: { user: User; onEdit: () => void }) {
  const { admin, settings } = usePanel()
  const roles = admin.roles.value.items ?? []
  const last = user.lastSignInAt
  return (
    <li class="admin-item">
      <div class="admin-words">
        <p class="admin-name">
          <SafeText text={user.name} max={120} />
          {user.disabled && <span class="badge">{t('disabled')}</span>}
        </p>
        <p class="admin-sub">
          <SafeText text={user.email} max={120} />
        </p>
        <p class="admin-sub">
          <SafeText text={user.roles.map(id => roles.find(role => role.id === id)?.name ?? id).join(', ')} />
          {' · '}
          {last
            ? t('lastSignIn', shortTime(Date.parse(last), settings.zone.value, settings.settings.value.hours))
            : t('neverSignedIn')}
        </p>
      </div>
      <button type="button" class="button small" onClick={onEdit} aria-label={t('editNamed', user.name)}>
        {t('edit')}
      </button>
    </li>
  )
}
