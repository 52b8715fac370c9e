/** The parts of an event, in the order a reader asks for them. */
import type { AuditEvent } from '../../../shared/audit-event.ts'
import { OutcomeMark } from '../log/OutcomeMark.tsx'
import { usePanel } from '../panel-context.ts'
import { fullTime, relativeTime } from '../text/time-words.ts'
import { t } from '../text/translate.ts'
import { ActorFacts } from './ActorFacts.tsx'
import { Changes } from './Changes.tsx'
import { ContextFacts } from './ContextFacts.tsx'
import { FoldedJson } from './FoldedJson.tsx'
import { Metadata } from './Metadata.tsx'
import { ProofFacts } from './ProofFacts.tsx'
import { RecordFacts } from './RecordFacts.tsx'
import { Sentence } from './Sentence.tsx'
import { TargetFacts } from './TargetFacts.tsx'
import { WithheldNote } from './withheld.tsx'

export function EventDetail({ event }: { event: AuditEvent }) {
  return (
    <article class={`event-detail ${event.outcome}`}>
      <div class="detail-head">
        <h2 class="sentence">
          <Sentence event={event} />
        </h2>
        <p class="detail-when">
          {event.outcome !== 'success' && <OutcomeMark outcome={event.outcome} />}
          <When moment={event.occurredAt} />
        </p>
      </div>
      <WithheldNote event={event} />
      <Changes event={event} />
      <ActorFacts event={event} />
      <TargetFacts event={event} />
      <ContextFacts event={event} />
      <Metadata event={event} />
      <RecordFacts event={event} />
      <ProofFacts key={event.index} index={event.index} />
      <FoldedJson title={t('rawJson')} value={event} />
    </article>
  )
}

function When({ moment }: { moment: string }) {
  const { settings, clock } = usePanel()
  const ms = Date.parse(moment)
  return (
    <span>
      <time dateTime={moment}>{fullTime(ms, settings.zone.value, settings.settings.value.hours)}</time>
      <span class="detail-ago"> · {relativeTime(ms, clock.now.value)}</span>
    </span>
  )
}
