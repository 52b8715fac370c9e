import type { AuditEvent } from '../../../shared/audit-event.ts'
import { usePanel } from '../panel-context.ts'
import { fullTime } from '../text/time-words.ts'
import { formatCount, t } from '../text/translate.ts'
import { Fact, FactSection } from './Facts.tsx'

/** The event as a record: where it came from and where it stands in the log. */
export function RecordFacts({ event }: { event: AuditEvent }) {
  const { settings } = usePanel()
  const { hours } = settings.settings.value
  const shownTime = (moment: string) => fullTime(Date.parse(moment), settings.zone.value, hours)
  return (
    <FactSection title={t('record')}>
      <Fact name={t('occurred')} value={event.occurredAt} shown={shownTime(event.occurredAt)} />
      <Fact name={t('received')} value={event.receivedAt} shown={shownTime(event.receivedAt)} />
      <Fact name={t('source')} value={event.source} />
      <Fact name={t('eventId')} value={event.id} mono />
      <Fact name={t('logIndex')} value={String(event.index)} shown={formatCount(event.index)} />
    </FactSection>
  )
}
