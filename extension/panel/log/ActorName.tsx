/** Who it was. What is no person is marked as what it is. */
import type { ActorType } from '../../../shared/audit-event.ts'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { SafeText } from '../text/SafeText.tsx'
import { type MessageKey, t } from '../text/translate.ts'

const kinds: Record<Exclude<ActorType, 'user'>, readonly [IconName, MessageKey]> = {
  api_key: ['key', 'actorKey'],
  service: ['service', 'actorService'],
  system: ['system', 'actorSystem'],
}

export function ActorName({ type, label }: { type: ActorType; label: string }) {
  const kind = type === 'user' ? null : kinds[type]
  return (
    <>
      {kind && (
        <>
          <Icon name={kind[0]} class="actor-kind" />
          <span class="visually-hidden">{t(kind[1])} </span>
        </>
      )}
      <span class="clip" title={label.slice(0, 400)}>
        <SafeText text={label} max={160} />
      </span>
    </>
  )
}
