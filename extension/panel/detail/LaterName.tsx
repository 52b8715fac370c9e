/** The name of a user that the log was told after this event: beside the event, and said to be no part of it. */
import { useEffect, useState } from 'preact/hooks'
import type { AuditEvent } from '../../../shared/audit-event.ts'
import type { LaterName as Found } from '../../state/later-name.ts'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { Fact } from './Facts.tsx'

export function LaterName({ event }: { event: AuditEvent }) {
  const { detail } = usePanel()
  const [found, setFound] = useState<Found | null>(null)
  useEffect(() => {
    let isGone = false
    setFound(null)
    void detail.laterName(event).then(name => {
      if (!isGone) setFound(name)
    })
    return () => {
      isGone = true
    }
  }, [detail, event])
  if (!found) return null
  return (
    <Fact
      name={t('name')}
      value={found.name}
      part="actor"
      partValue={event.actor.id}
      shown={
        <>
          <SafeText text={found.name} max={160} />{' '}
          <span class="hint">
            {t('nameLearntLater')}{' '}
            <button type="button" class="link-button" onClick={() => void detail.open(found.index, null)}>
              {t('entryNumber', String(found.index))}
            </button>
          </span>
        </>
      }
    />
  )
}
