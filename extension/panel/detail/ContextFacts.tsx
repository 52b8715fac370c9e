import type { AuditEvent } from '../../../shared/audit-event.ts'
import { actionLabel, areaLabel } from '../../../shared/catalogue.ts'
import { channelLabel, outcomeLabel } from '../text/filter-words.ts'
import { t } from '../text/translate.ts'
import { Fact, FactSection } from './Facts.tsx'
import { withheldOr } from './withheld.tsx'

export function ContextFacts({ event }: { event: AuditEvent }) {
  const { context } = event
  return (
    <FactSection title={t('context')}>
      <Fact
        name={t('partAction')}
        value={`${actionLabel(event.action)} (${event.action})`}
        part="action"
        partValue={event.action}
      />
      <Fact name={t('partArea')} value={areaLabel(event.area)} part="area" partValue={event.area} />
      <Fact
        name={t('partOutcome')}
        value={outcomeLabel(event.outcome)}
        part="outcome"
        partValue={event.outcome}
      />
      <Fact
        name={t('partChannel')}
        value={context.channel && channelLabel(context.channel)}
        part="channel"
        partValue={context.channel ?? ''}
      />
      <Fact name={t('partIp')} value={context.ip} shown={withheldOr(event, 'context.ip')} mono part="ip" />
      <Fact name={t('location')} value={context.location} shown={withheldOr(event, 'context.location')} />
      <Fact name={t('userAgent')} value={context.userAgent} shown={withheldOr(event, 'context.userAgent')} />
      <Fact name={t('requestId')} value={context.requestId} mono />
      <Fact name={t('sessionId')} value={context.sessionId} mono />
    </FactSection>
  )
}
