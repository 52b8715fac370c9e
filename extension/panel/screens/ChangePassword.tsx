/** After a one-time password: choose your own. */
import { useState } from 'preact/hooks'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { usePanel } from '../panel-context.ts'
import { Logo } from '../shell/Logo.tsx'
import { t } from '../text/translate.ts'
import { type NewPassword, NewPasswordFields, newPasswordProblem } from './NewPasswordFields.tsx'

export function ChangePassword({ failure }: { failure: Failure | null }) {
  const { session } = usePanel()
  const [typed, setTyped] = useState<NewPassword>({ next: '', again: '' })
  const [tried, setTried] = useState(false)
  const problem = newPasswordProblem(typed)
  return (
    <div class="screen">
      <Logo size={40} />
      <h1>{t('choosePassword')}</h1>
      <p class="screen-lead">{t('choosePasswordText')}</p>
      <form
        class="screen-form"
        onSubmit={event => {
          event.preventDefault()
          setTried(true)
          if (!problem) void session.replacePassword(typed.next)
        }}
      >
        <NewPasswordFields value={typed} onValue={setTyped} showProblem={tried} />
        {failure && <FailureNote failure={failure} />}
        <button type="submit" class="button primary wide" disabled={session.busy.value}>
          {t('setPassword')}
        </button>
      </form>
      <button type="button" class="link-button" onClick={() => void session.signOut()}>
        {t('signOut')}
      </button>
    </div>
  )
}
