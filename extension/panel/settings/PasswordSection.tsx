import { useState } from 'preact/hooks'
import { failureOf } from '../../api/failure.ts'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { NewPasswordFields, newPasswordProblem } from '../screens/NewPasswordFields.tsx'
import { t } from '../text/translate.ts'

const blank = { current: '', next: '', again: '' }

export function PasswordSection() {
  const { session, notices } = usePanel()
  const [typed, setTyped] = useState(blank)
  const [tried, setTried] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const submit = async () => {
    setTried(true)
    setFailure(null)
    if (newPasswordProblem(typed)) return
    try {
      await session.changePassword(typed.current, typed.next)
      setTyped(blank)
      setTried(false)
      notices.show(t('passwordChanged'))
    } catch (error) {
      setFailure(failureOf(error))
    }
  }
  return (
    <details class="settings-section">
      <summary>
        <h2>{t('changePassword')}</h2>
      </summary>
      <form
        class="screen-form"
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        <Field
          label={t('currentPassword')}
          type="password"
          autocomplete="current-password"
          required
          value={typed.current}
          onValue={current => setTyped({ ...typed, current })}
        />
        <NewPasswordFields
          value={typed}
          onValue={value => setTyped({ ...typed, ...value })}
          showProblem={tried}
        />
        {failure && <FailureNote failure={failure} />}
        <div class="button-row">
          <button type="submit" class="button">
            {t('changePassword')}
          </button>
        </div>
      </form>
    </details>
  )
}
