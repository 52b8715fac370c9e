/** A one-time password or a key: shown now and never again. */
import type { Secret } from '../../state/admin-model.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'

export function SecretDialog({ secret }: { secret: Secret }) {
  const { admin } = usePanel()
  const isPassword = secret.kind === 'password'
  const name = <SafeText text={isPassword ? secret.user.email : secret.key.name} max={120} />
  return (
    <Dialog
      title={isPassword ? t('oneTimePassword') : t('newKey')}
      onClose={admin.forgetSecret}
      foot={
        <button type="button" class="button primary" onClick={admin.forgetSecret}>
          {t('secretKept')}
        </button>
      }
    >
      <p class="breakable">{rich(isPassword ? 'oneTimeText' : 'newKeyText', name)}</p>
      <div class="secret" role="group" aria-label={isPassword ? t('oneTimePassword') : t('newKey')}>
        <code>{secret.secret}</code>
        <CopyButton text={() => secret.secret} label={t('copy')} caption={t('copy')} />
      </div>
    </Dialog>
  )
}
