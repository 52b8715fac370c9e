import type { AuditEvent } from '../../../shared/audit-event.ts'
import { actorLabel } from '../../../shared/audit-event.ts'
import { type MessageKey, t } from '../text/translate.ts'
import { Fact, FactSection } from './Facts.tsx'
import { LaterName } from './LaterName.tsx'
import { withheldOr } from './withheld.tsx'

const types: Record<AuditEvent['actor']['type'], MessageKey> = {
  user: 'actorUser',
  api_key: 'actorKey',
  service: 'actorService',
  system: 'actorSystem',
}

export function ActorFacts({ event }: { event: AuditEvent }) {
  const { actor } = event
  const behalf = actor.onBehalfOf
  return (
    <FactSection title={t(types[actor.type])}>
      <Fact
        name={t('name')}
        value={actor.name}
        shown={withheldOr(event, 'actor.name')}
        part="actor"
        partValue={actor.id}
      />
      <LaterName event={event} />
      <Fact name={t('email')} value={actor.email} shown={withheldOr(event, 'actor.email')} />
      <Fact
        name={t('id')}
        value={actor.id}
        mono
        {...(actor.name === null && { part: 'actor' as const, partValue: actor.id })}
      />
      <Fact
        name={t('onBehalfOf')}
        value={behalf && `${actorLabel(behalf)} (${behalf.id})`}
        shown={withheldOr(event, 'actor.onBehalfOf')}
      />
    </FactSection>
  )
}
