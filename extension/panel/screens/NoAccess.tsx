/** Signed in, but not for the log: which permission is missing, whom to ask, and nothing of the log. */
import { permissions } from '../../../shared/access.ts'
import type { Me } from '../../../shared/api.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'

export function NoAccess({ me }: { me: Me }) {
  const { session, navigation } = usePanel()
  return (
    <div class="screen">
      <Icon name="lock" class="screen-icon" />
      <h1>{t('noAccessTitle')}</h1>
      <p class="screen-lead">
        {rich(
          'noAccessText',
          <strong>{permissions['audit_log.read']}</strong>,
          <strong>
            <SafeText text={me.roles.map(role => role.name).join(', ') || t('noRole')} />
          </strong>,
        )}
      </p>
      <AskWhom names={me.accessManagers} />
      <div class="button-row center">
        <button type="button" class="button" onClick={() => void session.refresh({ always: true })}>
          <Icon name="refresh" />
          {t('checkAgain')}
        </button>
        {session.mayAdminister() && (
          <button type="button" class="button primary" onClick={() => navigation.go('administration')}>
            {t('administration')}
          </button>
        )}
      </div>
      <p class="hint">{rich('signedInAs', <SafeText text={me.email ?? me.name} />)}</p>
    </div>
  )
}

function AskWhom({ names }: { names: string[] }) {
  if (names.length === 0) return <p>{t('askAdministrator')}</p>
  return (
    <div class="ask-whom">
      <p>{t('askOneOf')}</p>
      <ul>
        {names.map(name => (
          <li key={name}>
            <Icon name="user" />
            <SafeText text={name} />
          </li>
        ))}
      </ul>
    </div>
  )
}
