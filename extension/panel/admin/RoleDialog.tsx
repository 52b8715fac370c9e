/** A new role, a clone of one, or a custom role to change. */
import { useState } from 'preact/hooks'
import type { Permission } from '../../../shared/access.ts'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { PermissionChoices } from './PermissionChoices.tsx'

export interface RoleDraft {
  /** Null for a role that does not exist yet. */
  id: string | null
  name: string
  description: string
  permissions: Permission[]
}

export function RoleDialog({ draft, onClose }: { draft: RoleDraft; onClose: () => void }) {
  const { admin } = usePanel()
  const [name, setName] = useState(draft.name)
  const [description, setDescription] = useState(draft.description)
  const [chosen, setChosen] = useState<Permission[]>(draft.permissions)
  const [failure, setFailure] = useState<Failure | null>(null)
  const submit = async () => {
    const problem = await admin.saveRole(draft.id, { name: name.trim(), description, permissions: chosen })
    if (problem) setFailure(problem)
    else onClose()
  }
  const label = draft.id === null ? t('addRole') : t('save')
  return (
    <Dialog
      title={draft.id === null ? t('addRole') : t('editRole')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class="button primary" disabled={!name.trim() || admin.busy.value}>
            {label}
          </button>
        </>
      }
    >
      <Field label={t('name')} required maxLength={80} value={name} onValue={setName} />
      <Field label={t('description')} maxLength={400} value={description} onValue={setDescription} />
      <PermissionChoices chosen={chosen} onChosen={setChosen} />
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}
