/** The server was caught: across the whole panel, read out at once, and there until it is over. */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Evidence } from '../../cache/witness-record.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { counted, t } from '../text/translate.ts'
import { AcceptDialog } from './AcceptDialog.tsx'
import { alarmWords } from './alarm-words.ts'

export function Alarm({ alarm }: { alarm: Evidence }) {
  const { trust } = usePanel()
  const box = useRef<HTMLElement>(null)
  const [titleId, textId] = [useId(), useId()]
  // Once for each kind of alarm: the same one found again must not take the focus away from what is being read.
  useEffect(() => box.current?.focus(), [alarm.code])
  const { title, meaning } = alarmWords(alarm.code)
  const failure = trust.failure.value
  return (
    <section
      ref={box}
      class="alarm"
      role="alertdialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      tabIndex={-1}
    >
      <Icon name="distrusted" />
      <div class="alarm-body">
        <h2 id={titleId}>{title}</h2>
        <div id={textId}>
          <p>{meaning}</p>
          <LastGood alarm={alarm} />
          <p>{t(alarm.code === 'stale' ? 'alarmStaleDo' : 'alarmDo')}</p>
        </div>
        <p class="alarm-detail">
          <SafeText text={alarm.detail} />
        </p>
        {failure && <p class="problem">{failureWords(failure).title}</p>}
        <AlarmActions alarm={alarm} />
      </div>
    </section>
  )
}

function LastGood({ alarm }: { alarm: Evidence }) {
  const { settings } = usePanel()
  const { believed } = alarm
  if (!believed) return <p>{t('alarmNothingBelieved')}</p>
  const { zone } = settings
  const time = shortTime(Date.parse(believed.signedAt), zone.value, settings.settings.value.hours)
  return <p>{counted('alarmLastGood', believed.size, time)}</p>
}

function AlarmActions({ alarm }: { alarm: Evidence }) {
  const { trust, navigation } = usePanel()
  const [isAccepting, setAccepting] = useState(false)
  const mayAccept = alarm.offered !== null && alarm.pinned.by !== 'policy'
  return (
    <div class="alarm-actions">
      <button type="button" class="button primary" onClick={() => trust.saveEvidence(alarm)}>
        <Icon name="export" />
        {t('saveEvidence')}
      </button>
      <button type="button" class="button" disabled={trust.busy.value} onClick={() => void trust.lookAgain()}>
        {t('lookAgain')}
      </button>
      <button type="button" class="button" onClick={() => navigation.go('trust')}>
        {t('whatWasChecked')}
      </button>
      {mayAccept && (
        <button type="button" class="button danger" onClick={() => setAccepting(true)}>
          {t('acceptNewLog')}
        </button>
      )}
      {isAccepting && alarm.offered && (
        <AcceptDialog offered={alarm.offered} pinned={alarm.pinned} onClose={() => setAccepting(false)} />
      )}
    </div>
  )
}
