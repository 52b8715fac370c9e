/** What happened in one sentence: "Maria Jensen: Role updated, Support". */
import { type AuditEvent, actorLabel } from '../../../shared/audit-event.ts'
import { actionLabel } from '../../../shared/catalogue.ts'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'

const targetsNamed = 2

export function Sentence({ event }: { event: AuditEvent }) {
  const who = (
    <strong>
      <SafeText text={actorLabel(event.actor)} max={120} />
    </strong>
  )
  const what = <SafeText text={actionLabel(event.action)} max={160} />
  if (event.targets.length === 0) return <>{rich('sentence', who, what)}</>
  return <>{rich('sentenceOn', who, what, <Targets event={event} />)}</>
}

function Targets({ event: { targets } }: { event: AuditEvent }) {
  const named = targets.slice(0, targetsNamed)
  const more = targets.length - named.length
  return (
    <>
      {named.map((target, at) => (
        <>
          {at > 0 && ', '}
          <strong>
            <SafeText text={target.name ?? target.id} max={120} />
          </strong>
        </>
      ))}
      {more > 0 && ` ${t('andMore', more)}`}
    </>
  )
}
