/** Days to keep events, or for ever. What would remove more than before asks first. */
import { useState } from 'preact/hooks'
import type { Retention } from '../../../shared/api.ts'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { Segments } from '../controls/Segments.tsx'
import { usePanel } from '../panel-context.ts'
import { counted, t } from '../text/translate.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'

const suggestedDays = '365'

/** To be keyed by the days in force: a change begins it anew. */
export function RetentionForm({ setting }: { setting: Retention }) {
  const { retention } = usePanel()
  const [kind, setKind] = useState<'ever' | 'days'>(setting.days === null ? 'ever' : 'days')
  const [typed, setTyped] = useState(String(setting.days ?? suggestedDays))
  const [isAsking, setAsking] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const days = kind === 'ever' ? null : daysOf(typed)
  const isValid = kind === 'ever' || days !== null
  const save = async () => {
    if (days !== null && (setting.days === null || days < setting.days)) setAsking(true)
    else setFailure(await retention.change(days))
  }
  return (
    <form
      class="retention-form"
      onSubmit={event => {
        event.preventDefault()
        if (isValid) void save()
      }}
    >
      <Segments<'ever' | 'days'>
        label={t('keepEvents')}
        value={kind}
        options={[
          ['ever', t('keepForEver')],
          ['days', t('keepForDays')],
        ]}
        onValue={setKind}
      />
      {kind === 'days' && (
        <Field
          label={t('retentionDays')}
          value={typed}
          onValue={setTyped}
          inputMode="numeric"
          maxLength={5}
          problem={isValid ? null : t('retentionDaysProblem')}
        />
      )}
      <p class="hint">{kind === 'ever' ? t('keepForEverMeans') : t('retentionMeans')}</p>
      {failure && <FailureNote failure={failure} />}
      <div class="button-row">
        <button
          type="submit"
          class="button primary"
          disabled={!isValid || days === setting.days || retention.busy.value}
        >
          {t('save')}
        </button>
      </div>
      {isAsking && days !== null && (
        <ConfirmDialog
          title={t('shortenRetention')}
          text={counted('shortenRetentionText', days)}
          confirm={t('shortenRetention')}
          run={() => retention.change(days)}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  )
}

/** Null where it is no number of days that the server would take. */
function daysOf(typed: string): number | null {
  const days = /^[1-9]\d{0,4}$/.test(typed.trim()) ? Number(typed) : null
  return days !== null && days <= 36_500 ? days : null
}
