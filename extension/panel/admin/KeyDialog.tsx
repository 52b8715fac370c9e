/** A new API key with its permissions. */
import { useState } from 'preact/hooks'
import type { Permission } from '../../../shared/access.ts'
import { addDays, startOfDay } from '../../../shared/time.ts'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { PermissionChoices } from './PermissionChoices.tsx'

export function KeyDialog({ onClose }: { onClose: () => void }) {
  const { admin, settings } = usePanel()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<Permission[]>(['audit_log.write'])
  const [lastDay, setLastDay] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const submit = async () => {
    const end = lastDay && new Date(startOfDay(addDays(lastDay, 1), settings.zone.value)).toISOString()
    const problem = await admin.createKey({
      name: name.trim(),
      permissions: chosen,
      ...(end && { expiresAt: end }),
    })
    if (problem) setFailure(problem)
    else onClose()
  }
  return (
    <Dialog
      title={t('addKey')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            class="button primary"
            disabled={!name.trim() || chosen.length === 0 || admin.busy.value}
          >
            {t('addKey')}
          </button>
        </>
      }
    >
      <Field
        label={t('name')}
        required
        maxLength={80}
        hint={t('keyNameHint')}
        value={name}
        onValue={setName}
      />
      <PermissionChoices chosen={chosen} onChosen={setChosen} />
      <Field
        label={t('lastDayValid')}
        type="date"
        hint={t('lastDayHint')}
        value={lastDay}
        onValue={setLastDay}
      />
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}
