import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'

export function ServerSection() {
  const { session } = usePanel()
  const me = session.me.value
  return (
    <section class="settings-section">
      <h2>{t('server')}</h2>
      <p class="breakable">
        <SafeText text={session.server.value ?? ''} />
      </p>
      {me && (
        <p class="hint">
          {rich('signedInAs', <SafeText text={me.email ?? me.name} />)} ·{' '}
          {t('serverVersion', me.serverVersion)}
        </p>
      )}
      <p class="hint">{t('forgetHint')}</p>
      <div class="button-row">
        <button type="button" class="button" onClick={() => void session.signOut()}>
          {t('signOut')}
        </button>
        <button type="button" class="button danger" onClick={() => void session.forgetServer()}>
          {t('forgetServer')}
        </button>
      </div>
    </section>
  )
}
