import { useState } from 'preact/hooks'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { Logo } from '../shell/Logo.tsx'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'
import { hostOf } from './Connecting.tsx'

interface SignInProps {
  server: string
  failure: Failure | null
  /** The last session ended by itself. */
  ended: boolean
}

export function SignIn({ server, failure, ended }: SignInProps) {
  const { session, filter } = usePanel()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const busy = session.busy.value
  return (
    <div class="screen">
      <Logo size={40} />
      <h1>{t('signIn')}</h1>
      <p class="screen-lead">{rich('signInTo', <SafeText text={hostOf(server)} />)}</p>
      {ended && (
        <div class="note warn" role="status">
          <Icon name="lock" />
          <div class="note-body">
            <p class="note-title">{t('expiredTitle')}</p>
            {!filter.isEmpty.value && <p>{t('filterKept')}</p>}
          </div>
        </div>
      )}
      <form
        class="screen-form"
        onSubmit={event => {
          event.preventDefault()
          void session.signIn(email.trim(), password)
        }}
      >
        <Field
          label={t('email')}
          type="email"
          autocomplete="username"
          required
          value={email}
          onValue={setEmail}
        />
        <Field
          label={t('password')}
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onValue={setPassword}
        />
        {failure && <FailureNote failure={failure} />}
        <button type="submit" class="button primary wide" disabled={busy}>
          {busy ? <span class="spinner" /> : null}
          {t('signIn')}
        </button>
      </form>
      <button type="button" class="link-button" onClick={session.chooseServer}>
        {t('otherServer')}
      </button>
    </div>
  )
}
