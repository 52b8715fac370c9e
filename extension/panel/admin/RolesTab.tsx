import { useState } from 'preact/hooks'
import { permissions } from '../../../shared/access.ts'
import type { ListedRole } from '../../state/admin-model.ts'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, t } from '../text/translate.ts'
import { AdminList } from './AdminList.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { RoleDialog, type RoleDraft } from './RoleDialog.tsx'

const blank: RoleDraft = { id: null, name: '', description: '', permissions: ['audit_log.read'] }

export function RolesTab() {
  const { admin } = usePanel()
  const [draft, setDraft] = useState<RoleDraft | null>(null)
  const [deleting, setDeleting] = useState<ListedRole | null>(null)
  return (
    <>
      <AdminList
        list={admin.roles.value}
        label={t('roles')}
        addLabel={t('addRole')}
        none={t('noRoles')}
        onAdd={() => setDraft(blank)}
      >
        {role => <RoleItem key={role.id} role={role} onDraft={setDraft} onDelete={() => setDeleting(role)} />}
      </AdminList>
      {draft && <RoleDialog draft={draft} onClose={() => setDraft(null)} />}
      {deleting && (
        <ConfirmDialog
          title={t('deleteRole')}
          text={t('deleteRoleText', deleting.name)}
          confirm={t('deleteRole')}
          run={() => admin.deleteRole(deleting.id)}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  )
}

interface RoleItemProps {
  role: ListedRole
  onDraft(draft: RoleDraft): void
  onDelete(): void
}

function RoleItem({ role, onDraft, onDelete }: RoleItemProps) {
  const clone = () => onDraft({ ...role, id: null, name: t('copyOf', role.name) })
  return (
    <li class="admin-item">
      <div class="admin-words">
        <p class="admin-name">
          <SafeText text={role.name} max={80} />
          {role.builtIn && <span class="badge">{t('builtIn')}</span>}
        </p>
        {role.description && (
          <p class="admin-sub">
            <SafeText text={role.description} max={200} />
          </p>
        )}
        <p class="admin-sub">
          {counted('usersCount', role.users)} ·{' '}
          {role.permissions.length === 0
            ? t('noPermissions')
            : role.permissions.map(permission => permissions[permission]).join(' · ')}
        </p>
        <div class="button-row">
          <button type="button" class="button small" onClick={clone} aria-label={t('cloneNamed', role.name)}>
            {t('clone')}
          </button>
          {!role.builtIn && (
            <>
              <button
                type="button"
                class="button small"
                onClick={() => onDraft(role)}
                aria-label={t('editNamed', role.name)}
              >
                {t('edit')}
              </button>
              <button
                type="button"
                class="button small danger"
                onClick={onDelete}
                aria-label={t('deleteNamed', role.name)}
              >
                {t('delete')}
              </button>
            </>
          )}
        </div>
      </div>
    </li>
  )
}
