/** A new legal hold: its name, its reason, and what it covers. */
import { useState } from 'preact/hooks'
import type { HoldScope } from '../../../shared/api.ts'
import { addDays, startOfDay } from '../../../shared/time.ts'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

export function HoldDialog({ onClose }: { onClose: () => void }) {
  const { retention, settings } = usePanel()
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const [actor, setActor] = useState('')
  const [target, setTarget] = useState('')
  const [firstDay, setFirstDay] = useState('')
  const [lastDay, setLastDay] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const startOf = (day: string) => new Date(startOfDay(day, settings.zone.value)).toISOString()
  const scope: HoldScope = {
    ...(actor.trim() && { actor: actor.trim() }),
    ...(target.trim() && { target: target.trim() }),
    ...(firstDay && { from: startOf(firstDay) }),
    ...(lastDay && { to: startOf(addDays(lastDay, 1)) }),
  }
  const isBackwards = firstDay !== '' && lastDay !== '' && lastDay < firstDay
  const isReady = name.trim() !== '' && reason.trim() !== '' && !isBackwards
  const submit = async () => {
    if (!isReady) return
    const problem = await retention.place({ name: name.trim(), reason: reason.trim(), scope })
    if (problem) setFailure(problem)
    else onClose()
  }
  return (
    <Dialog
      title={t('addHold')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class="button primary" disabled={!isReady || retention.busy.value}>
            {t('addHold')}
          </button>
        </>
      }
    >
      <Field label={t('name')} required maxLength={120} value={name} onValue={setName} />
      <Field label={t('holdReason')} required maxLength={1000} value={reason} onValue={setReason} />
      <fieldset>
        <legend class="field-label">{t('holdCovers')}</legend>
        <p class="hint">{Object.keys(scope).length === 0 ? t('holdCoversAll') : t('holdCoversSome')}</p>
        <Field label={t('holdActor')} maxLength={256} value={actor} onValue={setActor} />
        <Field label={t('holdTarget')} maxLength={256} value={target} onValue={setTarget} />
        <Field label={t('holdFirstDay')} type="date" value={firstDay} onValue={setFirstDay} />
        <Field
          label={t('holdLastDay')}
          type="date"
          value={lastDay}
          onValue={setLastDay}
          problem={isBackwards ? t('holdBackwards') : null}
        />
      </fieldset>
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}
