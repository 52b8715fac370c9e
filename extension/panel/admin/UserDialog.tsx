/** A new user, or the name, roles and standing of one. */
import { useState } from 'preact/hooks'
import type { User } from '../../../shared/api.ts'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { RoleChoices } from './RoleChoices.tsx'

export function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { admin } = usePanel()
  const [name, setName] = useState(user?.name ?? '')
  const [email, setEmail] = useState(user?.email ?? '')
  const [roles, setRoles] = useState(user?.roles ?? [])
  const [disabled, setDisabled] = useState(user?.disabled ?? false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const isReady = name.trim() !== '' && email.trim() !== '' && roles.length > 0
  const submit = async () => {
    const words = { name: name.trim(), roles }
    const problem = user
      ? await admin.changeUser(user.id, { ...words, disabled })
      : await admin.createUser({ ...words, email: email.trim() })
    if (problem) setFailure(problem)
    else onClose()
  }
  return (
    <Dialog
      title={user ? t('editUser') : t('addUser')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class="button primary" disabled={!isReady || admin.busy.value}>
            {user ? t('save') : t('addUser')}
          </button>
        </>
      }
    >
      <Field label={t('name')} required maxLength={120} value={name} onValue={setName} />
      <Field
        label={t('email')}
        type="email"
        required
        readOnly={user !== null}
        value={email}
        onValue={setEmail}
        {...(user === null && { hint: t('oneTimeHint') })}
      />
      <RoleChoices chosen={roles} onChosen={setRoles} />
      {user && (
        <label class="choice">
          <input
            type="checkbox"
            checked={disabled}
            onChange={event => setDisabled(event.currentTarget.checked)}
          />
          <span>
            {t('userDisabled')}
            <span class="hint block">{t('userDisabledHint')}</span>
          </span>
        </label>
      )}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}
