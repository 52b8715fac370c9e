/** The server could not be asked, or is not one that this panel can talk to. */
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { usePanel } from '../panel-context.ts'
import { Logo } from '../shell/Logo.tsx'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { hostOf } from './Connecting.tsx'

export function Unreachable({ server, failure }: { server: string; failure: Failure }) {
  const { session } = usePanel()
  return (
    <div class="screen">
      <Logo size={40} />
      <h1>
        <SafeText text={hostOf(server)} />
      </h1>
      <FailureNote failure={failure} onRetry={() => void session.retry(server)} />
      <button type="button" class="link-button" onClick={session.chooseServer}>
        {t('otherServer')}
      </button>
    </div>
  )
}
